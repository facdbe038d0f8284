"""`--check`: an exit status and a line on whether a process has the settings of a start now."""

from __future__ import annotations

from mkl_launch.core.cpulist import positive
from mkl_launch.core.errors import UsageError
from mkl_launch.core.messages import printable, write_output
from mkl_launch.core.option_names import APPLIED
from mkl_launch.core.record import changed
from mkl_launch.host.filesystem import Root
from mkl_launch.launch.pipeline import root
from mkl_launch.model.request import Request
from mkl_launch.report import process as live
from mkl_launch.report.collect import collect, subject
from mkl_launch.report.verdict import CANNOT_TELL, Verdict, give, verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST = 1  # the ID of the first process of a container


def check(request: Request, environ: Mapping[str, str]) -> int:
    """Print the verdict and return its exit status."""
    result = _verdict(request, environ)
    return CANNOT_TELL if write_output(printable(result.line)) else result.status


def _verdict(request: Request, environ: Mapping[str, str]) -> Verdict:
    source = root(request)
    pid = request.pid or (0 if request.command else choose(source, environ))
    if not pid:
        number = positive(source.link("/proc/self")) or 0
        own = changed(live.process(source, number), command=request.command, environ=dict(environ))
        return verdict(collect(subject(request, environ, own)))
    try:
        live.process(source, pid)
    except UsageError as error:
        return give(CANNOT_TELL, str(error))
    return verdict(collect(subject(changed(request, pid=pid), environ)))


def choose(source: Root, environ: Mapping[str, str]) -> int:
    """Return the process to check if none is given, 0 for this one with its own environment.

    It is process 1 if mkl-launch started it. Otherwise it is this process, if its environment is from
    mkl-launch, or the first process of this container that mkl-launch started, below an init such as tini.
    If there is none, it is process 1.
    """
    own = source.link("/proc/self")
    if own != str(FIRST) and live.was_launched(source, FIRST):
        return FIRST
    if APPLIED in environ:
        return 0
    files = source.link("/proc/self/ns/mnt")
    for pid in sorted(filter(None, map(positive, source.names("/proc")))):
        same_files = str(pid) != own and source.link(f"/proc/{pid}/ns/mnt") == files
        if same_files and live.was_launched(source, pid):
            return pid
    return 0 if own == str(FIRST) else FIRST
