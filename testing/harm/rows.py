"""The programs: one row each. Every one works without mkl-launch; what differs with it is harm."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from .watch import LIMITS, NO_LIMIT, ONE_CPU, QUOTA_1, QUOTA_1_5

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .watch import Run

SYSTEM = "system"  # programs of Debian, which need no virtual environment


def told(run: Run) -> object:
    """Return the `result` in the line of JSON that a program prints."""
    return run.told.get("result")


def output(run: Run) -> object:
    """Return all standard output of a program."""
    return run.output


def finished(run: Run) -> object:
    """Return the last words of GROMACS, without its times."""
    return re.findall(r"^(?:Writing final coordinates|GROMACS reminds you)", run.errors, re.MULTILINE)


class Row(NamedTuple):
    """A program, its environment, its limits, and what is compared."""

    name: str
    environment: str  # testing/programs/NAME.txt
    command: str  # its words; one that ends in .py or .R is a file of `programs`
    limits: tuple[str, ...] = (NO_LIMIT, QUOTA_1_5)
    environ: Mapping[str, str] = {}
    result: Callable[[Run], object] = told
    prepare: str = ""  # a command that is run before, without limit and launcher
    source: str = ""  # the public report that names its kind of trouble
    at_first: str = ""  # what was worse launched, before the policy heeded such programs
    waiting: int = 0  # threads that compute at their start and only wait then: a launcher's, which imports

    def __str__(self) -> str:
        return self.name


# The plan and a program's own count differ most under a quota of 1.5. Of programs that are alike under the
# other limits, one runs under all.
SHORT = (QUOTA_1_5, ONE_CPU)
CATBOOST = "https://github.com/autogluon/autogluon/issues/4440"
CELLFINDER = "https://github.com/brainglobe/brainglobe-workflows/issues/122"
HDBSCAN = "https://github.com/scikit-learn-contrib/hdbscan/issues/160"
MCLAPPLY = "https://github.com/sangwon-hyun/flowmix/issues/14"
PIXELL = "https://github.com/simonsobs/pixell/issues/236"
QUIMB = "https://github.com/jcmgray/quimb/issues/263"
RAY = "https://github.com/ray-project/ray/pull/30496"
TSFRESH = "https://github.com/blue-yonder/tsfresh/issues/973"
EMCEE = "https://emcee.readthedocs.io/en/stable/tutorials/parallel/"
ACCELERATE = "--num_machines 1 --mixed_precision no --dynamo_backend no --main_process_port 0"
HASH = "-loglevel error -f hash -hash md5 -"

TWICE = "4 threads in 2 processes, instead of 2"
BOUND = "masks of one CPU"

ROWS = (
    # Processes and threads of joblib's, Dask's and Python's own
    Row("joblib, loky, 2", "harm", "python joblib_parallel.py loky 2", LIMITS, at_first=TWICE),
    Row("joblib, loky, -1", "harm", "python joblib_parallel.py loky -1", LIMITS, at_first=TWICE),
    Row("joblib, threading, 2", "harm", "python joblib_parallel.py threading 2"),
    Row("joblib, multiprocessing, 2", "harm", "python joblib_parallel.py multiprocessing 2"),
    Row(
        "GridSearchCV, HistGradientBoosting, -1",
        "harm",
        "python grid_search.py boosting -1",
        (NO_LIMIT, QUOTA_1_5, QUOTA_1),
        at_first="7 busy threads instead of 5",
    ),
    Row("GridSearchCV, RandomForest, 2", "harm", "python grid_search.py forest 2"),
    Row(
        "cross_val_score, Ridge",
        "harm",
        "python cross_validation.py",
        at_first="6 busy threads instead of 5",
    ),
    Row("Dask, LocalCluster", "harm", "python dask_cluster.py cluster", at_first=TWICE),
    Row("Dask, dask worker", "harm", "python dask_cluster.py command", (NO_LIMIT,), at_first=TWICE),
    Row("Pool, fork", "harm", "python numpy_pool.py fork"),
    Row("Pool, spawn", "harm", "python numpy_pool.py spawn", LIMITS),
    Row("Pool, forkserver", "harm", "python numpy_pool.py forkserver"),
    Row("concurrent.futures, threads", "harm", "python executors.py threads", SHORT),
    Row("concurrent.futures, processes", "harm", "python executors.py processes", SHORT),
    Row("subprocesses of NumPy", "harm", "python numpy_subprocesses.py", SHORT),
    Row("xargs -P 2", "harm", "sh -c 'seq 2 | xargs -P 2 -n 1 python numpy_subprocess.py'", (QUOTA_1_5,)),
    Row("a child with OMP_NUM_THREADS=1", "harm", "python child_of_one_thread.py", at_first="2 threads"),
    Row(
        "OMP_NUM_THREADS=1 before import",
        "harm",
        "python one_thread_before_import.py",
        at_first="2 threads",
    ),
    Row(
        "OMP_NUM_THREADS=1 as the program's default",
        "harm",
        "python default_of_one.py",
        at_first="4 threads in 2 processes, instead of 2",
    ),
    Row(
        "OMP_NUM_THREADS read by the program",
        "harm",
        "python own_default.py",
        (NO_LIMIT, QUOTA_1_5, ONE_CPU),
        source=PIXELL,
    ),
    Row("CPUs counted after OpenMP", "harm", "python cpu_counts.py", SHORT),
    # PyTorch
    Row("torch, one process", "harm-torch", "python torch_threads.py", LIMITS),
    Row("DataLoader, fork", "harm-torch", "python torch_loader.py fork"),
    Row("DataLoader, spawn", "harm-torch", "python torch_loader.py spawn", (NO_LIMIT,)),
    Row("DataLoader, forkserver", "harm-torch", "python torch_loader.py forkserver", (QUOTA_1_5,)),
    Row("torch.multiprocessing.spawn", "harm-torch", "python torch_spawn.py"),
    Row("DDP, torchrun", "harm-torch", "torchrun --standalone --nproc-per-node 2 ddp.py"),
    Row(
        "DDP, torchrun in a script",
        "harm-torch",
        "python torchrun_in_script.py",
        (NO_LIMIT,),
        at_first=TWICE,
    ),
    Row(
        "DDP, accelerate launch --cpu",
        "harm-torch",
        f"accelerate launch --cpu --num_processes 2 {ACCELERATE} ddp.py",
        (NO_LIMIT,),
        at_first="3 busy threads instead of 2",
        waiting=1,
    ),
    Row(
        "DDP, accelerate launch, 2 processes",
        "harm-torch",
        f"accelerate launch --multi_gpu --num_processes 2 {ACCELERATE} ddp.py",
        at_first=TWICE,
    ),
    # Libraries with threads of their own
    Row("Optuna, n_jobs=2", "harm", "python optuna_study.py"),
    Row("XGBoost", "frameworks", "python xgboost_model.py 0"),
    Row("XGBoost, n_jobs=2", "frameworks", "python xgboost_model.py 2", (QUOTA_1_5,)),
    Row("LightGBM", "frameworks", "python lightgbm_model.py 0"),
    Row("LightGBM, n_jobs=2", "frameworks", "python lightgbm_model.py 2", (QUOTA_1_5,)),
    Row("statsmodels", "harm", "python statsmodels_fit.py"),
    Row("SciPy", "harm", "python scipy_linear.py"),
    Row("pandas.eval", "harm", "python pandas_eval.py", SHORT),
    Row(
        "NumExpr, set_num_threads(2)",
        "harm",
        "python numexpr_threads.py 2",
        LIMITS,
        at_first="an error message and 1 thread",
    ),
    Row("NumExpr, all detected", "harm", "python numexpr_threads.py detected", SHORT),
    Row("Numba", "harm", "python numba_default.py"),
    Row(
        "Numba, set_num_threads",
        "harm",
        "python numba_threads.py",
        LIMITS,
        source=CELLFINDER,
        at_first="ValueError",
    ),
    Row(
        "pynndescent, n_jobs=2",
        "harm",
        "python neighbours_index.py",
        (QUOTA_1_5,),
        {"NUMBA_OPT": "0"},  # half of the time to compile
        at_first="ValueError",
        source="https://github.com/STOmics/SAW/issues/150",
    ),
    Row("Polars", "frameworks", "python polars_query.py", SHORT),
    Row("PyArrow", "frameworks", "python pyarrow_table.py", SHORT),
    Row("DuckDB", "harm", "python duckdb_query.py", SHORT),
    Row("OpenCV", "harm", "python opencv_filter.py", SHORT),
    Row("faiss", "harm", "python faiss_search.py"),
    Row("spaCy, n_process=2", "harm", "python spacy_pipe.py"),
    Row("gensim, workers=2", "harm", "python gensim_vectors.py", SHORT),
    Row("tokenizers in forks", "frameworks", "python tokenizers_in_forks.py", SHORT),
    Row("ONNX Runtime", "frameworks", "python onnx_session.py"),
    # Intel's MKL and OpenMP, as in conda
    Row("MKL, fork", "mkl", "python mkl_pool.py fork", at_first=BOUND),
    Row("MKL, spawn", "mkl", "python mkl_pool.py spawn", LIMITS, at_first=BOUND),
    Row("MKL, forkserver", "mkl", "python mkl_pool.py forkserver", (NO_LIMIT,), at_first=BOUND),
    Row("MKL, threads beside it", "mkl", "python mkl_threads.py", at_first=BOUND),
    # Without Python
    Row(
        "GROMACS, -ntomp 1",
        SYSTEM,
        "gmx mdrun -ntomp 1 -ntmpi 1 -s topol.tpr",
        result=finished,
        prepare="sh water.sh",
        at_first="fatal error",
    ),
    Row(
        "GROMACS, -nt 1 -ntmpi 1",
        SYSTEM,
        "gmx mdrun -nt 1 -ntmpi 1 -s topol.tpr",
        result=finished,
        prepare="sh water.sh",
        source="https://github.com/dptech-corp/Uni-GBSA/issues/62",
        at_first="fatal error",
    ),
    Row(
        "GROMACS",
        SYSTEM,
        "gmx mdrun -s topol.tpr",
        SHORT,
        result=finished,
        prepare="sh water.sh",
        at_first="fatal error",
    ),
    Row("R, mclapply", SYSTEM, "Rscript matrices.R", source=MCLAPPLY),
    Row(
        "ffmpeg",
        SYSTEM,
        f"ffmpeg -f lavfi -i testsrc2=size=640x360:duration=8 -vf gblur=8,scale=1280:720 {HASH}",
        SHORT,
        result=output,
    ),
    # From public reports
    Row("emcee, Pool", "harm", "python emcee_pool.py", source=EMCEE, at_first=TWICE),
    Row(
        "implicit, num_threads=2",
        "harm",
        "python implicit_factors.py",
        source="https://github.com/benfred/implicit/issues/169",
    ),
    Row("hdbscan", "harm", "python hdbscan_clusters.py", source=HDBSCAN),
    Row("CatBoost, thread_count=2", "harm", "python catboost_model.py", SHORT, source=CATBOOST),
    Row("tsfresh, n_jobs=2", "harm", "python tsfresh_features.py", source=TSFRESH),
    Row(
        "NUMBA_NUM_THREADS set by the program",
        "harm",
        "python numba_own_number.py",
        (QUOTA_1_5,),
        source=QUIMB,
    ),
    Row("Ray in a script", "workers", "python ray_tasks.py", (NO_LIMIT,), source=RAY, at_first=TWICE),
    Row(
        "ImageMagick",
        SYSTEM,
        "convert -size 900x900 gradient:red-blue -swirl 90 -blur 0x12 -format %# info:",
        SHORT,
        result=output,
        source="https://github.com/ImageMagick/ImageMagick/issues/6408",
    ),
)
