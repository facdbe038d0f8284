"""A small convolution network at inference, as a server would run it. Prints one JSON object.

With PyTorch where it is installed, else the same layers in NumPy.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def torch_network() -> tuple[Callable[[], object], int, str]:
    """Five convolutions over one 64 x 64 image, the threads of the pool, the library's name."""
    import torch
    from torch import nn

    layers: list[nn.Module] = []
    for width_in, width_out in ((3, 32), (32, 64), (64, 64), (64, 128), (128, 128)):
        layers += [nn.Conv2d(width_in, width_out, 3, padding=1), nn.BatchNorm2d(width_out), nn.ReLU()]
    network = nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10)).eval()
    image = torch.rand(1, 3, 64, 64)

    def infer() -> object:
        with torch.inference_mode():
            return network(image)

    return infer, torch.get_num_threads(), f"PyTorch {torch.__version__}"


def numpy_network() -> tuple[Callable[[], object], int, str]:
    """The same convolutions, each a matrix product over its patches, on NumPy's BLAS."""
    import numpy as np
    from threadpoolctl import threadpool_info

    generator = np.random.default_rng(0)
    widths = ((3, 32), (32, 64), (64, 64), (64, 128), (128, 128))
    weights = [generator.normal(0, 0.05, (9 * a, b)).astype(np.float32) for a, b in widths]
    last = generator.normal(0, 0.05, (128, 10)).astype(np.float32)
    image = generator.random((64, 64, 3), dtype=np.float32)

    def infer() -> object:
        x = image
        for weight in weights:
            padded = np.pad(x, ((1, 1), (1, 1), (0, 0)))
            patches = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(0, 1))
            x = np.maximum(patches.reshape(64 * 64, -1) @ weight, 0).reshape(64, 64, -1)
        return x.mean(axis=(0, 1)) @ last

    return infer, max(pool["num_threads"] for pool in threadpool_info()), f"NumPy {np.__version__}"


def main() -> None:
    """Infer for so many seconds, after a warm-up of a fifth of them."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=4)
    seconds = options.parse_args().seconds
    try:
        infer, threads, library = torch_network()
    except ImportError:
        infer, threads, library = numpy_network()
    times: list[float] = []
    begin = time.perf_counter()
    while (start := time.perf_counter()) < begin + seconds * 1.2 or len(times) < 4:
        infer()
        if start > begin + seconds * 0.2:
            times.append(time.perf_counter() - start)
    percentiles = statistics.quantiles(times, n=100, method="inclusive")
    result = {
        "library": library,
        "threads": threads,
        "per_second": round(len(times) / sum(times), 1),
        "p50_ms": round(percentiles[49] * 1000, 1),
        "p99_ms": round(percentiles[98] * 1000, 1),
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
