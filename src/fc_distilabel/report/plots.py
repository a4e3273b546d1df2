"""The report's pictures: each takes counts and labels, and gives SVG."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from fc_distilabel.report.drawing import (
    BAD,
    INK,
    LINE,
    MAIN,
    MUTED,
    SCORES,
    SMALL,
    drawn,
)
from fc_distilabel.report.words import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROW = 22
"""Height of a bar and its space."""
_LABELS = 124
"""Room for labels at the left."""


def bars(values: Mapping[str, float], shown: Callable[[float], str] = "{:,.0f}".format) -> str:
    """A bar for each label, from top to bottom, with its value at the end."""
    with drawn(ROW * max(1, len(values)), _LABELS) as picture:
        axes, most = picture.axes, max([*values.values(), 1e-9])
        for place, value in enumerate(values.values()):
            axes.barh(place, value, height=0.62, color=MAIN)
            axes.text(value + most * 0.02, place, shown(value), va="center", color=MUTED)
        _rows(picture.axes, list(values), most)
    return picture.svg


def funnel(stages: Sequence[tuple[str, int, int]]) -> str:
    """For each stage the rows that came in: those that went on, and those that did not."""
    with drawn(ROW * len(stages), _LABELS) as picture:
        axes, most = picture.axes, max([made for _, made, _ in stages] + [1])
        for place, (_, made, kept) in enumerate(stages):
            axes.barh(place, kept, height=0.62, color=MAIN)
            axes.barh(place, made - kept, left=kept, height=0.62, color=BAD)
            axes.text(made + most * 0.02, place, f"{kept:,}", va="center", color=MUTED)
        _rows(axes, [name for name, _, _ in stages], most)
    return picture.svg


def columns(values: Mapping[str, int]) -> str:
    """A column for each label, with its count above."""
    with drawn(136, 8, bottom=20, top=16) as picture:
        axes, most = picture.axes, max([*values.values(), 1])
        for place, count in enumerate(values.values()):
            axes.bar(place, count, width=0.7, color=MAIN)
            axes.text(
                place, count + most * 0.03, f"{count:,}", ha="center", color=MUTED, size=SMALL
            )
        axes.set_xlim(-0.6, max(5, len(values)) - 0.4)
        axes.set_ylim(0, most * 1.05)
        axes.set_yticks([])
        axes.set_xticks(range(len(values)), list(values), color=INK)
    return picture.svg


def steps(counts: Sequence[int]) -> str:
    """Counts over ten steps from 0 to 1."""
    with drawn(136, 8, bottom=20, top=16) as picture:
        axes, most = picture.axes, max([*counts, 1])
        for place, count in enumerate(counts):
            axes.bar(place + 0.5, count, width=0.92, color=MAIN)
            if count:
                axes.text(
                    place + 0.5,
                    count + most * 0.03,
                    str(count),
                    ha="center",
                    color=MUTED,
                    size=SMALL,
                )
        axes.set_xlim(0, len(counts))
        axes.set_ylim(0, most * 1.05)
        axes.set_yticks([])
        axes.set_xticks([0, 2, 4, 6, 8, 10], ["0", "0.2", "0.4", "0.6", "0.8", "1"], color=INK)
        axes.spines["bottom"].set_visible(True)
    return picture.svg


def against_target(rows: Sequence[tuple[str, float, float | None]]) -> str:
    """A bar for each share, with a mark where its target is."""
    with drawn(ROW * len(rows), _LABELS, right=76) as picture:
        axes = picture.axes
        for place, (_, value, target) in enumerate(rows):
            axes.barh(place, value, height=0.5, color=MAIN)
            if target is not None:
                axes.vlines(target, place - 0.4, place + 0.4, color=INK, linewidth=2)
            end = max(value, target or 0)
            told = f"{value:.0%}" if target is None else f"{value:.0%} / {target:.0%}"
            axes.text(end + 0.02, place, told, va="center", color=MUTED)
        _rows(axes, [name for name, _, _ in rows], 1)
    return picture.svg


def heat_map(kinds: Sequence[str], features: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Counts of features (rows) by kind (columns): the more, the darker."""
    with drawn(ROW * len(features) + 92, _LABELS - 16, top=92, right=56) as picture:
        axes, most = picture.axes, max([count for line in counts for count in line] + [1])
        from matplotlib.patches import Rectangle

        for column, line in enumerate(counts):
            for place, count in enumerate(line):
                corner = (column + 0.03, place - 0.46)
                axes.add_patch(Rectangle(corner, 0.94, 0.92, color=LINE, alpha=0.5, linewidth=0))
                if count:
                    alpha = 0.15 + 0.6 * count / most
                    axes.add_patch(
                        Rectangle(corner, 0.94, 0.92, color=MAIN, alpha=alpha, linewidth=0)
                    )
                    axes.text(
                        column + 0.5, place, str(count), ha="center", va="center", size=SMALL - 1
                    )
        _rows(axes, features, max(6, len(kinds)))
        for column, kind in enumerate(kinds):
            axes.text(
                column + 0.35, -0.65, label(kind), rotation=55, va="bottom", size=SMALL, color=INK
            )
    return picture.svg


def scores(rows: Sequence[tuple[str, Mapping[int, int]]]) -> str:
    """For each criterion the shares of the scores 1 to 5, from bad to good, and their mean."""
    with drawn(ROW * len(rows), _LABELS) as picture:
        axes = picture.axes
        for place, (_, counts) in enumerate(rows):
            total, start = sum(counts.values()), 0.0
            for score, colour in enumerate(SCORES, start=1):
                share = counts.get(score, 0) / max(1, total)
                axes.barh(place, share, left=start, height=0.62, color=colour)
                start += share
            mean = sum(score * count for score, count in counts.items()) / max(1, total)
            axes.text(1.02, place, f"{mean:.2f}", va="center", color=MUTED)
        _rows(axes, [name for name, _ in rows], 1)
    return picture.svg


def _rows(axes: "Axes", labels: Sequence[str], most: float) -> None:
    """Labels at the left, one a row, the first on top."""
    axes.set_xlim(0, most)
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.set_xticks([])
    axes.set_yticks(range(len(labels)), [label(text) for text in labels])
