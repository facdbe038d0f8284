"""Processes that were put into a running container from outside, as `docker exec` does.

Their topmost ancestor in the PID namespace is not process 1: its parent is outside, which the kernel shows
as 0 (proc_pid_status(5), PPid; pid_namespaces(7)). With the PID namespace of the host that cannot be seen.
"""

from __future__ import annotations

from mkl_launch.host.cgroup import SELF
from mkl_launch.host.detect import allowed_cpus
from mkl_launch.host.filesystem import Root

DEEPEST = 1000  # ancestors


def entered(root: Root) -> bool:
    """Return whether this process was put into its PID namespace, or a forefather was."""
    process = SELF
    for _ in range(DEEPEST):
        fields = _status(root, process)
        parent = fields.get("PPid", "")
        if parent in ("", "0"):
            return parent == "0" and fields.get("Pid") != "1"
        process = parent
    return False


def mask_beside(root: Root, process: str) -> frozenset[int] | None:
    """Return the mask of a process of the same container; None if it is elsewhere or has ended.

    Containers that share a PID namespace, as those of a pod can, differ in their control groups.
    """
    own, other = (root.read(f"/proc/{one}/cgroup").text for one in (SELF, process))
    if not own or own != other:
        return None
    return allowed_cpus(root, f"/proc/{process}") or None


def _status(root: Root, process: str) -> dict[str, str]:
    lines = root.read(f"/proc/{process}/status").text.splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
