"""Libraries that can be preloaded where that is asked for: one row each."""

from __future__ import annotations

from mkl_launch.core.names import ALLOCATOR, OPENMP
from mkl_launch.core.record import Record


class Library(Record):
    """What an option's word stands for: the names of its file, the best first.

    `conf` is what its variable gets where the user does not set it.
    """

    option: str
    word: str
    files: tuple[str, ...]
    source: str
    runtime: str = ""  # the OpenMP runtime that it is
    conf: tuple[str, str] | None = None


# As PyTorch's run_cpu has it. Not with the dirty_decay_ms:9000000000 that others add: what is given back
# after a hundred days counts as used in a container with a limit.
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
