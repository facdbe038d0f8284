"""The script of the entry of a prepared image: `python3 -ISBXutf8 .../mkl_launch/prepared.py`.

This file runs on Python 3.6. Python compiles a script at every start, so most of the code is in `unbundle`.
"""

import gc
import posix
import sys

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


HOME = __file__.rpartition("/")[0]
sys.path.append(HOME + "/..")  # at the end, after the standard library
try:
    use_bundle(HOME)
    from mkl_launch.direct import run
except Exception:  # noqa: BLE001
    # No bundle for this Python, or a damaged one: import from the sources, because compiled files may be
    # damaged too.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "Bundle"]
    for name in [name for name in sys.modules if name.startswith("mkl_launch")]:
        del sys.modules[name]
    gc.collect()  # the modules may need the memory
    try:
        from mkl_launch.direct import run
    except Exception:  # noqa: BLE001
        sys.pycache_prefix = "/nonexistent"
        from mkl_launch.direct import run

if __name__ == "__main__":
    sys.exit(run(sys.argv))
