"""Waves and cost so far as a picture: what became of every wave, and how near the cost is to its limit."""

from typing import TYPE_CHECKING, Final

from cj_pipeline.engine.course import Course
from cj_pipeline.reporting.png import png
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_WAVES: Final = 20
_NOTICE, _GRID, _LIMIT = "#b3541e", "#dddddd", "#111111"
_KINDS: Final = (
    ("n_verdicts", "verdict", "#1f5c99"),
    ("n_without", "no verdict", "#b3541e"),
    ("n_under_way", "being judged", "#8fb8de"),
    ("n_planned", "to be asked", "#e3e3e3"),
)
_COSTS: Final = (
    ("spent_usd", "spent", "#1f5c99"),
    ("possible_usd", "possibly paid", "#b3541e"),
    ("reserved_usd", "reserved", "#8fb8de"),
)


def course_picture(found: Course, title: str, *, synthetic: bool) -> bytes:
    """Draw waves and cost.

    Args:
        found: How far the assessment is. Of more than 20 waves the last 20 are drawn.
        title: Title of the assessment.
        synthetic: Whether a synthetic judge is asked, which the picture then says.

    Returns:
        A PNG image, under 25 kB.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 (half a second to import, and only pictures need it)

    n = min(len(found.waves), _MOST_WAVES)
    figure = Figure(figsize=(7.2, 2.8 + 0.3 * max(n, 1)), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=[max(n, 1) + 1.0, 2.0])
    _waves(above, found)
    figure.suptitle(title, x=0.02, ha="left", fontsize=11, parse_math=False)
    _cost(below, found)
    if synthetic:
        figure.supxlabel(SYNTHETIC_NOTICE, fontsize=8, color=_NOTICE)
    return png(figure)


def _waves(axes: "Axes", found: Course) -> None:
    waves = found.waves[-_MOST_WAVES:]
    heights = range(len(waves), 0, -1)
    left = [0] * len(waves)
    for name, label, colour in _KINDS:
        counts = [getattr(wave, name) for wave in waves]
        if any(counts):
            axes.barh(heights, counts, left=left, height=0.7, color=colour, label=label)
        left = [start + count for start, count in zip(left, counts, strict=True)]
    axes.set_yticks(heights, [f"wave {wave.wave}" for wave in waves], fontsize=8)
    axes.set_xlabel("comparisons", fontsize=8)
    _tidy(axes)


def _cost(axes: "Axes", found: Course) -> None:
    start = 0.0
    for name, label, colour in _COSTS:
        amount = getattr(found.spending, name)
        if amount:
            axes.barh([1], [amount], left=[start], height=0.7, color=colour, label=f"{label} {amount:.4f}")
        start += amount
    if found.limit_usd is not None:
        axes.axvline(found.limit_usd, color=_LIMIT, linewidth=1.2, label=f"limit {found.limit_usd:.4f}")
    axes.set_xlim(0, max(start, found.limit_usd or 0.0, 1e-6) * 1.04)
    axes.set_yticks([1], ["cost"], fontsize=8)
    axes.set_ylim(0.4, 1.6)
    axes.set_xlabel("US dollars", fontsize=8)
    _tidy(axes)


def _tidy(axes: "Axes") -> None:
    axes.tick_params(labelsize=8)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=_GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=4, fontsize=8, frameon=False, handlelength=1.0)
