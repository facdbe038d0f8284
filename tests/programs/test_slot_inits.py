"""Inits that the descriptor of --slots goes through: what they start must have it, so that it is held."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from testing import slots
from testing.process import PATH
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

INITS = {
    "tini": ("-s", "--", "SCRIPT"),
    "dumb-init": ("SCRIPT",),
    "catatonit": ("--", "SCRIPT"),
    "s6-svscan": ("SERVICES",),
    "runsvdir": ("-P", "SERVICES"),
}
ENDING = {"runsvdir": signal.SIGHUP}  # ends its services, too
OPEN = """#!/bin/sh
for file in /proc/$$/fd/*; do readlink "$file"; done >"{report}.new"
mv "{report}.new" "{report}"
exec sleep 60
"""


@pytest.mark.parametrize("init", INITS)
def test_a_service_of_an_init_holds_the_slots(
    launcher: str, slots_directory: str, tmp_path: Path, init: str
) -> None:
    if not shutil.which(init, path=PATH):
        skip_or_fail(f"{init} is not installed")
    report, script = tmp_path / "open", tmp_path / "services" / "one" / "run"
    script.parent.mkdir(parents=True)
    script.write_text(OPEN.format(report=report))
    script.chmod(0o755)
    places = {"SCRIPT": str(script), "SERVICES": str(tmp_path / "services")}
    words = [places.get(word, word) for word in (init, *INITS[init])]
    process = subprocess.Popen(
        [launcher, "-q", "--slots", f"{slots_directory}:{os.cpu_count()}", "--", *words], env={"PATH": PATH}
    )
    try:
        deadline = time.monotonic() + 300
        while not report.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert f"{slots_directory}/cpus" in report.read_text().splitlines()
        assert slots.held(slots_directory)
    finally:
        process.send_signal(ENDING.get(init, signal.SIGTERM))
        process.wait(timeout=300)
