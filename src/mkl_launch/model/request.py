"""The options of a launch, from the command line and variables."""

from __future__ import annotations

from mkl_launch.core.record import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mkl_launch.model.instances import Instances
    from mkl_launch.model.slots import Held, Slots
    from mkl_launch.model.tune_options import TuneOptions
    from mkl_launch.model.tuned_profile import TunedProfile


class Cpus(Record):
    """The value of --cpus: an amount, such as 2.5, or a list of CPUs."""

    amount: float | None = None
    mask: frozenset[int] | None = None


class Request(Record):
    """The options of a launch, checked."""

    command: tuple[str, ...] = ()
    profile: str = "auto"
    cpus: Cpus | None = None
    workers: int | None = None
    basis: str = "auto"
    allocator: str = "default"
    openmp: str = "default"
    instances: Instances | None = None  # None: exec the command
    cores_per_instance: int | None = None
    per: str = "node"  # what instances do not cross if they fit: a NUMA node, or an L3 cache ("l3")
    latency: bool = False
    on_failure: str = "stop"
    grace: float = 10.0  # seconds
    log_dir: str = ""
    prefix: bool = False
    is_instance: bool = False  # the supervisor started this launch, as an instance
    bind: str = "auto"
    slots: Slots | None = None
    held: Held | None = None  # what was taken for `slots`
    log: str = "info"
    strict: bool = False
    report: str | None = None  # one of REPORTS; None: run the command
    explain_all: bool = False  # the long form of --explain
    picture: str = ""  # a file for the picture of the machine; "-": the report itself
    print_env: str = "sh"
    format: str = ""  # of the doctor: "" for a table, else "json" or "openmetrics"
    sample_seconds: float = 2.0  # between the two looks of the doctor
    sysroot: str = ""
    machine: str = ""
    pid: int = 0  # the process to report on; 0: none
    install_shims: str = ""
    tune: TuneOptions | None = None  # find the best settings instead of starting the command
    tuned: str = ""  # the path of a profile, or "off"; empty: the usual place
    trial: TunedProfile | None = None  # the settings that a tuning tries, in place of a profile
    off: bool = False
    cpus_option: str = "--cpus"  # the name for messages: the option or its variable
    cpus_must_fit: bool = False  # --cpus is on the command line, so an error in it is fatal
    given_options: tuple[tuple[str, str], ...] = ()  # (option, text), for an inner launcher
    overridden: tuple[str, ...] = ()  # variables that options override
    warnings: tuple[str, ...] = ()
