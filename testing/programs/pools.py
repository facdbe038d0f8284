"""Print the size of a library's own thread pool, as the library or the kernel reports it.

`python pools.py NAME`; one whole number on standard output.
"""

from __future__ import annotations

import ctypes
import os
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

SETTLED = 10  # looks with the same threads


def pytorch() -> int:
    import torch

    return int(torch.get_num_threads())


def numpy() -> int:
    import numpy as np
    from threadpoolctl import threadpool_info

    np.ones((8, 8)) @ np.ones((8, 8))
    return max(int(pool["num_threads"]) for pool in threadpool_info() if pool["user_api"] == "blas")


def numpy_waiting() -> int:
    """Return the CPU time, in milliseconds, that idle threads use."""
    import numpy as np

    matrix = np.ones((512, 512))
    spent = 0.0
    for _ in range(5):
        matrix @ matrix
        before = time.process_time()
        time.sleep(0.06)
        spent += time.process_time() - before
    return round(1000 * spent)


def tensorflow_inter_op() -> int:
    return _tensorflow_pools()["tf_Compute"]


def tensorflow_intra_op() -> int:
    return _tensorflow_pools()["intra"]


def _tensorflow_pools() -> Counter[str]:
    """Start TensorFlow's CPU device and return its threads; those of the intra-op pool have no name.

    TensorFlow's own API tells what was asked for (0: its own choice), not what there is.
    """
    import tensorflow as tf

    before = _threads()
    tf.config.list_logical_devices()
    own = Path("/proc/self/comm").read_text().strip()
    started = Counter(_name(thread) for thread in _settled() - before)
    return Counter({"intra": started.pop(own, 0), **started})


def onnxruntime() -> int:
    """Return the number of threads of the session, with the calling thread."""
    import onnxruntime as ort
    from onnx import TensorProto, helper

    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [8]) for name in ("x", "y")]
    node = helper.make_node("Relu", ["x"], ["y"])
    graph = helper.make_graph([node], "relu", value[:1], value[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    sessions = []

    def start() -> None:
        sessions.append(ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]))

    return _threads_started_by(start) + 1


def numexpr() -> int:
    import numexpr as library

    return int(library.nthreads)


def numba() -> int:
    import numba as library

    return int(library.get_num_threads())


def polars() -> int:
    import polars as pl

    return int(pl.thread_pool_size())


def scikit_learn() -> int:
    from sklearn.utils._openmp_helpers import _openmp_effective_n_threads

    return int(_openmp_effective_n_threads())


def joblib() -> int:
    import joblib as library

    return int(library.cpu_count())


def tokenizers() -> int:
    """Return the number of threads that encode a batch."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = Whitespace()
    return _threads_started_by(lambda: tokenizer.encode_batch(["a b a"] * 1000))


def pyarrow() -> int:
    import pyarrow as pa

    return int(pa.cpu_count())


def xgboost() -> int:
    """Return the number of threads that read the data and build trees, with the calling thread."""
    import numpy as np
    import xgboost as library

    def train() -> None:
        data = library.DMatrix(np.arange(4000.0).reshape(1000, 4), label=np.arange(1000.0))
        library.train({"tree_method": "hist"}, data, 2)

    return _threads_started_by(train) + 1


def lightgbm() -> int:
    """Return the number of threads that read the data and build trees, with the calling thread."""
    import lightgbm as library
    import numpy as np

    def train() -> None:
        data = library.Dataset(np.arange(4000.0).reshape(1000, 4), label=np.arange(1000.0))
        library.train({"verbose": -1}, data, 2)

    return _threads_started_by(train) + 1


def mxnet() -> int:
    """Return the number of threads that convolve, with the calling thread of the engine."""
    import mxnet as mx

    image, weight = mx.nd.ones((1, 3, 64, 64)), mx.nd.ones((8, 3, 3, 3))
    mx.nd.waitall()

    def convolve() -> None:
        mx.nd.Convolution(image, weight, no_bias=True, kernel=(3, 3), num_filter=8).wait_to_read()

    return _threads_started_by(convolve) + 1


def intel_tensorflow() -> int:
    """Return the number of OpenMP threads that convolve, with the calling thread."""
    import tensorflow as tf

    image, weight = tf.ones((1, 64, 64, 3)), tf.ones((3, 3, 3, 8))
    return _threads_started_by(lambda: tf.nn.conv2d(image, weight, 1, "SAME").numpy()) + 1


def mkl() -> int:
    """Return the number of threads that multiply matrices, with the calling thread."""
    return _threads_started_by(_multiply(f"{sys.prefix}/lib/libmkl_rt.so.3")) + 1


def blis() -> int:
    """Return the number of threads that multiply matrices, with the calling thread."""
    return _threads_started_by(_multiply("libblis.so.4")) + 1


def _multiply(library: str) -> Callable[[], object]:
    """Multiply two matrices of 512 x 512 (101: by rows, 111: not transposed)."""
    blas = ctypes.CDLL(library)
    size = 512
    a, b, c = ((ctypes.c_float * size**2)() for _ in range(3))
    one = ctypes.c_float(1)
    return lambda: blas.cblas_sgemm(101, 111, 111, size, size, size, one, a, size, b, size, one, c, size)


def libgomp() -> int:
    return len(_team("libgomp.so.1"))


def libomp() -> int:
    return len(_team("libomp.so.5"))


def libiomp5() -> int:
    return len(_team(f"{sys.prefix}/lib/libiomp5.so"))


def libgomp_pinned() -> int:
    return _pinned(_team("libgomp.so.1"))


def libomp_pinned() -> int:
    return _pinned(_team("libomp.so.5"))


def libiomp5_pinned() -> int:
    return _pinned(_team(f"{sys.prefix}/lib/libiomp5.so"))


def _team(library: str) -> dict[int, set[int]]:
    """Return the threads of a parallel region, each with the CPUs that it may run on."""
    masks: dict[int, set[int]] = {}

    def region(_: object) -> None:
        masks[threading.get_native_id()] = os.sched_getaffinity(0)

    function = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(region)
    ctypes.CDLL(library).GOMP_parallel(function, None, 0, 0)
    return masks


def _pinned(team: dict[int, set[int]]) -> int:
    """Return the number of threads that each have a CPU of their own."""
    return len({min(mask) for mask in team.values() if len(mask) == 1})


def _threads_started_by(work: Callable[[], object]) -> int:
    """Return the number of threads that are there only since; others may have ended meanwhile."""
    before = _threads()
    work()
    return len(_threads() - before)


def _threads() -> set[str]:
    """Return the numbers of this process's threads."""
    return {task.name for task in Path("/proc/self/task").iterdir()}


def _name(thread: str) -> str:
    return Path(f"/proc/self/task/{thread}/comm").read_text().strip()


def _settled() -> set[str]:
    """Return the threads when their names have stopped changing. A new one first has its parent's name."""
    looks: list[dict[str, str]] = []
    while len(looks) < SETTLED or any(look != looks[-1] for look in looks[-SETTLED:]):
        time.sleep(0.02)
        looks.append({thread: _name(thread) for thread in _threads()})
    return set(looks[-1])


if __name__ == "__main__":
    print(globals()[sys.argv[1]]())
