"""Shell text for the guest: control groups with limits, namespaces as container runtimes make them.

All of it is to be put before a command. The namespaces end in an open here-document, so that the
command is what the shell inside them runs last.
"""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any

PRIVATE_NAMESPACES = "exec python3 -I -S /unshare.py sh -e <<'INSIDE'\n"
PRIVATE_MOUNTS = "exec unshare -m sh -e <<'INSIDE'\n"
NO_GROUPS = PRIVATE_MOUNTS + "umount /sys/fs/cgroup\n"


def v2(
    group: str,
    limits: dict[str, str],
    tree: str = "/sys/fs/cgroup",
    delegate: str = "+cpu +cpuset +memory",
) -> str:
    """Enter `group`, nested as its path says; `limits` are files, each with its group, and values."""
    return _enter(tree, group, limits, delegate)


def v1(controller: str, group: str, limits: dict[str, str]) -> str:
    """Enter `group` of a v1 controller, as `v2` does."""
    return _enter(f"/sys/fs/cgroup/{controller}", group, limits)


def _enter(tree: str, group: str, limits: dict[str, str], delegate: str = "") -> str:
    lines = ["set -e", f"cd {tree}", f"mkdir -p {group}"]
    if delegate:
        parents = [str(parent) for parent in PurePosixPath(group).parents]
        lines += [f"echo '{delegate}' >{path}/cgroup.subtree_control" for path in reversed(parents)]
    lines += [f"echo {value} >{file}" for file, value in limits.items()]
    return "\n".join([*lines, f"echo $$ >{group}/cgroup.procs", "cd /", ""])


def v2_as_in_a_container() -> str:
    """Enter a control-group namespace with the tree mounted again: Docker's default with v2."""
    return PRIVATE_NAMESPACES + "umount /sys/fs/cgroup\nmount -t cgroup2 cgroup2 /sys/fs/cgroup\n"


def v2_bound(group: str) -> str:
    """Mount only the container's group, with the host's path: Docker's --cgroupns=host with v2."""
    return PRIVATE_MOUNTS + f"mount --bind /sys/fs/cgroup/{group} /sys/fs/cgroup\n"


def container(cpu: dict[str, Any], *command: str) -> str:
    """Run a command in a real container: runc with an OCI bundle, whose root is the guest's own."""
    mounts = [
        {"destination": "/proc", "type": "proc", "source": "proc"},
        {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["mode=755"]},
        {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["ro"]},
        {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["ro"]},
    ]
    environ = ["PATH=/installed/bin:/usr/bin:/bin"]
    bundle = {
        "ociVersion": "1.0.2",
        "process": {"args": command, "env": environ, "cwd": "/", "user": {"uid": 65534, "gid": 65534}},
        "root": {"path": "rootfs"},
        "mounts": mounts,
        "linux": {
            "resources": {"cpu": cpu},
            "namespaces": [{"type": kind} for kind in ("pid", "mount", "cgroup", "ipc", "uts")],
        },
    }
    return (
        "set -e\nmkdir -p /bundle/rootfs\nmount --bind / /bundle/rootfs\ncd /bundle\n"
        f"cat >config.json <<'CONFIG'\n{json.dumps(bundle)}\nCONFIG\n"
        # An initramfs cannot be pivoted away.
        "exec runc run --no-pivot box </dev/null\n"
    )


def v1_as_in_a_container() -> str:
    """Enter a control-group namespace with v1 controllers mounted again."""
    mounted = "\n".join(
        f"umount /sys/fs/cgroup/{name}\nmount -t cgroup -o {name} cgroup /sys/fs/cgroup/{name}\n"
        for name in ("cpu,cpuacct", "cpuset", "memory")
    )
    return PRIVATE_NAMESPACES + mounted


def v1_bound(controller: str, group: str, point: str) -> str:
    """Mount only the container's group of each controller at `point`: Docker's default with v1."""
    return (
        f"{PRIVATE_MOUNTS}mkdir -p {point}\n"
        f"mount --bind /sys/fs/cgroup/{controller}/{group} {point}\n"
        "cd /sys/fs/cgroup\numount cpu,cpuacct cpuset memory unified\ncd /\n"
    )
