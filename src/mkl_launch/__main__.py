"""The script of both entries: `python3 -I -S -X utf8 .../mkl_launch/__main__.py`; also `-m mkl_launch`.

The entry of a prepared image adds `-X prepared`. This file runs on Python 3.6. Python compiles a script at
every start, so most of the code is in `start`.
"""

import gc
import posix
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

gc.disable()  # a launch is too short for garbage collection to pay


def use_bundle(home: str) -> None:
    """Import from the bundle if there is one for this Python. A function, so that its memory is freed."""
    from _frozen_importlib_external import MAGIC_NUMBER
    from marshal import loads

    bundle = home + "/launch.%s.bundle" % sys.implementation.cache_tag  # noqa: UP031
    file = posix.open(bundle, posix.O_RDONLY)
    try:
        head = posix.read(file, 20)  # see `image.bundle`
        if head[:4] == MAGIC_NUMBER:
            code = loads(posix.read(file, int(head[4:12])))  # noqa: S302
            index = loads(posix.read(file, int(head[12:])))  # noqa: S302
            exec(code, {"HOME": home, "BUNDLE": (bundle, index)})  # noqa: S102
    finally:
        posix.close(file)


def find_run() -> "Callable[[], int]":
    """Return the function that the entry of this start continues with."""
    if "prepared" in sys._xoptions:  # noqa: SLF001
        from mkl_launch.direct import run
    else:
        from mkl_launch.start import run
    return run


if not __package__:
    # At the end, so that a module installed beside the launcher does not hide the standard library.
    sys.path.append(__file__.rpartition("/")[0] + "/..")
    try:
        use_bundle(__file__.rpartition("/")[0])
    except Exception:  # noqa: BLE001  # no bundle for this Python, a damaged one, or a changed module
        for name in [name for name in sys.modules if name.startswith("mkl_launch")]:
            del sys.modules[name]
        gc.collect()  # the modules may need the memory

try:
    run = find_run()
except Exception:  # noqa: BLE001
    # Compiled code may be damaged: import from the sources, as if there were no __pycache__.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "Bundle"]
    sys.pycache_prefix = "/nonexistent"
    run = find_run()

if __name__ == "__main__":
    sys.exit(run())
