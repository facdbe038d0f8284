"""What was asked for, as a value."""

from __future__ import annotations

from mkl_launch.core.record import Record


class Cpus(Record):
    """--cpus: an amount of CPU, or the very CPUs to run on."""

    amount: float | None = None
    mask: frozenset[int] | None = None


class Request(Record):
    """Everything that was asked for, checked."""

    command: tuple[str, ...] = ()
    profile: str = "auto"
    cpus: Cpus | None = None
    workers: int | None = None
    basis: str = "auto"
    allocator: str = "default"
    openmp: str = "default"
    instances: str = ""  # a number, or "auto"
    cores_per_instance: int | None = None
    latency: bool = False
    on_failure: str = "stop"
    grace: float = 10.0  # seconds
    log_dir: str = ""
    prefix: bool = False
    started: bool = False  # as an instance, by its supervisor
    bind: str = "auto"
    log: str = "info"
    strict: bool = False
    report: str | None = None  # one of REPORTS; None: run the command
    print_env: str = "sh"
    sysroot: str = ""
    machine: str = ""
    pid: int = 0  # of a process to report on; 0: none
    install_shims: str = ""
    off: bool = False
    cpus_option: str = "--cpus"  # its name in messages: the option or its variable
    cpus_must_fit: bool = False  # it is on this very command line, so a mistake in it is fatal
    chosen: tuple[tuple[str, str], ...] = ()  # (option, text), for a launcher further in
    overruled: tuple[str, ...] = ()  # variables that these beat
    warnings: tuple[str, ...] = ()
