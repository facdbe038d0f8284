"""What tests/programs/test_applications.py proves: program, origin, commands."""

from __future__ import annotations

OPEN_MPI = ("mpiexec", "mpirun.openmpi", "mpiexec.openmpi", "orterun")

ROWS = (
    ("Open MPI's other names", "openmpi-bin 4.1.4 of Debian 12", OPEN_MPI),
    ("MPICH's other names", "mpich 4.0.2 of Debian 12", ("mpiexec.mpich", "mpiexec.hydra")),
    ("Java", "OpenJDK 17", ("java",)),
    ("Accelerate's other command", "harm-torch/accelerate", ("accelerate-launch",)),
    ("PyTorch's run_cpu", "frameworks/torch", ("run_cpu",)),
    ("LiteLLM", "litellm/litellm", ("litellm",)),
    ("MLflow's tracking server", "applications/mlflow-skinny", ("mlflow server", "mlflow ui")),
    ("KServe", "applications/kserve", ("kserve",)),
    ("Streamlit", "applications/streamlit", ("streamlit run",)),
    ("Prefect", "applications/prefect", ("prefect server start", "prefect worker start")),
    ("Bokeh", "applications/bokeh", ("bokeh serve",)),
    ("Panel", "applications/panel", ("panel serve",)),
    ("Litestar", "applications/litestar", ("litestar run",)),
    ("Robyn", "applications/robyn", ("robyn",)),
    ("Google's functions framework", "applications/functions-framework", ("functions-framework",)),
    ("Honcho", "applications/honcho", ("honcho start",)),
    ("Circus", "applications/circus", ("circusd",)),
    ("SAQ", "applications/saq", ("saq",)),
    ("Luigi", "applications/luigi", ("luigi",)),
    ("ipyparallel", "applications/ipyparallel", ("ipcluster start",)),
    ("django-dramatiq", "applications/django-dramatiq", ("manage.py rundramatiq",)),
    ("Django Q2", "applications/django-q2", ("manage.py qcluster",)),
    ("Huey in Django", "applications/huey", ("manage.py run_huey",)),
    ("RQ in Django", "applications/django-rq", ("manage.py rqworker-pool",)),
    ("RQ's old command", "applications/rq", ("rqworker",)),
    ("Taskiq's scheduler", "commands/taskiq", ("taskiq scheduler",)),
)
