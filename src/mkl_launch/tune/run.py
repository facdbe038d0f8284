"""A run with --tune: from the request to the exit status."""

from __future__ import annotations

import gc
import signal
import time
from importlib.util import find_spec

from mkl_launch.core.errors import TuningError, UsageError
from mkl_launch.core.messages import say, write_output
from mkl_launch.core.option_names import AUTO, JSON, PROFILES, SWITCH
from mkl_launch.model.request import Request
from mkl_launch.model.tune_options import TuneOptions
from mkl_launch.tune.candidates import Candidates
from mkl_launch.tune.progress import Progress
from mkl_launch.tune.result import as_json, table
from mkl_launch.tune.save_profile import content, document, write
from mkl_launch.tune.search import Outcome, Problem, Search
from mkl_launch.tune.trial import Trial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import FrameType

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """A signal that ends the tuning. Not an Exception, so that no handler on the way takes it."""


def run(request: Request, environ: Mapping[str, str]) -> int:
    """Find the best settings, print and save them; return the exit status."""
    options = request.tune or TuneOptions()
    _check(request, options)
    gc.enable()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # for sigtimedwait in `process`
    for ending in ENDING:
        signal.signal(ending, _interrupt)
    try:
        return _tune(request, options, environ)
    except Interrupted as interrupted:
        number = int(interrupted.args[0])
        say(f"tuning was ended by {signal.Signals(number).name}; nothing is saved")
        return 128 + number


def _interrupt(number: int, _: FrameType | None) -> None:
    raise Interrupted(number)


def _check(request: Request, options: TuneOptions) -> None:
    """Raise UsageError for a request that cannot be tuned."""
    if not request.command:
        raise UsageError("--tune: no command to run")
    if request.off:
        raise UsageError(f"--tune: {SWITCH} is off, so that no setting is applied")
    if request.slots:
        raise UsageError("--tune and --slots: only one of them at a time; name the CPUs with --cpus")
    if options.plot and not find_spec("matplotlib"):
        raise UsageError(f"--plot {options.plot}: matplotlib is missing: pip install 'mkl-launch[tune]'")


def _tune(request: Request, options: TuneOptions, environ: Mapping[str, str]) -> int:
    candidates = Candidates(request, environ)
    threads = candidates.threads()
    path = _path(options, threads[0].plan.program.name)
    trial = Trial(options, environ, {})
    with Progress(options.seconds, quiet=request.log == "quiet") as progress:
        search = Search(
            lambda candidate, limit: trial.cost(candidate.plan, limit),
            time.monotonic,
            options.seconds,
            progress.tell,
        )
        try:
            outcome = search.run(threads, candidates.others)
        except Problem as problem:
            raise TuningError(f"--tune: nothing can be measured: {problem}") from None
    result = document(outcome, options)
    if request.report == JSON:
        text = as_json(outcome, options, result, trial.also)
    else:
        text = table(outcome, options, trial.also)
    status = write_output(text)
    if path:
        write(path, content(result))
        say(f"--save: {path} is written")
    if options.plot:
        _plot(outcome, options)
    return status


def _path(options: TuneOptions, name: str) -> str:
    """Return the path of the profile; "" if none is asked for."""
    if not options.save:
        return ""
    if not name:
        raise UsageError(
            f"--save {options.save}: the command has no name, because it is a line of code, not a file"
        )
    return f"{PROFILES}/{name}.json" if options.save == AUTO else options.save


def _plot(outcome: Outcome, options: TuneOptions) -> None:
    from mkl_launch.tune.plot import draw

    try:
        draw(outcome, options)
    except OSError as error:
        say(f"--plot {options.plot}: {error.strerror}")
