"""Real launchers of training, a worker of Airflow, Apache and uWSGI's emperor: each process has its share.

As in `test_started.py`, every process that computes writes down how many threads its own OpenBLAS has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from testing.environments import environment
from testing.reporting import WORK, Case, check_shares

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("limits_can_be_set")

WSGI = "[uwsgi]\nsocket = {0}.sock\nmaster = true\nlazy-apps = true\nmodule = work:wsgi\n"
FILES = {
    "work.py": WORK,
    "rank.py": "import time, work\n\ntime.sleep(600)\n",
    # Of the launchers of training that bring their own script, a process that is a rank runs this one.
    "sitecustomize.py": "import os\n\n"
    'if {"LOCAL_RANK", "OWN_SCRIPT"} <= set(os.environ):\n    import rank\n'
    # Modules that a launcher imports and does not use, or that import packages which are not there.
    'for name in filter(None, os.environ.get("ABSENT", "").split(",")):\n    import sys\n'
    "    from unittest.mock import MagicMock\n\n    sys.modules[name] = MagicMock()\n"
    # The packages are there without what they import themselves, so that a launcher in them starts.
    'for name in os.environ.get("BARE", "").split(","):\n    import importlib.util, sys\n\n'
    "    spec = name and importlib.util.find_spec(name)\n    if spec:\n        spec.loader = None\n"
    "        sys.modules[name] = importlib.util.module_from_spec(spec)\n",
    # Airflow imports this in each of its processes.
    "airflow_local_settings.py": "import work\n",
    "airflow/airflow.cfg": "[core]\nexecutor = CeleryExecutor\nload_examples = False\n"
    '[celery]\nbroker_url_cmd = sh -c "echo redis+socket://$HOME/redis"\n'
    'result_backend_cmd = sh -c "echo db+sqlite:///$HOME/results"\n',
    "vassals/one.ini": WSGI.format("one") + "processes = 2\n",
    "single/one.ini": WSGI.format("one"),
    "pair/one.ini": WSGI.format("one"),
    "pair/two.ini": WSGI.format("two"),
    "site_settings.py": "SECRET_KEY = 'x'\nROOT_URLCONF = 'site_settings'\nurlpatterns = []\n"
    "INSTALLED_APPS = ['mod_wsgi.express']\nWSGI_APPLICATION = 'work.wsgi'\n",
    "manage.py": "from django.core.management import execute_from_command_line\n\n"
    "execute_from_command_line()\n",
    "x.yaml": "base_model: x\n",
    "sft.yaml": "output_dir: out\nbf16: false\nnum_processes: 2\n",
    "emperor.ini": "[uwsgi]\nemperor = single\nvassals-include = PLACE/more.ini\n",
    "more.ini": "[uwsgi]\nworkers = 2\n",
}
# The instances of uWSGI are started by this file, because the binary of pyuwsgi is Python's own.
EMPEROR = "pyuwsgi --emperor-wrapper BIN/pyuwsgi"
# Apache does not serve as root, and another user cannot read the Python of root.
AS_USER = (
    "setpriv --reuid 33 --regid 33 --clear-groups --inh-caps +dac_override --ambient-caps +dac_override"
)
SERVER = "--port PORT --server-root PLACE/apache --locale C"
APACHE = f"{AS_USER} mod_wsgi-express start-server work.py --callable-object wsgi {SERVER}"
DJANGO = f"{AS_USER} python manage.py runmodwsgi {SERVER}"
# Airflow 1 refuses SQLite to the scheduler of Celery's workers, and Celery 4 refuses pickle to root.
ONE = "AIRFLOW__CORE__EXECUTOR=SequentialExecutor C_FORCE_ROOT=1"
# Its packages import PyTorch 2.8, whose build for CPUs is not on PyPI; the launcher needs none.
IPEX = "BARE={0},{0}.cpu,{0}.xpu".format("intel_extension_for_pytorch")
# The subcommands of torchtune that download a model and check a recipe.
TUNE = "BARE=torchtune ABSENT=torchtune._cli.download,torchtune._cli.validate"
AXOLOTL = (
    "OWN_SCRIPT=1 BARE=axolotl.cli"
    " ABSENT=axolotl.cli.art,axolotl.utils,axolotl.utils.logging,axolotl.utils.dict,dotenv"
)
# Its default is bfloat16, which it refuses without a GPU.
TRL = "trl {} --multi_gpu --main_process_port PORT --num_processes 2 --bf16 False --output_dir PLACE/out"
TORCHX = "torchx run -s local_cwd"
SITE = "DJANGO_SETTINGS_MODULE=site_settings"

TWO_PROCESSES = {
    "deepspeed": Case("deepspeed --no_ssh_check --master_port PORT --num_gpus 2 rank.py", 0, "harm-torch"),
    "fleetrun": Case("fleetrun --log_dir PLACE/ranks --nproc_per_node 2 rank.py", 0, "paddle"),
    "fleetrun, a variable": Case(
        "fleetrun --log_dir PLACE/ranks rank.py", 0, "paddle", "PADDLE_NPROC_PER_NODE=2"
    ),
    "msrun": Case(
        "msrun --worker_num 2 --local_worker_num 2 --master_port PORT --log_dir PLACE/ranks rank.py",
        1,
        "mindspore",
    ),
    "colossalai": Case("colossalai run --master_port PORT --nproc_per_node 2 rank.py", 0, "harm-torch"),
    "swift": Case(
        "env MASTER_PORT=PORT swift sft --model x", 0, "harm-torch", "OWN_SCRIPT=1 NPROC_PER_NODE=2"
    ),
    "llamafactory-cli": Case(
        "llamafactory-cli train x.yaml", 0, "harm-torch", "OWN_SCRIPT=1 FORCE_TORCHRUN=1 NPROC_PER_NODE=2"
    ),
    "tune": Case("tune run --nproc_per_node 2 rank.py --config x.yaml", 0, "harm-torch", TUNE),
    "tune, a variable": Case(
        "tune run --nnodes=1 rank.py --config x.yaml", 0, "harm-torch", f"{TUNE} PET_NPROC_PER_NODE=2"
    ),
    **{
        f"trl {name}": Case(TRL.format(name), 0, "harm-torch", "OWN_SCRIPT=1")
        for name in ("sft", "dpo", "grpo", "kto", "reward", "rloo", "distillation")
    },
    "trl, its settings": Case(
        "trl sft --config sft.yaml --multi_gpu --main_process_port PORT", 0, "harm-torch", "OWN_SCRIPT=1"
    ),
    "torchx": Case(f"{TORCHX} dist.ddp -j 1x2 --script rank.py", 0, "harm-torch"),
    "torchx, two nodes": Case(
        f"{TORCHX} dist.ddp --j=2x1 --rdzv_port PORT --script rank.py", 0, "harm-torch"
    ),
    "torchx, its default": Case(f"{TORCHX} dist.ddp --script rank.py", 0, "harm-torch"),
    "torchx dist.spmd": Case(f"{TORCHX} dist.spmd -j1x2 --script rank.py", 0, "harm-torch"),
    "axolotl": Case(
        "axolotl train x.yaml --launcher torchrun -- --nproc_per_node 2", 0, "harm-torch", AXOLOTL
    ),
    **{
        f"axolotl {name}, accelerate": Case(
            f"axolotl {name} x.yaml -- --multi_gpu --main_process_port PORT --num_processes=2",
            0,
            "harm-torch",
            AXOLOTL,
        )
        for name in ("train", "evaluate", "inference")
    },
    "ipexrun": Case("ipexrun cpu --ninstances 2 rank.py", 0, "ipexrun", IPEX),
    "ipexrun, CPUs of each": Case("ipexrun cpu --ncores-per-instance 1 rank.py", 0, "ipexrun", IPEX),
    "airflow": Case("airflow celery worker --skip-serve-logs -c 2", 2, "jobs"),
    "airflow, a variable": Case(
        "airflow celery worker --skip-serve-logs", 2, "jobs", "AIRFLOW__CELERY__WORKER_CONCURRENCY=2"
    ),
    "airflow 1": Case("airflow worker -s -c 2", 1, "airflow-1", ONE),
    "airflow 1, a variable": Case(
        "airflow worker -s", 1, "airflow-1", f"{ONE} AIRFLOW__CELERY__WORKER_CONCURRENCY=2"
    ),
    "mod_wsgi-express": Case(f"{APACHE} --processes 2", 0, "apache"),
    "runmodwsgi": Case(f"{DJANGO} --processes 2", 0, "apache", SITE),
    "uwsgi, two files": Case(f"{EMPEROR} --emperor pair", 0, "workers"),
    "uwsgi, two workers": Case(f"{EMPEROR} --emperor vassals/*.ini --processes 3", 0, "workers"),
    "uwsgi, an included file": Case(f"{EMPEROR} --ini emperor.ini", 0, "workers"),
}
ONE_PROCESS = {
    "tune": Case("tune run rank.py --config x.yaml", 0, "harm-torch", TUNE),
    "torchx": Case(f"{TORCHX} dist.ddp -j 1x1 --script rank.py", 0, "harm-torch"),
    "torchx dist.spmd": Case(f"{TORCHX} dist.spmd --script rank.py", 0, "harm-torch"),
    "ipexrun": Case("ipexrun cpu rank.py", 0, "ipexrun", IPEX),
    "msrun": Case(
        "msrun --worker_num 1 --local_worker_num 1 --master_port PORT --log_dir PLACE/ranks rank.py",
        1,
        "mindspore",
    ),
    "fleetrun": Case("fleetrun --log_dir PLACE/ranks rank.py", 0, "paddle"),
    "deepspeed": Case("deepspeed --quiet --master_port PORT rank.py", 0, "harm-torch", "LOCAL_SIZE=1"),
    "mod_wsgi-express": Case(APACHE, 0, "apache"),
    "runmodwsgi": Case(DJANGO, 0, "apache", SITE),
    "uwsgi": Case(f"{EMPEROR} --emperor single", 0, "workers"),
}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Return a folder with the programs' own code, to start them in."""
    for name in ("reports", "airflow", "vassals", "single", "pair", "apache"):
        (tmp_path / name).mkdir()
    for name, text in FILES.items():
        (tmp_path / name).write_text(text.replace("PLACE", str(tmp_path)))
    return tmp_path


def _filled(case: Case, place: Path) -> Case:
    folder = environment(case.environment)
    return case._replace(line=case.line.replace("BIN", str(folder / "bin")).replace("PLACE", str(place)))


@pytest.mark.usefixtures("redis")
@pytest.mark.parametrize("name", TWO_PROCESSES)
def test_two_processes_share_two_cpus(name: str, place: Path, launcher: str) -> None:
    case = _filled(TWO_PROCESSES[name], place)
    check_shares(case, place, launcher, 2, 1)


@pytest.mark.parametrize("name", ONE_PROCESS)
def test_one_process_has_two_cpus(name: str, place: Path, launcher: str) -> None:
    case = _filled(ONE_PROCESS[name], place)
    check_shares(case, place, launcher, 1, 2)
