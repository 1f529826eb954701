"""The curve over thresholds: what is missed against what opens falsely."""

from collections.abc import Mapping
from pathlib import Path

from tests.scenes.score import Score


def draw(path: Path, curve: list[tuple[int, float, float]], ways: Mapping[str, Score], behind: str) -> None:
    """Write a PNG.

    curve: of score.sweep(). ways: each way to open and its figures. behind: what stands behind them, for the title.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(8, 5.5), layout="constrained")
    axes.plot([p[2] for p in curve], [100 * p[1] for p in curve], color="#1f6f8b", label="sottovoce, all thresholds")
    for threshold, missed, false in curve:
        if threshold % 20 == 10:
            axes.annotate(
                f"{threshold} %", (false, 100 * missed), textcoords="offset points", xytext=(4, 4), fontsize=8
            )
    for (name, score), marker in zip(ways.items(), "osD^vP*", strict=False):
        x, y = score.false_per_hour, score.misses
        axes.errorbar(
            x.value,
            100 * y.value,
            xerr=[[x.value - x.low], [x.high - x.value]],
            yerr=[[100 * (y.value - y.low)], [100 * (y.high - y.value)]],
            fmt=marker,
            capsize=3,
            label=name,
        )
    axes.fill_between([0, 0.5], 0, 5, alpha=0.25, color="#2e8b57", label="goal: 5 % misses, 0.5 an hour")
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xlim(left=0)
    axes.set_ylim(-2, 102)
    axes.set_xlabel("false openings an hour")
    axes.set_ylabel("requests missed, %")
    axes.set_title(behind, fontsize=10)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=130)
    plt.close(figure)
