"""What tests/programs/test_jobs_started.py proves: program, origin, commands."""

from __future__ import annotations

ROWS = (
    ("DeepSpeed", "harm-torch/deepspeed", ("deepspeed",)),
    ("Colossal-AI", "harm-torch/colossalai", ("colossalai run",)),
    ("PaddlePaddle's fleetrun", "paddle/paddlepaddle", ("fleetrun",)),
    ("MindSpore's msrun", "mindspore/mindspore", ("msrun",)),
    ("Intel's ipexrun", "ipexrun/intel-extension-for-pytorch", ("ipexrun",)),
    ("ms-swift", "harm-torch/ms-swift", ("swift sft",)),
    ("LLaMA-Factory", "harm-torch/llamafactory", ("llamafactory-cli train",)),
    ("torchtune", "harm-torch/torchtune", ("tune run",)),
    (
        "TRL",
        "harm-torch/trl",
        ("trl sft", "trl dpo", "trl grpo", "trl kto", "trl reward", "trl rloo", "trl distillation"),
    ),
    ("Axolotl", "harm-torch/axolotl", ("axolotl train", "axolotl evaluate", "axolotl inference")),
    ("TorchX", "harm-torch/torchx", ("torchx dist.ddp", "torchx dist.spmd")),
    ("Airflow's worker", "jobs/apache-airflow", ("airflow celery worker",)),
    ("Airflow 1", "airflow-1/apache-airflow", ("airflow worker",)),
    ("mod_wsgi", "apache/mod_wsgi", ("mod_wsgi-express start-server",)),
    ("mod_wsgi in Django", "apache/mod_wsgi", ("manage.py runmodwsgi",)),
    ("uWSGI's emperor", "workers/pyuwsgi", ("uwsgi",)),
)
