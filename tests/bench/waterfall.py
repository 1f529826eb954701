"""Draws where the time goes between the last sound of speech and the first sound of the reply."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot as plt

COLOURS = ("#c9d6df", "#f0b67f", "#7fb7be", "#8c7aa9", "#5c946e")


def draw(path: Path, stages: Sequence[str], rows: list[list[float]]) -> None:
    """A bar a turn, quickest first, parted into stages; and the median of all on top."""
    ordered = sorted(rows, key=sum)
    median = [float(np.median(column)) for column in zip(*rows, strict=True)]
    bars = [*ordered, median]
    figure, axes = plt.subplots(figsize=(10, 0.32 * len(bars) + 1.8), constrained_layout=True)
    for place, row in enumerate(bars):
        left = 0.0
        for number, width in enumerate(row):
            axes.barh(place, width, left=left, color=COLOURS[number], height=0.75)
            left += width
        axes.text(sum(row) + 8, place, f"{sum(row):.0f} ms", va="center", fontsize=8)
    names = [f"turn {n + 1}" for n in range(len(ordered))] + ["median of each stage"]
    axes.set_yticks(range(len(bars)), names, fontsize=8)
    axes.axvline(500, color="#888888", linestyle=":", linewidth=1)
    axes.text(502, -0.9, "target p50", fontsize=8, color="#666666")
    axes.set_xlabel("milliseconds since the last sound of speech")
    axes.set_xlim(0, max(560, max(map(sum, rows)) * 1.1))
    axes.legend(
        [plt.Rectangle((0, 0), 1, 1, color=c) for c in COLOURS], stages,
        loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(stages), fontsize=8, frameon=False,
    )  # fmt: skip
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path, dpi=110)
    plt.close(figure)
