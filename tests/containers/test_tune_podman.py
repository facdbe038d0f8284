"""`--tune` in a container, and its profile in the containers that follow."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from mkl_launch.core.option_names import PROFILES
from testing.images import IMAGE
from testing.project import skip_or_fail

if TYPE_CHECKING:
    from pathlib import Path

    from testing.podman import Podman

SOLVE = """\
#!/bin/sh
echo "speed: $((10 / OMP_NUM_THREADS))"
"""


def test_a_profile_of_one_container_holds_in_the_next(podman: Podman, tmp_path: Path) -> None:
    """The folder of the profiles is a volume; the program is as fast as it has few threads."""
    if len(os.sched_getaffinity(0)) < 2:
        skip_or_fail("one CPU leaves nothing to tune")
    solve, profiles = tmp_path / "solve", tmp_path / "profiles"
    solve.write_text(SOLVE)
    solve.chmod(0o755)
    profiles.mkdir(mode=0o755)
    program = ("--volume", f"{solve}:/usr/local/bin/solve:ro")
    volume = ("--volume", f"{profiles}:{PROFILES}")

    assert podman.run(IMAGE, "solve", options=program).stdout != "speed: 10\n"
    words = ("--metric", "speed: (.*)", "--maximize", "--save", "auto", "--", "solve")
    done = podman.run(IMAGE, "mkl-launch", "-q", "--tune", *words, options=(*program, *volume))
    assert done.returncode == 0, done
    assert "1 thread: better by more than the noise" in done.stdout
    assert json.loads((profiles / "solve.json").read_text())["threads"] == "one"

    later = (*program, *volume[:1], f"{volume[1]}:ro")
    assert podman.run(IMAGE, "solve", options=later).stdout == "speed: 10\n"
    explained = podman.run(IMAGE, "mkl-launch", "--explain", "solve", options=later).stdout
    assert f"threads   1; tuned profile {PROFILES}/solve.json: one" in explained
    limited = podman.run(IMAGE, "mkl-launch", "--explain=all", "solve", options=(*later, "--cpus", "1.5"))
    assert "not used: measured under another kind of limit (none), this one is: fraction" in limited.stdout
