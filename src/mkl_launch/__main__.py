"""Start the launcher: `python3 -I -S -X utf8 .../mkl_launch/__main__.py`, or `python3 -m mkl_launch`."""

import sys

if not __package__:
    # Last: the standard library must not be hidden by what is installed beside the launcher.
    sys.path.append(__file__.rpartition("/")[0] + "/..")

from mkl_launch.start import run  # a script is compiled at every start, a module only once

if __name__ == "__main__":
    sys.exit(run())
