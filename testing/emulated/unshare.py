"""A command in control-group and mount namespaces of its own, in the guest.

As util-linux's `unshare --cgroup --mount`; busybox's has no control groups, `os.unshare` is new in 3.12.
"""

from __future__ import annotations

import ctypes
import os
import sys

CLONE_NEWNS = 0x00020000
CLONE_NEWCGROUP = 0x02000000

if __name__ == "__main__":
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNS | CLONE_NEWCGROUP) != 0:
        sys.exit(f"unshare: {os.strerror(ctypes.get_errno())}")
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606
