"""Charts of a report, drawn by matplotlib, as SVG that stands in the page itself."""

import re
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_ESSAY, _ANCHOR, _MISFIT, _GRID = "#1f5c99", "#a34812", "#111111", "#dddddd"
_MOST_NAMES: Final = 40
_LONGEST_NAME: Final = 20
_TICKS: Final = 8
_MOST_BARS: Final = 400
"""Above so many essays an area stands for single bars."""

_SIZE: Final = (7.4, 3.6)


def ranking_chart(table: pd.DataFrame, names: Sequence[str], words: Mapping[str, str]) -> str:
    """Measures from best to weakest with their intervals.

    Args:
        table: The table `rankings`, best first.
        names: What its essays are called.
        words: Wording of the report.

    Returns:
        An `svg` element without ids that another chart could have.
    """
    figure, axes = _canvas()
    place = np.arange(1, len(table) + 1)
    anchors = table["anchor_grade"].notna().to_numpy()
    if len(table) > _MOST_BARS:
        axes.fill_between(place, table["interval_low"], table["interval_high"], color=_ESSAY, alpha=0.3, lw=0)
        axes.plot(place, table["measure"], color=_ESSAY, lw=1.2)
    else:
        _points(axes, table, place, anchors, words)
    axes.set_ylabel(words["axis_measure"], fontsize=9)
    _name_places(axes, names, words)
    if len(table) <= _MOST_BARS:
        figure.legend(loc="outside upper right", ncols=3, fontsize=8, frameon=False)
    return _svg(figure, "ranking")


def _points(axes: "Axes", table: pd.DataFrame, place: Any, anchors: Any, words: Mapping[str, str]) -> None:  # noqa: ANN401 (arrays)
    size = 4.5 if len(table) <= 60 else 2.5  # noqa: PLR2004 (room for larger points)
    for mask, colour, marker, name in (
        (~anchors, _ESSAY, "o", words["legend_essay"]),
        (anchors, _ANCHOR, "D", words["legend_anchor"]),
    ):
        if mask.any():
            rows = table[mask]
            spread = [rows["measure"] - rows["interval_low"], rows["interval_high"] - rows["measure"]]
            axes.errorbar(
                place[mask], rows["measure"], spread, fmt=marker, ms=size, lw=1, color=colour, label=name, zorder=3
            )
    above = (table["misfit"] == "above").to_numpy()
    if above.any():
        ring = axes.plot(place[above], table["measure"][above], "o", color=_MISFIT, label=words["legend_misfit"])[0]
        ring.set_markerfacecolor("none")
        ring.set_markersize(2 * size + 2)
        ring.set_zorder(4)


def grades_chart(table: pd.DataFrame, levels: Sequence[str], names: Sequence[str], words: Mapping[str, str]) -> str:
    """For every essay a column, divided by the probability of each grade.

    Args:
        table: The table `grade_projections`, best first.
        levels: Labels of the grade scale, lowest first.
        names: What its essays are called.
        words: Wording of the report.
    """
    from matplotlib import colormaps  # noqa: PLC0415 (half a second to import, and only charts need it)

    figure, axes = _canvas()
    place, floor = np.arange(1, len(table) + 1), np.zeros(len(table))
    colours = colormaps["viridis"](np.linspace(0, 1, len(levels)))
    for label, colour in zip(levels, colours, strict=True):
        share = table[f"p_{label}"].to_numpy(dtype=float)
        if len(table) > _MOST_BARS:
            axes.fill_between(place, floor, floor + share, color=colour, lw=0, label=label)
        else:
            axes.bar(place, share, bottom=floor, width=0.9, color=colour, label=label)
        floor = floor + share
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    axes.set_ylabel(words["axis_probability"], fontsize=9)
    _name_places(axes, names, words)
    figure.legend(
        loc="outside upper right", ncols=min(len(levels), 10), fontsize=8, frameon=False, handlelength=1.0,
        columnspacing=1.0,
    )  # fmt: skip
    return _svg(figure, "grades")


def _canvas() -> "tuple[Figure, Axes]":
    from matplotlib.figure import Figure  # noqa: PLC0415 (see grades_chart)

    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.add_subplot()
    axes.grid(axis="y", color=_GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def _name_places(axes: "Axes", names: Sequence[str], words: Mapping[str, str]) -> None:
    """Names under the places where there is room, else their ranks."""
    axes.set_xlim(0.4 - len(names) / 100, len(names) * 1.01 + 0.6)
    if len(names) > _MOST_NAMES:
        step = max(10, len(names) // _TICKS // 10 * 10)
        axes.set_xticks([1, *range(step, len(names) + 1, step)])
        axes.set_xlabel(words["axis_rank"], fontsize=9)
        return
    short = [name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…" for name in names]
    labels = axes.set_xticks(np.arange(1, len(names) + 1), short, rotation=90, fontsize=7)
    for tick in labels:
        tick.label1.set_parse_math(False)


def _svg(figure: "Figure", salt: str) -> str:
    """The figure as an element: letters as letters, ids of its own, no date, no size but its proportions."""
    from matplotlib import rc_context  # noqa: PLC0415 (see grades_chart)

    out = StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": salt, "font.family": "sans-serif"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = out.getvalue()
    element = text[text.index("<svg") :]
    element = re.sub(r"<metadata>.*?</metadata>", "", element, flags=re.DOTALL)
    # Ids of groups are the same in every figure; nothing refers to them. Those of markers and clips carry the salt.
    element = re.sub(r'<g id="[^"]*"', "<g", element)
    return re.sub(r' width="[^"]*pt" height="[^"]*pt"', "", element, count=1)
