"""The ranking as a picture: every essay's measure with its 95 % interval, best at the top.

Anchors have their own colour, and essays that judges disagree about a ring.
"""

from typing import TYPE_CHECKING, Final

import pandas as pd

from cj_pipeline.reporting.png import png

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SYNTHETIC_NOTICE: Final = "Made by a synthetic judge (the emulator), not by a language model or a person."
"""Stands wherever a result of the emulator is shown."""

_MOST_LABELS = 60
_STUDENT, _ANCHOR, _MISFIT, _GRID = "#1f5c99", "#b3541e", "#111111", "#dddddd"


def ranking_picture(table: pd.DataFrame, title: str, *, synthetic: bool) -> bytes:
    """Draw a ranking.

    Args:
        table: The `rankings` table, best first.
        title: Title of the assessment.
        synthetic: Whether a synthetic judge made it, which the picture then says.

    Returns:
        A PNG image, small enough for an event log (palette colours, under 40 kB for 60 essays).
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 (half a second to import, and only pictures need it)

    n = len(table)
    labelled = n <= _MOST_LABELS
    figure = Figure(figsize=(7.2, max(2.4, 0.24 * n + 1.5) if labelled else 9.0), layout="constrained")
    axes = figure.add_subplot()
    _draw(axes, table, size=5 if labelled else 1.5)
    _label(axes, table, labelled=labelled)
    axes.set_title(title, loc="left", fontsize=11, parse_math=False)
    if synthetic:
        figure.supxlabel(SYNTHETIC_NOTICE, fontsize=8, color=_ANCHOR)
    return png(figure)


def _draw(axes: "Axes", table: pd.DataFrame, size: float) -> None:
    height = range(len(table), 0, -1)
    anchors = table["anchor_grade"].notna().to_numpy()
    for mask, colour, name in ((~anchors, _STUDENT, "essay"), (anchors, _ANCHOR, "anchor (known grade)")):
        if mask.any():
            rows = table[mask]
            axes.errorbar(
                rows["measure"],
                [h for h, wanted in zip(height, mask, strict=True) if wanted],
                xerr=[rows["measure"] - rows["interval_low"], rows["interval_high"] - rows["measure"]],
                fmt="o",
                markersize=size,
                linewidth=1,
                color=colour,
                label=name,
            )
    _mark_misfits(axes, table, size)
    axes.set_ylim(0.25, len(table) + 0.75)


def _mark_misfits(axes: "Axes", table: pd.DataFrame, size: float) -> None:
    """A ring round every essay whose infit or outfit lies above its band."""
    above = (table["misfit"] == "above").to_numpy()
    if above.any():
        heights = len(table) - above.nonzero()[0]
        ring = axes.plot(table["measure"][above], heights, "o", color=_MISFIT, label="judges disagree (misfit)")[0]
        ring.set_markerfacecolor("none")
        ring.set_markersize(2 * size + 2)


def _label(axes: "Axes", table: pd.DataFrame, *, labelled: bool) -> None:
    n = len(table)
    if labelled:
        grades = table["anchor_grade"].where(table["anchor_grade"].notna(), "")
        names = [f"{i}  {g}".rstrip() for i, g in zip(table["essay_id"], grades, strict=True)]
        axes.set_yticks(range(n, 0, -1), names, fontsize=8)
    else:
        axes.set_yticks([])
        axes.set_ylabel(f"{n} essays, best at the top")
    axes.set_xlabel("measure (logits), with 95 % interval")
    axes.grid(axis="x", color=_GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.legend(loc="lower right", fontsize=8, frameon=False)
