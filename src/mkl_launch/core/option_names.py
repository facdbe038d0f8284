"""Names of the launcher's own options and variables."""

from __future__ import annotations

PREFIX = "MKL_LAUNCH_"
SWITCH = "MKL_LAUNCH"
OFF, ON = ("off", "0", "false", "no"), ("on", "1", "true", "yes")
APPLIED = "MKL_LAUNCH_APPLIED"  # note of a launcher to an inner launcher, see `policy.launch_note`
# A pod's spec sets these by the Downward API of Kubernetes.
CPU_LIMIT, CPU_REQUEST = "MKL_LAUNCH_CPU_LIMIT", "MKL_LAUNCH_CPU_REQUEST"
WORKERS = f"{PREFIX}WORKERS"  # in messages
PYTHON_SWITCH = "MKL_LAUNCH_PYTHON"  # read by mkl_launch_hook in the Python of the command
NON_OPTION_VARIABLES = (
    APPLIED,
    CPU_LIMIT,
    CPU_REQUEST,
    "MKL_LAUNCH_INSTANCE",
    "MKL_LAUNCH_INSTANCES",
    PYTHON_SWITCH,
)
AUTO = "auto"
NODE, L3 = "node", "l3"  # values of --per
EXPLAIN, JSON, PRINT_ENV = "explain", "json", "print-env"
CHECK = "check"
DOCTOR, OPENMETRICS = "doctor", "openmetrics"
ALL, SHORT = "all", "short"  # forms of --explain
PICTURE, SVG, TERMINAL = "picture", ".svg", "-"  # its option, the end of a file's name, no file
PID = "pid"
ALLOCATOR, OPENMP = "allocator", "openmp"
DEFAULT = "default"  # value of these two: the program's own
HELP, VERSION = "help", "version"
RECORD_IMAGE_ENV, PREPARE, INSTALL_SHIMS = "record-image-env", "prepare", "install-shims"
IMAGE_STEPS = (RECORD_IMAGE_ENV, PREPARE, INSTALL_SHIMS)
TUNE = "tune"
PROFILES = "/etc/mkl-launch/profiles"  # where a start looks for NAME.json
REPORTS = (HELP, VERSION, DOCTOR, EXPLAIN, JSON, PRINT_ENV, CHECK, RECORD_IMAGE_ENV, PREPARE, INSTALL_SHIMS)
PRINT_FORMATS = ("sh", "docker", "kubernetes", "ecs", "systemd", "github")
LINE_FORMATS = ("docker", "systemd", "github")  # a line for each variable
