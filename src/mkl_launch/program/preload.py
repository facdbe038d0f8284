"""The file of a library to preload: beside Python, in the linker's cache, or in the usual directories."""

from __future__ import annotations

from mkl_launch.core.option_names import DEFAULT
from mkl_launch.host.filesystem import Root
from mkl_launch.model.facts import Preload
from mkl_launch.tables.preloadable import LIBRARIES, Library

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# See ld.so(8). Its strings are NAME, NUL, PATH, NUL. Other loaders (musl) have no cache.
CACHE = "/etc/ld.so.cache"
PLACES = (
    *("/usr/local/lib", "/usr/lib64", "/lib64", "/usr/lib", "/lib"),
    "/opt/intel/oneapi/compiler/latest/lib",
)
MULTIARCH = "-linux-"  # in /usr/lib/x86_64-linux-gnu


def find_preloads(root: Root, asked: Mapping[str, str], python: str) -> tuple[Preload, ...]:
    """Return the libraries of `asked`, {option: word}. `python` is the Python of the command, or empty."""
    rows = [row for row in LIBRARIES if asked.get(row.option, DEFAULT) == row.word]
    return tuple(Preload(row, next(_candidates(root, row, python), None)) for row in rows)


def _candidates(root: Root, row: Library, python: str) -> Iterator[str]:
    """Yield files of a library that this machine can load; the one beside the command's Python is first."""
    prefix = python.rpartition("/bin/")[0]
    cached = root.read(CACHE).text + "\0"
    usual = [place for place in PLACES if root.exists(place)]
    shared = [f"/usr/lib/{name}" for name in root.names("/usr/lib") if MULTIARCH in name]
    for name in row.files:
        paths = [f"{prefix}/lib/{name}"] if prefix else []
        paths += _in_cache(cached, name)
        paths += [f"{place}/{name}" for place in (*usual, *shared)]
        yield from (path for path in paths if _loadable(root, path))


def _in_cache(cached: str, name: str) -> list[str]:
    """Return the paths in the linker's cache with this file name, for any machine."""
    paths = []
    end = cached.find(f"/{name}\0")
    while end >= 0:
        start = cached.rfind("\0", 0, end) + 1
        paths.append(cached[start : end + len(name) + 1])
        end = cached.find(f"/{name}\0", end + 1)
    return paths


def _loadable(root: Root, path: str) -> bool:
    """Return whether a file has the ELF class and machine of this Python: others break every program."""
    own_kind, kind = root.elf_kind("/proc/self/exe"), root.elf_kind(path)
    return kind == own_kind if own_kind else bool(kind)
