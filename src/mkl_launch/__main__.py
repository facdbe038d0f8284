"""Start the launcher: `python3 -I -S -X utf8 .../mkl_launch/__main__.py`, or `python3 -m mkl_launch`.

Any Python 3 can read this file. It is compiled at every start, since it is a script: `start` has the rest.
"""

import gc
import posix
import sys

gc.disable()  # collecting costs more than a launch leaves to collect


def use_bundle(home: str) -> None:
    """Import from the bundle if there is one for this Python; a function, so that its memory is freed."""
    from _frozen_importlib_external import MAGIC_NUMBER
    from marshal import loads

    bundle = home + "/launch.%s.bundle" % sys.implementation.cache_tag  # noqa: UP031
    file = posix.open(bundle, posix.O_RDONLY)
    head = posix.read(file, 20)  # see `image.bundle`
    if head[:4] == MAGIC_NUMBER:
        code = loads(posix.read(file, int(head[4:12])))  # noqa: S302
        exec(code, {"HOME": home, "BUNDLE": (bundle, loads(posix.read(file, int(head[12:]))))})  # noqa: S102, S302
    posix.close(file)


if not __package__:
    # Last: the standard library must not be hidden by what is installed beside the launcher.
    sys.path.append(__file__.rpartition("/")[0] + "/..")
    try:
        use_bundle(__file__.rpartition("/")[0])
    except Exception:  # noqa: BLE001  # none for this Python, a damaged one, or a changed module
        for name in [name for name in sys.modules if name.startswith("mkl_launch")]:
            del sys.modules[name]
        gc.collect()  # where memory is short, it is needed for the modules

try:
    from mkl_launch.start import run
except Exception:  # noqa: BLE001
    # Compiled code that is damaged: from the sources, as if there were no __pycache__ (Python 3.8).
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "Bundle"]
    sys.pycache_prefix = "/nonexistent"
    from mkl_launch.start import run

if __name__ == "__main__":
    sys.exit(run())
