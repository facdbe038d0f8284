"""Print the size of a library's own thread pool, as the library or the kernel tells it.

`python pools.py NAME`; one whole number on standard output.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path


def pytorch() -> int:
    import torch

    return int(torch.get_num_threads())


def numpy() -> int:
    import numpy as np
    from threadpoolctl import threadpool_info

    np.ones((8, 8)) @ np.ones((8, 8))
    return max(int(pool["num_threads"]) for pool in threadpool_info() if pool["user_api"] == "blas")


def tensorflow_inter_op() -> int:
    return _tensorflow_pools()["tf_Compute"]


def tensorflow_intra_op() -> int:
    return _tensorflow_pools()["intra"]


def _tensorflow_pools() -> Counter[str]:
    """The threads that TensorFlow starts with its CPU device; those of the intra-op pool have no name.

    TensorFlow's own API tells what was asked for (0: its own choice), not what there is.
    """
    import tensorflow as tf

    before = Counter(_threads())
    tf.config.list_logical_devices()
    own = Path("/proc/self/comm").read_text().strip()
    started = Counter(_threads()) - before
    return Counter({"intra": started.pop(own, 0), **started})


def onnxruntime() -> int:
    """Threads of the session, with the one that calls it."""
    import onnxruntime as ort
    from onnx import TensorProto, helper

    value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [8]) for name in ("x", "y")]
    node = helper.make_node("Relu", ["x"], ["y"])
    graph = helper.make_graph([node], "relu", value[:1], value[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    before = len(_threads())
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return len(_threads()) - before + 1 if session else 0


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
    """Threads that encode a batch."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    tokenizer = Tokenizer(WordLevel({"a": 0, "[UNK]": 1}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.pre_tokenizer = Whitespace()
    before = len(_threads())
    tokenizer.encode_batch(["a b a"] * 1000)
    return len(_threads()) - before


def _threads() -> list[str]:
    """The names of this process's threads."""
    return [(task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir()]


if __name__ == "__main__":
    print(globals()[sys.argv[1]]())
