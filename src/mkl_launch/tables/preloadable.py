"""The libraries of --allocator and --openmp, which are preloaded. One row each."""

from __future__ import annotations

from mkl_launch.core.option_names import ALLOCATOR, OPENMP
from mkl_launch.core.record import Record


class Library(Record):
    """A library, and the option and value that ask for it. `files` are its file names, the best first.

    `conf` is a variable that configures the library, and the value that it gets if the user sets none.
    """

    option: str
    word: str
    files: tuple[str, ...]
    source: str
    runtime: str = ""  # its name, if it is an OpenMP runtime
    conf: tuple[str, str] | None = None


# The value of PyTorch's run_cpu. Others add dirty_decay_ms:9000000000, which returns free memory to the
# kernel after a hundred days; until then it counts against the container's memory limit.
JEMALLOC_CONF = "oversize_threshold:1,background_thread:true,metadata_thp:auto"
LIBRARIES = (
    Library(
        ALLOCATOR,
        "tcmalloc",
        ("libtcmalloc.so.4", "libtcmalloc_minimal.so.4", "libtcmalloc.so", "libtcmalloc_minimal.so"),
        "https://google.github.io/tcmalloc/quickstart.html",
    ),
    Library(
        ALLOCATOR,
        "jemalloc",
        ("libjemalloc.so.2", "libjemalloc.so.1", "libjemalloc.so"),
        "https://github.com/jemalloc/jemalloc/blob/dev/TUNING.md",
        conf=("MALLOC_CONF", JEMALLOC_CONF),
    ),
    Library(
        OPENMP,
        "intel",
        ("libiomp5.so",),
        "https://pypi.org/project/intel-openmp/",
        runtime="libiomp5",
    ),
)
