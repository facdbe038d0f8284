"""Plots of the results, in docs/benchmarks."""

from __future__ import annotations

from typing import Any

import matplotlib as mpl
import scores
from report import DOCS
from speed_section import NAMED

mpl.use("Agg")
from matplotlib import pyplot as plt

FOLDER = DOCS / "benchmarks"
FEW = 4  # CPUs, on which a sweep over numbers of threads shows little
SHOWN = ("ResNet-50, PyTorch", "1")  # program and limit in CPUs of the plot in the README
SWEPT = ("matrix product, NumPy", "8")  # program and limit in CPUs of the plot of a sweep


def draw(results: dict[str, Any]) -> None:
    """Draw a plot of each section that has one."""
    FOLDER.mkdir(exist_ok=True)
    cpus = results["machine"]["cpus"]
    if "speed" in results:
        speed(results["speed"], f"speed-{cpus}-cpus.png")
        if cpus <= FEW:
            before_after(results["speed"], f"before-after-{cpus}-cpus.png")
        if cpus > FEW:
            sweep(results["speed"], f"sweep-{cpus}-cpus.png")
    if "launch" in results:
        launch(results["launch"], f"launch-{cpus}-cpus.png")


def speed(rows: list[dict[str, Any]], name: str) -> None:
    """Draw a field for each cell and contender; its colour is the speed divided by the best."""
    found = scores.cells(rows)
    programs = list(dict.fromkeys(cell[0] for cell in found))
    kinds = list(dict.fromkeys(cell[1:] for cell in found))
    figure, axes = plt.subplots(
        1, len(NAMED), figsize=(3 + 2.6 * len(NAMED), 1 + 0.3 * len(kinds)), sharey=True
    )
    for axis, contender in zip(axes, NAMED, strict=True):
        near = scores.parts(found, contender)
        parts = [[min(1.0, near.get((program, *kind), 0)) for program in programs] for kind in kinds]
        image = axis.imshow(parts, vmin=0, vmax=1, cmap="RdYlGn", aspect="auto")
        axis.set_title(contender)
        axis.set_xticks(range(len(programs)), programs, rotation=60, ha="right", fontsize=8)
        axis.set_yticks(range(len(kinds)), [f"{limit}, {beside}" for limit, beside in kinds], fontsize=8)
    figure.colorbar(image, ax=axes, label="part of the sweep's best")
    figure.savefig(FOLDER / name, dpi=100, bbox_inches="tight")
    plt.close(figure)


def before_after(rows: list[dict[str, Any]], name: str) -> None:
    """Draw speed, p99 and throttled periods of one program, without and with mkl-launch."""
    cells = scores.cells(rows)
    measures = {"rate": "images/s", "p99_ms": "p99, ms", "throttled_per_s": "throttled periods/s"}
    starts = {"without": (scores.UNTOUCHED, "tab:gray"), "with mkl-launch": (scores.OURS, "tab:blue")}
    beside = {"alone": "alone", "a busy process": "beside a\nbusy process"}
    figure, axes = plt.subplots(1, len(measures), figsize=(9, 2.6), layout="constrained")
    for axis, (measure, title) in zip(axes, measures.items(), strict=True):
        for at, (label, (contender, color)) in enumerate(starts.items()):
            heights = [cells[(*SHOWN, company)][contender][measure] for company in beside]
            bars = axis.bar(
                [x + 0.4 * at for x in range(len(beside))], heights, 0.38, label=label, color=color
            )
            axis.bar_label(bars, fmt="%.0f", fontsize=8)
        axis.set_title(title, fontsize=10)
        axis.set_xticks([x + 0.2 for x in range(len(beside))], list(beside.values()), fontsize=8)
        axis.set_yticks([])
        axis.spines[["top", "right", "left"]].set_visible(False)
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, frameon=False)
    figure.savefig(FOLDER / name, dpi=100)
    plt.close(figure)


def sweep(rows: list[dict[str, Any]], name: str) -> None:
    """Draw the speed over the number of threads, a line for each neighbour, with our choice as a dot."""
    figure, axis = plt.subplots(figsize=(7, 3.5))
    for cell, one in scores.cells(rows).items():
        if cell[:2] != SWEPT:
            continue
        rates = {
            int(number): row["rate"]
            for contender, row in one.items()
            for number, _, word in [contender.partition(" ")]
            if word == "threads"
        }
        threads = sorted(rates)
        (line,) = axis.plot(threads, [rates[number] for number in threads], label=cell[2])
        axis.plot(int(SWEPT[1]), one[scores.OURS]["rate"], "o", color=line.get_color())
    axis.set_xscale("log", base=2)
    axis.set_xticks(threads, [str(number) for number in threads])
    axis.set_xlabel("threads (dots: mkl-launch)")
    axis.set_ylabel("products/s")
    axis.set_ylim(bottom=0)
    axis.legend(frameon=False)
    axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(FOLDER / name, dpi=100, bbox_inches="tight")
    plt.close(figure)


def launch(found: dict[str, list[dict[str, Any]]], name: str) -> None:
    """Draw bars of CPU time."""
    costs = {row["start"]: row["cpu"] for row in [*found["starts"], *found["slow"][1:]]}
    figure, axis = plt.subplots(figsize=(8, 0.5 + 0.35 * len(costs)))
    bars = axis.barh(list(costs), list(costs.values()), color="tab:blue")
    axis.bar_label(bars, fmt="%.1f", padding=3)
    axis.set_xscale("log")
    axis.set_xlabel("CPU time of a start, ms")
    axis.invert_yaxis()
    axis.spines[["top", "right"]].set_visible(False)
    figure.savefig(FOLDER / name, dpi=100, bbox_inches="tight")
    plt.close(figure)
