"""Start the launcher from the entry of a prepared image: `python3 -ISBXutf8 .../mkl_launch/prepared.py`.

Any Python from 3.6 on can read this file, which is compiled at every start: what it does is in `unbundle`.
"""

# mypy: disable-error-code="type-arg"

import sys

HOME = __file__.rpartition("/")[0]
sys.path.append(HOME + "/..")  # last: the standard library goes first
try:
    from marshal import loads

    with open(HOME + "/__pycache__/bundle." + str(sys.implementation.cache_tag), "rb") as bundle:  # noqa: PTH123
        names = {"HOME": HOME}  # type: dict
        exec(loads(bundle.read(int(bundle.read(8)))), names)  # noqa: S102, S302  # written by --prepare
        names["install"](bundle.name, loads(bundle.read(int(bundle.read(8)))))  # noqa: S302
    from mkl_launch.direct import run
except Exception:  # noqa: BLE001
    # No bundle for this Python, or a damaged one: from the sources, as compiled files may be damaged too.
    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "Bundle"]
    for name in [name for name in sys.modules if name.startswith("mkl_launch")]:
        del sys.modules[name]
    try:
        from mkl_launch.direct import run
    except Exception:  # noqa: BLE001
        sys.pycache_prefix = "/nonexistent"
        from mkl_launch.direct import run

if __name__ == "__main__":
    sys.exit(run(sys.argv))
