"""The names of our own options and variables."""

from __future__ import annotations

PREFIX = "MKL_LAUNCH_"
SWITCH = "MKL_LAUNCH"
OFF, ON = ("off", "0", "false", "no"), ("on", "1", "true", "yes")
APPLIED = "MKL_LAUNCH_APPLIED"  # the launcher's own note to a launcher further in, see `given`
# Filled by the Downward API of Kubernetes.
CPU_LIMIT, CPU_REQUEST = "MKL_LAUNCH_CPU_LIMIT", "MKL_LAUNCH_CPU_REQUEST"
WORKERS = f"{PREFIX}WORKERS"  # in messages
NON_OPTION_VARIABLES = (
    APPLIED,
    CPU_LIMIT,
    CPU_REQUEST,
    "MKL_LAUNCH_INSTANCE",
    "MKL_LAUNCH_INSTANCES",
    "MKL_LAUNCH_PYTHON",  # of mkl_launch_hook, in the Python that the command runs in
)
AUTO = "auto"
EXPLAIN, JSON, PRINT_ENV = "explain", "json", "print-env"
PID = "pid"
ALLOCATOR, OPENMP = "allocator", "openmp"
DEFAULT = "default"  # of these two: whatever the program itself brings
HELP, VERSION = "help", "version"
RECORD_IMAGE_ENV, PREPARE, INSTALL_SHIMS = "record-image-env", "prepare", "install-shims"
IMAGE_STEPS = (RECORD_IMAGE_ENV, PREPARE, INSTALL_SHIMS)
REPORTS = (HELP, VERSION, EXPLAIN, JSON, PRINT_ENV, RECORD_IMAGE_ENV, PREPARE, INSTALL_SHIMS)
PRINT_FORMATS = ("sh", "docker", "kubernetes", "ecs")
