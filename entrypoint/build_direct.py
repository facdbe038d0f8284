"""Compile direct.c for each machine into src/mkl_launch/direct-MACHINE.bin, byte for byte the same.

testing/programs/compiler.txt has the compiler, for all machines in one package.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE / "direct.c"
PACKAGE = HERE.parent / "src" / "mkl_launch"
MACHINES = ("x86_64", "aarch64")
FLAGS = (
    "-std=c11",
    "-Os",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-ffreestanding",
    "-fno-builtin",
    "-fno-stack-protector",
    "-fno-asynchronous-unwind-tables",
    "-fno-unwind-tables",
    "-fno-sanitize=all",
    "-fno-pie",
    "-nostdlib",
    "-static",
    "-s",
    "-Wl,--build-id=none",
)


def build(machine: str, place: Path) -> None:
    """Compile for one machine."""
    compiler = [sys.executable, "-m", "ziglang", "cc", "-target", f"{machine}-linux-none"]
    subprocess.run([*compiler, *FLAGS, "-o", str(place), SOURCE.name], check=True, cwd=HERE)
    place.chmod(0o644)


if __name__ == "__main__":
    for name in MACHINES:
        build(name, PACKAGE / f"direct-{name}.bin")
