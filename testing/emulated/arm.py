"""Arm machines: qemu's, with the kernel and the programs of Debian's packages for arm64.

The packages are fetched once by this machine's apt, from its own sources, into the user's cache folder.
Nothing is installed, so it takes no rights.
"""

from __future__ import annotations

import compileall
import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from testing.apt import Apt, unpack

from .machine import Platform

PACKAGES = ("python3", "busybox-static", "dash", "runc")
KERNEL = "linux-image-cloud-arm64"

# What no launcher needs, so that the guest unpacks quickly.
LEFT_OUT = (
    *("usr/share", "usr/lib/*/gconv", "var", "usr/lib/*/libcrypto.so*", "usr/bin/dpkg*", "bin/tar"),
    *("usr/lib/python3*/test", "usr/lib/python3*/idlelib", "usr/lib/python3*/lib2to3"),
    *("usr/lib/python3*/pydoc_data", "usr/lib/python3*/lib-dynload/_codecs_*", "etc/python3*"),
)


def packages() -> Path:
    """Return the folder with `vmlinuz` and `root`, the unpacked programs; fetch them if needed."""
    names = hashlib.sha256(" ".join((*PACKAGES, KERNEL, *LEFT_OUT)).encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "mkl-launch-tests" / f"arm64-{names}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as partial:
            fetched = Path(partial, "fetched")
            _fetch(fetched, Path(partial))
            if not folder.exists():  # another test run may have been faster
                fetched.rename(folder)
    return folder


def kernel() -> Path:
    """Return Debian's kernel for virtual Arm machines."""
    return packages() / "vmlinuz"


def add_system(tree: Path) -> None:
    """Put Debian's Python, dash, busybox and runc into the guest's file system."""
    shutil.copytree(packages() / "root", tree, symlinks=True)


def python_version() -> str:
    """Return the version of Debian's Python, such as "3.11"."""
    return _version(packages() / "root")


def _version(root: Path) -> str:
    return (root / "usr" / "bin" / "python3").readlink().name.removeprefix("python")


def _fetch(folder: Path, work: Path) -> None:
    root = folder / "root"
    root.mkdir(parents=True)
    apt = Apt(work, {"APT::Architecture": "arm64", "APT::Architectures": "arm64"})
    apt.unpack(PACKAGES, root)
    for pattern in LEFT_OUT:
        for path in root.glob(pattern):
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for name in ("bin", "sbin", "lib"):
        if not (root / name).exists():  # from Debian 13 on, a package that is not fetched has the link
            (root / name).symlink_to(f"usr/{name}")
    runc = next(root.glob("usr/*bin/runc"))
    runc.rename(root / "usr" / "bin" / "runc")
    if sys.version.startswith(f"{_version(root)}."):
        compileall.compile_dir(root / "usr" / "lib", quiet=2, stripdir=str(root))
    depends = apt("apt-cache", "depends", KERNEL)
    image = next(word for word in depends.split() if word.startswith("linux-image-") and word != KERNEL)
    apt("apt-get", "download", "--quiet", image)
    unpack(next(work.glob("linux-image-*.deb")), work / "kernel")
    next((work / "kernel" / "boot").glob("vmlinuz-*")).rename(folder / "vmlinuz")


# The kernel starts CPUs by the device tree, which qemu makes with sockets, clusters and cores.
ARM = Platform(
    qemu="qemu-system-aarch64",
    options=("-machine", "virt", "-accel", "tcg,thread=single"),
    cpu_options="",
    kernel=kernel,
    console="ttyAMA0",
    agent="ttyS0",
    agent_device=("-device", "pci-serial,chardev=agent"),
)

if __name__ == "__main__":
    sys.stdout.write(f"{packages()}\n")
