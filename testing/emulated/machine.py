"""Boot a kernel in qemu and run commands in it. TCG only: every topology on every machine."""

from __future__ import annotations

import base64
import contextlib
import gzip
import io
import json
import lzma
import os
import select
import subprocess
import tarfile
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from .device_tree import with_capacities

if TYPE_CHECKING:
    from collections.abc import Callable

# Long: a machine that is busy with other things needs several times the usual 6 to 16 s. The longest
# command is `--prepare` on Arm.
BOOT_SECONDS = 240.0
COMMAND_SECONDS = 400.0


class MachineError(Exception):
    """The guest does not answer. The message has the last lines of its console."""


@dataclass(frozen=True)
class Result:
    """The exit status and the output of a command in the guest."""

    status: int
    stdout: str
    stderr: str

    def json(self) -> Any:
        """Return the output of a command, which must have succeeded, as JSON."""
        return json.loads(self.check())

    def check(self) -> str:
        """Return the output of a command, which must have succeeded."""
        assert self.status == 0, f"exit status {self.status}\n{self.stdout}{self.stderr}"
        return self.stdout


def _installed_kernel() -> Path:
    """Find Debian's kernel for virtual machines, else the newest one that may be read."""
    found = [path for path in Path("/boot").glob("vmlinuz-*") if os.access(path, os.R_OK)]
    if not found:
        raise FileNotFoundError("/boot/vmlinuz-*")
    return max(found, key=lambda path: ("cloud" in path.name, path.stat().st_mtime))


@dataclass(frozen=True)
class Platform:
    """A kind of machine: the qemu that emulates it, and how the kernel names its two serial ports."""

    qemu: str
    options: tuple[str, ...]
    cpu_options: str
    kernel: Callable[[], Path]
    console: str
    agent: str
    agent_device: tuple[str, str]
    kernel_args: str = ""


# One host thread for all CPUs: with several (thread=multi) 72 CPUs started no sooner on a machine with two
# cores, and once in three times not at all.
X86 = Platform(
    qemu="qemu-system-x86_64",
    options=("-machine", "q35", "-accel", "tcg,thread=single"),
    cpu_options=",check=off",
    kernel=_installed_kernel,
    console="ttyS0",
    agent="ttyS1",
    agent_device=("-serial", "chardev:agent"),
    # The kernel's test of the timer fails, and the kernel with it, if no host CPU is free for some ticks.
    kernel_args="no_timer_check",
)


@dataclass(frozen=True)
class Spec:
    """A machine, in the words of qemu's options, and the options of its kernel.

    `capacities` has the relative speed of each CPU, for a machine with a device tree.
    """

    smp: str
    platform: Platform = X86
    cpu: str = "Skylake-Server"
    memory: str = "1G"
    kernel_args: str = ""
    extra_qemu: tuple[str, ...] = ()
    capacities: tuple[int, ...] = ()


class Machine:
    """A running guest."""

    def __init__(self, image: Path, spec: Spec) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="mkl-launch-guest-")
        self._console = Path(self._folder.name, "console")
        self._program = spec.platform.qemu
        command = _qemu_command(image, spec, self._console)
        if spec.capacities:
            tree = Path(self._folder.name, "tree.dtb")
            command += ["-dtb", str(with_capacities(command, spec.capacities, tree))]
        with Path(self._folder.name, "qemu").open("wb") as complaints:
            self._qemu = subprocess.Popen(
                command, bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
            )
        self._answers = b""
        try:
            self._answer(BOOT_SECONDS)
        except BaseException:
            self.close()
            raise

    def run(self, script: str) -> Result:
        """Run a script with the guest's `sh`."""
        assert self._qemu.stdin
        with contextlib.suppress(BrokenPipeError):  # the answer that does not come tells more
            self._qemu.stdin.write(json.dumps({"script": script}).encode() + b"\n")
        return Result(**self._answer(COMMAND_SECONDS))

    def record(self, setup: str = ":") -> bytes:
        """Record what a process sees after `setup` (as .tar.xz): unpacked, a `--sysroot`."""
        recorded = self.run(f"{setup}\nexec python3 -I -S /recorder.py").check()
        return lzma.compress(gzip.decompress(base64.b64decode(recorded)))

    def close(self) -> None:
        """Switch the machine off."""
        self._qemu.kill()
        self._qemu.communicate()
        self._folder.cleanup()

    def _answer(self, seconds: float) -> dict[str, Any]:
        assert self._qemu.stdout
        deadline = time.monotonic() + seconds
        while b"\n" not in self._answers:
            read = _read(self._qemu.stdout, deadline - time.monotonic())
            if not read:
                diagnosis = self._diagnosis()
                self._qemu.kill()  # or the next command would get this one's answer
                raise MachineError(diagnosis)
            self._answers += read
        line, _, self._answers = self._answers.partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _diagnosis(self) -> str:
        status = self._qemu.poll()
        state = "does not answer" if status is None else f"ended with status {status}"
        parts = [f"{self._program} {state}"]
        for path in (Path(self._folder.name, "qemu"), self._console):
            text = path.read_text(errors="replace") if path.exists() else ""
            parts += [f"--- {path.name}", *text.splitlines()[-30:]]
        return "\n".join(parts)


def _qemu_command(image: Path, spec: Spec, console: Path) -> list[str]:
    """Return the command of qemu: the first serial port is the console, the second the agent's."""
    platform = spec.platform
    arguments = f"console={platform.console} loglevel=7 panic=-1 mitigations=off agent={platform.agent}"
    return [
        *(platform.qemu, "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none"),
        *(*platform.options, "-cpu", f"{spec.cpu}{platform.cpu_options}"),
        *("-smp", spec.smp, "-m", spec.memory),
        *("-kernel", str(platform.kernel()), "-initrd", str(image)),
        *("-append", f"{arguments} {platform.kernel_args} {spec.kernel_args}"),
        *("-serial", f"file:{console}"),
        *("-chardev", "stdio,id=agent,signal=off", *platform.agent_device),
        *spec.extra_qemu,
    ]


def unpack(recorded: bytes, folder: Path) -> Path:
    """Write a recorded machine as files, for `--sysroot`."""
    with tarfile.open(fileobj=io.BytesIO(recorded)) as tar:
        for member in tar:
            content = tar.extractfile(member)
            target = folder / member.name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content.read() if content else b"")
    return folder


def _read(stream: IO[bytes], seconds: float) -> bytes:
    """Return what arrives within `seconds`; empty if nothing does, or at the end of the stream."""
    ready, _, _ = select.select([stream], [], [], max(0.0, seconds))
    return os.read(stream.fileno(), 1 << 16) if ready else b""
