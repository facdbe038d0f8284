"""Start threads that compute for ever: `python spin.py THREADS`."""

from __future__ import annotations

import sys
import threading
import zlib

DATA = bytes(1 << 20)


def spin() -> None:
    while True:
        zlib.crc32(DATA)  # without Python's lock


for _ in range(int(sys.argv[1])):
    threading.Thread(target=spin).start()
