"""What tests/programs/test_pipelines.py proves: program, origin, commands."""

from __future__ import annotations

ROWS = (
    ("Kedro", "pipelines/kedro", ("kedro run",)),
    ("Ray Serve", "pipelines/ray", ("serve run",)),
    ("Seldon Core's microservice", "seldon/seldon-core", ("seldon-core-microservice",)),
    ("Faust", "faust/faust-streaming", ("faust",)),
    ("Feast", "feast/feast", ("feast serve",)),
    (
        "Spark",
        "spark/pyspark",
        ("spark-submit", "pyspark", "spark-class org.apache.spark.deploy.worker.Worker"),
    ),
    ("Langflow", "langflow/langflow-base", ("langflow run",)),
    ("Open WebUI", "open-webui/open-webui", ("open-webui serve",)),
    ("Docling Serve", "docling/docling-serve", ("docling-serve run",)),
    ("Rasa", "rasa/rasa", ("rasa run",)),
)
