"""The screens on the pages, from real runs: `python -m testing.screens` makes them all.

It takes root, podman and buildah, because the doctor looks at five real containers.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import runpy
import struct
import subprocess
import sys
import tempfile
import termios
from pathlib import Path

from rich.console import Console
from rich.text import Text

from testing.emulated.machine import unpack
from testing.emulated.recordings import file
from testing.five_containers import record
from testing.project import PROJECT

EXPLAIN = PROJECT / "docs" / "explain.svg"
WIDTH = 110  # columns
# A machine of 72 CPUs with a quota of 3.5 under cgroup v2, recorded from a real kernel: the same each time.
RECORDING = "dual-socket-v2"
COMMAND = ("mkl-launch", "--explain", "--", "tensorflow_model_server", "--port=8500")
ENVIRON = {"PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "OMP_NUM_THREADS": "16"}
FONTS = re.compile(r"@font-face \{.*?\}\n", re.DOTALL)  # which a browser would fetch from another host


def terminal(words: list[str], environ: dict[str, str]) -> str:
    """Return what a command prints on a terminal of this width, with its colours."""
    main, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
    with subprocess.Popen(
        words, env=environ, stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal
    ) as process:
        os.close(terminal)
        printed = b""
        try:
            while piece := os.read(main, 65536):
                printed += piece
        except OSError:  # the end of a terminal
            pass
        os.close(main)
    assert process.returncode == 0, printed
    return printed.decode().replace("\r\n", "\n")


def explained() -> str:
    """Return what --explain prints on a terminal in the recorded container."""
    with tempfile.TemporaryDirectory() as folder:
        sysroot = str(unpack(file(RECORDING).read_bytes(), Path(folder)))
        words = [sys.executable, "-m", "mkl_launch", "--sysroot", sysroot, *COMMAND[1:]]
        return terminal(words, ENVIRON)


def screen(printed: str) -> str:
    """Return a terminal with this text as SVG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text.from_ansi(printed.rstrip("\n")))
    return FONTS.sub("", console.export_svg(title=" ".join(COMMAND), unique_id="screen"))


def main() -> None:
    EXPLAIN.write_text(screen(explained()), encoding="utf-8")
    runpy.run_path(str(PROJECT / "docs" / "generate.py"), run_name="__main__")  # the picture of the machine
    record()  # the table of the doctor


if __name__ == "__main__":
    main()
