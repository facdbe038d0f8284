"""The CPUs that a scheduler grants a job. Imported only if a variable of `tables.grants` is set."""

from __future__ import annotations

from mkl_launch.core.cpulist import amount, positive
from mkl_launch.host.cgroup import SELF
from mkl_launch.host.detect import ancestors
from mkl_launch.host.filesystem import Root
from mkl_launch.model.granted import Granted
from mkl_launch.tables.grants import GRANTS, Grant

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

HOST_NAME = "/proc/sys/kernel/hostname"


def read_granted(root: Root, environ: Mapping[str, str], failures: list[str]) -> tuple[Granted, ...]:
    """Return what schedulers grant; append to `failures` the variables that hold no number."""
    found = (_granted(root, row, environ, failures) for row in GRANTS if _applies(row, environ))
    return tuple(granted for granted in found if granted)


def _applies(row: Grant, environ: Mapping[str, str]) -> bool:
    return any(environ.get(name) for name in row.job) and not any(name in environ for name in row.unless)


def _granted(root: Root, row: Grant, environ: Mapping[str, str], failures: list[str]) -> Granted | None:
    """Return what the scheduler of a row grants; None if it names no number for this machine."""
    hosts = environ.get(row.hosts, "").split()
    if len(hosts) > 2:
        variable, text = row.hosts, _of_this_host(root, hosts)
    elif (positive(environ.get(row.machines)) or 1) > 1:
        return None
    else:
        variable = next((name for name in row.variables if environ.get(name)), "")
        text = environ.get(variable, "")
    if not text:
        return None
    try:
        number = amount(text)
        also_set = _set_to_one(root, row, environ) if row.sets_one and number > 1 else ()
        return Granted(row, variable, number / row.unit, also_set) if number >= row.least else None
    except ValueError:
        problem = f"not a number that {row.scheduler} tells a job; ignored"
        failures.append(f"{variable}={text[:80]}: {problem}")
        return None


def _set_to_one(root: Root, row: Grant, environ: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the variables that are 1 because the job's first process was started with that.

    What the user's script exports later is not in /proc/PID/environ of the process that runs it.
    """
    names = [name for name in row.sets if environ.get(name) == "1"]
    first = _of_first_process(root, row) if names else ""
    return tuple((name, "1") for name in names if f"\0{name}=1\0" in f"\0{first}\0")


def _of_first_process(root: Root, row: Grant) -> str:
    """Return the environment of the farthest ancestor that is in the job; "" if that is not certain."""
    first = ""
    for ancestor in ancestors(root, SELF):
        reading = root.read(f"/proc/{ancestor}/environ")
        if reading.error or not any(f"\0{name}=" in "\0" + reading.text for name in row.job):
            return first
        first = reading.text
    return ""


def _of_this_host(root: Root, hosts: list[str]) -> str:
    """Return the number of this host in a list of hosts and numbers; "" if it cannot be known.

    A container has a name of its own; but if all hosts have the same number, no name is needed.
    """
    if len(hosts) % 2:
        return ""
    numbers = dict(zip(hosts[::2], hosts[1::2]))
    if len(set(numbers.values())) == 1:
        return hosts[1]
    name = root.read(HOST_NAME).text.strip()
    short = {host.partition(".")[0]: number for host, number in numbers.items()}
    return numbers.get(name) or short.get(name.partition(".")[0], "")
