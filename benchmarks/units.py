"""The programs to measure, and the process that runs one of them on request.

`python units.py NAME SOCKET` connects to a Unix socket, says who it is, and answers each line there with
one of JSON: to "load", when it has imported and built, to "run SECONDS", how long each unit of work took.
It is not told over its own streams: the launchers that are compared do with these what they like.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Unit = Callable[[], object]

PIXELS = 128  # of an image's side
# ResNet-50: the width inside of a stage's blocks, and their number (He et al. 2015, table 1).
STAGES = ((64, 3), (128, 4), (256, 6), (512, 3))
LEAST = 3  # units of a run
WARM_UP = 2  # units, in which a framework still compiles
TOO_LONG = 2  # times as long as was asked for: then what there is must do


def blocks() -> Iterator[tuple[int, int, int]]:
    """Return for each block of ResNet-50: input channels, inner width, stride."""
    channels = 64
    for stage, (width, number) in enumerate(STAGES):
        for block in range(number):
            yield channels, width, 2 if stage and not block else 1
            channels = 4 * width


def resnet50_pytorch() -> Unit:
    import torch
    from torch import nn

    def convolution(inside: int, outside: int, kernel: int, stride: int = 1) -> list[Any]:
        layer = nn.Conv2d(inside, outside, kernel, stride, padding=kernel // 2, bias=False)
        return [layer, nn.BatchNorm2d(outside)]

    class Block(nn.Module):  # type: ignore[misc]
        def __init__(self, channels: int, width: int, stride: int) -> None:
            super().__init__()
            self.body = nn.Sequential(
                *convolution(channels, width, 1), nn.ReLU(),
                *convolution(width, width, 3, stride), nn.ReLU(),
                *convolution(width, 4 * width, 1),
            )  # fmt: skip
            same = channels == 4 * width
            self.beside = (
                nn.Identity() if same else nn.Sequential(*convolution(channels, 4 * width, 1, stride))
            )

        def forward(self, x: Any) -> Any:
            return torch.relu(self.body(x) + self.beside(x))

    stem = [*convolution(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000)]
    network = nn.Sequential(*stem, *(Block(*block) for block in blocks()), *head).eval()
    return _inference(network, torch.rand(1, 3, PIXELS, PIXELS))


def bert_pytorch() -> Unit:
    import torch
    from torch import nn

    layer = nn.TransformerEncoderLayer(768, 12, 3072, activation="gelu", batch_first=True)
    network = nn.TransformerEncoder(layer, 12, enable_nested_tensor=False).eval()
    return _inference(network, torch.rand(1, 32, 768))  # 32 tokens: a question, not a page


def _inference(network: Any, data: Any) -> Unit:
    import torch

    def infer() -> object:
        with torch.inference_mode():
            return network(data)

    return infer


def resnet50_tensorflow() -> Unit:
    import tensorflow as tf

    network = tf.keras.applications.ResNet50(weights=None, input_shape=(PIXELS, PIXELS, 3))
    compiled = tf.function(lambda image: network(image, training=False))
    image = tf.random.uniform((1, PIXELS, PIXELS, 3))
    return lambda: compiled(image).numpy()


def resnet50_onnxruntime() -> Unit:
    """Build the network with batch norms folded into the convolutions, as exporters write it."""
    import numpy as np
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    generator = np.random.default_rng(0)
    nodes: list[Any] = []
    weights: list[Any] = []

    def add(kind: str, *inputs: str, **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, list(inputs), [f"x{len(nodes)}"], **attributes))
        return f"x{len(nodes) - 1}"

    def weight(*shape: int) -> str:
        values = generator.normal(0, 0.02, shape).astype(np.float32)
        weights.append(numpy_helper.from_array(values, f"w{len(weights)}"))
        return f"w{len(weights) - 1}"

    def convolution(x: str, inside: int, outside: int, kernel: int, stride: int = 1) -> str:
        pads, strides = [kernel // 2] * 4, [stride] * 2
        return add("Conv", x, weight(outside, inside, kernel, kernel), pads=pads, strides=strides)

    x = add("Relu", convolution("image", 3, 64, 7, 2))
    x = add("MaxPool", x, kernel_shape=[3, 3], strides=[2, 2], pads=[1] * 4)
    for channels, width, stride in blocks():
        y = add("Relu", convolution(x, channels, width, 1))
        y = convolution(add("Relu", convolution(y, width, width, 3, stride)), width, 4 * width, 1)
        beside = x if channels == 4 * width else convolution(x, channels, 4 * width, 1, stride)
        x = add("Relu", add("Add", y, beside))
    add("Gemm", add("Flatten", add("GlobalAveragePool", x)), weight(2048, 1000))
    ends = [
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)]
        for name, shape in (("image", [1, 3, PIXELS, PIXELS]), (nodes[-1].output[0], [1, 1000]))
    ]
    model = helper.make_model(helper.make_graph(nodes, "resnet50", *ends, initializer=weights))
    model.ir_version, model.opset_import[0].version = 9, 17
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    image = generator.random((1, 3, PIXELS, PIXELS), dtype=np.float32)
    return lambda: session.run(None, {"image": image})


def gemm_numpy() -> Unit:
    import numpy as np

    left, right = np.random.default_rng(0).random((2, 768, 768), dtype=np.float32)
    return lambda: left @ right


def _product(size: int) -> float:
    import numpy as np

    square = np.ones((size, size), dtype=np.float32)
    return float((square @ square)[0, 0])


def pool_numpy() -> Unit:
    """Start a process for each CPU, as `multiprocessing.Pool` does; each has threads of its own."""
    from multiprocessing import Pool

    pool = Pool()
    return lambda: pool.map(_product, [512] * 8, chunksize=1)


def _table() -> tuple[Any, Any]:
    import numpy as np

    generator = np.random.default_rng(0)
    rows = generator.normal(size=(10_000, 20))
    return rows, (rows[:, :5].sum(axis=1) + generator.normal(size=len(rows)) > 0).astype(int)


def boosting_scikit_learn() -> Unit:
    from sklearn.ensemble import HistGradientBoostingClassifier

    rows, classes = _table()
    model = HistGradientBoostingClassifier(max_iter=5, early_stopping=False)
    return lambda: model.fit(rows, classes)


def training_xgboost() -> Unit:
    import xgboost

    rows, classes = _table()
    data = xgboost.DMatrix(rows, classes)
    options = {"objective": "binary:logistic", "tree_method": "hist"}
    return lambda: xgboost.train(options, data, num_boost_round=5)


def encoding_tokenizers() -> Unit:
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    words = [
        f"{a}{b}{c}" for a in ("re", "un", "pre") for b in ("token", "thread", "core") for c in ("s", "ed")
    ]
    text = [" ".join(words[i % 18] for i in range(start, start + 200)) for start in range(64)]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    os.environ["TOKENIZERS_PARALLELISM"], before = "false", os.environ.get("TOKENIZERS_PARALLELISM")
    tokenizer.train_from_iterator(text[:8], trainers.BpeTrainer(vocab_size=60, show_progress=False))
    os.environ.pop("TOKENIZERS_PARALLELISM")
    if before is not None:
        os.environ["TOKENIZERS_PARALLELISM"] = before
    return lambda: tokenizer.encode_batch(text)


PROGRAMS: dict[str, Callable[[], Unit]] = {
    "ResNet-50, PyTorch": resnet50_pytorch,
    "ResNet-50, TensorFlow": resnet50_tensorflow,
    "ResNet-50, ONNX Runtime": resnet50_onnxruntime,
    "BERT-base, PyTorch": bert_pytorch,
    "matrix product, NumPy": gemm_numpy,
    "boosting, scikit-learn": boosting_scikit_learn,
    "boosting, XGBoost": training_xgboost,
    "tokenizers": encoding_tokenizers,
    "pool of processes, NumPy": pool_numpy,
}


def repeat(unit: Unit, seconds: float) -> list[float]:
    """Return the seconds of each unit but the first, before which other processes had the caches."""
    times: list[float] = []
    begin = before = time.perf_counter()
    while True:
        unit()
        now = time.perf_counter()
        times.append(now - before)
        spent, before = now - begin, now
        if spent > TOO_LONG * seconds or (spent - times[0] >= seconds and len(times) > LEAST):
            return times[1:] or times


def main() -> None:
    """Carry out the commands on the socket until it is closed."""
    name, address = sys.argv[1:]
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        stream = connection.makefile("rw")
        mask = sorted(os.sched_getaffinity(0))
        answer: Any = {"environ": dict(os.environ), "mask": mask}
        unit: Unit | None = None
        while True:
            stream.write(json.dumps(answer) + "\n")
            stream.flush()
            word, _, rest = stream.readline().partition(" ")
            if not word:
                return
            if word.strip() == "load":
                unit = PROGRAMS[name]()
                for _ in range(WARM_UP):
                    unit()
            answer = repeat(unit, float(rest)) if unit and rest else None


if __name__ == "__main__":
    main()
