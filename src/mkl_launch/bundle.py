"""Write all modules of the launcher into one file, for one Python: `prepared` imports them from there.

The file is the code of `unbundle`, then an index of where each module's code is, each behind its size in
8 digits, then the codes, as marshal writes them. It is named after the Python that can read it.
"""

from __future__ import annotations
import __future__

import marshal
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
SCRIPTS = ("__main__", "prepared", "unbundle")


def path() -> Path:
    """Where the bundle for this Python belongs."""
    return PACKAGE / "__pycache__" / f"bundle.{sys.implementation.cache_tag}"


def write() -> Path:
    """Compile and write it; return its path. Raises OSError."""
    sources = {
        PACKAGE.name if source.stem == "__init__" else f"{PACKAGE.name}.{source.stem}": source
        for source in sorted(PACKAGE.glob("*.py"))
        if source.stem not in SCRIPTS
    }
    if __future__.__file__:
        sources["__future__"] = Path(__future__.__file__)  # the one that every module asks for
    codes = {name: _compiled(source) for name, source in sources.items()}
    loader = _sized(_compiled(PACKAGE / "unbundle.py"))
    index, size = b"", 0
    while True:  # the places depend on the size of the index, which depends on the places
        start, places = len(loader) + len(index), {}
        for name, code in codes.items():
            places[name] = (start, len(code), str(sources[name]))
            start += len(code)
        index = _sized(marshal.dumps(places))
        if len(index) == size:
            break
        size = len(index)
    place = path()
    place.parent.mkdir(exist_ok=True)
    partial = place.with_name(f"{place.name}.partial")
    partial.write_bytes(b"".join((loader, index, *codes.values())))
    partial.chmod(0o644)
    partial.replace(place)
    return place


def _compiled(source: Path) -> bytes:
    """Without docstrings, which a launch does not read."""
    return marshal.dumps(compile(source.read_bytes(), str(source), "exec", dont_inherit=True, optimize=2))


def _sized(data: bytes) -> bytes:
    return b"%08d" % len(data) + data
