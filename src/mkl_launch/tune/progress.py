"""What is said while a tuning runs: a bar on a terminal, if `rich` is installed, else lines."""

from __future__ import annotations

import os
import time

from mkl_launch.core.messages import say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self

PAUSE = 1.0  # seconds between lines


class Progress:
    """The progress of a tuning, on standard error, as a part of the seconds that it may take."""

    def __init__(self, seconds: float, *, quiet: bool) -> None:
        self.seconds, self.quiet = seconds, quiet
        self.start = time.monotonic()
        self.last = self.start - PAUSE
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> Self:
        """Start the bar, if there can be one."""
        if self.quiet or not os.isatty(2):
            return self
        try:
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
        except ImportError:
            return self
        columns = (BarColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        # Without auto_refresh it starts no thread, which would be lost in each process of a trial.
        console = Console(stderr=True)
        self.bar = Progress(*columns, console=console, transient=True, auto_refresh=False)
        self.task = self.bar.add_task("", total=self.seconds)
        self.bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Remove the bar."""
        if self.bar:
            self.bar.stop()

    def tell(self, line: str) -> None:
        """Show what runs now. A line is left out if another one was written right before."""
        now = time.monotonic()
        if self.bar:
            self.bar.update(self.task, completed=now - self.start, description=line, refresh=True)
        elif not self.quiet and now - self.last >= PAUSE:
            self.last = now
            say(f"{now - self.start:.0f} s: {line}")
