"""Start the launcher: `python3 -I -S -X utf8 .../mkl_launch/__main__.py`, or `python3 -m mkl_launch`.

Any Python 3 can read this file. It is compiled at every start, since it is a script: `start` has the rest.
"""

import sys

if not __package__:
    # Last: the standard library must not be hidden by what is installed beside the launcher.
    sys.path.append(__file__.rpartition("/")[0] + "/..")

try:
    from mkl_launch.start import run
except Exception:  # noqa: BLE001
    # Compiled code that is damaged: from the sources, as if there were no __pycache__ (Python 3.8).
    sys.pycache_prefix = "/nonexistent"
    from mkl_launch.start import run

if __name__ == "__main__":
    sys.exit(run())
