"""What tests/programs/test_pipelines.py proves: program, origin, commands."""

from __future__ import annotations

ROWS = (
    ("Kedro", "pipelines/kedro", ("kedro run",)),
    ("Ray Serve", "pipelines/ray", ("serve run",)),
    ("Seldon Core's microservice", "seldon/seldon-core", ("seldon-core-microservice",)),
    ("Feast", "feast/feast", ("feast serve",)),
    ("Spark", "spark/pyspark", ("spark-submit", "pyspark")),
)
