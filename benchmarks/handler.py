"""A model for the model server: five convolutions over one 64 x 64 image for each request."""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from torch import nn

WIDTHS = (3, 32, 64, 64, 128, 128)


@cache
def network() -> Any:
    """Build the network once in each worker."""
    layers: list[nn.Module] = []
    for inside, outside in zip(WIDTHS, WIDTHS[1:], strict=False):
        layers += [nn.Conv2d(inside, outside, 3, padding=1), nn.BatchNorm2d(outside), nn.ReLU()]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 10)).eval()


def handle(data: object, _context: Any) -> list[str]:
    """Answer one request; without data, the server loads the model."""
    with torch.inference_mode():
        answer = network()(torch.rand(1, 3, 64, 64)).argmax().item()
    return [str(answer)] if data else []
