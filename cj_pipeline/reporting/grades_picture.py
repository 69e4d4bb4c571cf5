"""Grades as a picture: for every essay a bar, divided by the probability of each grade; best at the top."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cj_pipeline.reporting.png import png
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Colour: TypeAlias = tuple[float, float, float]
Floats: TypeAlias = NDArray[np.float64]

_MOST_LABELS = 60
_ROOM_FOR_A_LABEL = 0.1
"""Least probability whose part of a bar is wide enough to be written in."""

_NOTICE = "#b3541e"
_DARK, _LIGHT, _MIDDLE = "#222222", "#ffffff", 0.55
_EDGE = "#ffffff"
_PALETTE = 48


def grades_picture(table: pd.DataFrame, levels: Sequence[str], title: str, *, synthetic: bool) -> bytes:
    """Draw grades.

    Args:
        table: The `grade_projections` table, best first.
        levels: Labels an essay can get, lowest first.
        title: Title of the assessment.
        synthetic: Whether a synthetic judge made the ranking, which the picture then says.

    Returns:
        A PNG image, small enough for an event log (under 50 kB for 60 essays).
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 (half a second to import, and only pictures need it)

    n = len(table)
    labelled = n <= _MOST_LABELS
    figure = Figure(figsize=(7.2, max(2.8, 0.24 * n + 1.9) if labelled else 9.0), layout="constrained")
    axes = figure.add_subplot()
    colours = _colours(len(levels))
    probabilities = table[[f"p_{label}" for label in levels]].to_numpy(dtype=float)
    if labelled:
        _bars(axes, probabilities, levels, colours)
        _names(axes, table)
    else:
        _bands(axes, probabilities, colours)
        axes.set_yticks([])
        axes.set_ylabel(f"{n} essays, best at the top")
    _finish(figure, axes, levels, colours, labelled=labelled)
    axes.set_title(title, loc="left", fontsize=11, parse_math=False)
    if synthetic:
        figure.supxlabel(SYNTHETIC_NOTICE, fontsize=8, color=_NOTICE)
    return png(figure, _PALETTE)


def _colours(n: int) -> list[Colour]:
    """From dark (the lowest) to light; distinguishable without seeing colours."""
    from matplotlib import colormaps  # noqa: PLC0415 (see grades_picture)

    return [(red, green, blue) for red, green, blue, _ in colormaps["viridis"](np.linspace(0.0, 1.0, n)).tolist()]


def _bars(
    axes: "Axes",
    probabilities: Floats,
    levels: Sequence[str],
    colours: Sequence[Colour],
) -> None:
    height = np.arange(len(probabilities), 0, -1)
    starts = np.cumsum(probabilities, axis=1) - probabilities
    best = np.argmax(probabilities, axis=1)
    for k, (label, colour) in enumerate(zip(levels, colours, strict=True)):
        axes.barh(height, probabilities[:, k], left=starts[:, k], height=0.82, color=colour, edgecolor=_EDGE, lw=0.5)
        ink = _LIGHT if np.dot(colour, (0.3, 0.59, 0.11)) < _MIDDLE else _DARK
        for y, start, share, is_best in zip(height, starts[:, k], probabilities[:, k], best == k, strict=True):
            if is_best or share >= _ROOM_FOR_A_LABEL:
                weight = "bold" if is_best else "normal"
                axes.text(
                    start + share / 2,
                    y - 0.03,
                    label,
                    ha="center",
                    va="center",
                    fontsize=7,
                    color=ink,
                    fontweight=weight,
                    parse_math=False,
                )
    axes.set_ylim(0.4, len(probabilities) + 0.6)


def _bands(
    axes: "Axes",
    probabilities: Floats,
    colours: Sequence[Colour],
) -> None:
    height = np.arange(len(probabilities), 0, -1)
    ends = np.cumsum(probabilities, axis=1)
    for k, colour in enumerate(colours):
        axes.fill_betweenx(height, ends[:, k] - probabilities[:, k], ends[:, k], color=colour, lw=0)
    axes.set_ylim(1, len(probabilities))


def _names(axes: "Axes", table: pd.DataFrame) -> None:
    known = table["known_grade"].where(table["known_grade"].notna(), "")
    names = [f"{i}  (anchor {g})" if g else str(i) for i, g in zip(table["essay_id"], known, strict=True)]
    axes.set_yticks(range(len(table), 0, -1), names, fontsize=8)
    for tick, grade in zip(axes.get_yticklabels(), known, strict=True):
        tick.set_color(_NOTICE if grade else _DARK)
        tick.set_parse_math(False)


def _finish(
    figure: "Figure", axes: "Axes", levels: Sequence[str], colours: Sequence[Colour], *, labelled: bool
) -> None:
    from matplotlib.patches import Patch  # noqa: PLC0415 (see grades_picture)

    axes.set_xlim(0, 1)
    axes.set_xlabel("probability of each grade" + ("; the likeliest in bold" if labelled else ""))
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    patches = [Patch(color=colour, label=label) for label, colour in zip(levels, colours, strict=True)]
    legend = figure.legend(
        handles=patches,
        loc="outside upper right",
        ncols=min(len(levels), 10),
        fontsize=8,
        frameon=False,
        handlelength=1.0,
        columnspacing=1.0,
        title="grade",
        title_fontsize=8,
    )
    for text in legend.get_texts():
        text.set_parse_math(False)
