"""The pair graph as a picture, drawn so that something can be seen in it at any size.

A small class is a ring of essays with a line for every pair. With more lines a ring is a ball of wool: then every pair
is a dot in a square. In large cohorts two histograms say what the graph is for: how often essays are compared, and how
evenly they are shown first.
"""

from collections import Counter
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.reporting.png import png

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Pair: TypeAlias = tuple[str, str]

MOST_ON_A_RING: Final = 32
MOST_LINES: Final = 200
MOST_IN_A_SQUARE: Final = 300

_ESSAY, _ANCHOR, _GRID = "#1f5c99", "#b3541e", "#dddddd"
_WAVES: Final = ("#8fb8de", "#4c8f5a", "#b48ac8", "#444444")
"""Pairs first put in wave 1, 2, 3, and in all later ones."""

_MOST_BARS: Final = 40
_N_COLOURS: Final = 24
_LONGEST_NAME: Final = 16


def pair_graph_picture(pairs: PairSet) -> bytes:
    """Draw a pair set: a ring up to 32 essays and 200 pairs, a square up to 300 essays, else histograms.

    Args:
        pairs: The pair set.

    Returns:
        A PNG image, under 50 kB.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415 (half a second to import, and only pictures need it)

    n, first_put = len(pairs.snapshot.essays), _first_put(pairs)
    is_small = n <= MOST_ON_A_RING and len(first_put) <= MOST_LINES
    figure = Figure(figsize=(5.6, 5.8) if n <= MOST_IN_A_SQUARE else (7.2, 3.2), layout="constrained")
    if is_small:
        _ring(figure.add_subplot(), pairs, first_put)
    elif n <= MOST_IN_A_SQUARE:
        _square(figure.add_subplot(), pairs, first_put)
    else:
        _histograms(figure, pairs)
    figure.suptitle(pairs.snapshot.assessment.title, x=0.02, ha="left", fontsize=11, parse_math=False)
    return png(figure, _N_COLOURS)


def _first_put(pairs: PairSet) -> dict[Pair, int]:
    """The wave that put each pair first, at most as many as there are colours; counted from 0."""
    found: dict[Pair, int] = {}
    for c in pairs.comparisons:
        pair = (min(c.first_id, c.second_id), max(c.first_id, c.second_id))
        wave = min(c.wave, len(_WAVES)) - 1
        found[pair] = min(wave, found.get(pair, wave))
    return found


def _label(wave: int) -> str:
    return f"wave {wave + 1}" + (" and later" if wave + 1 == len(_WAVES) else "")


def _ring(axes: "Axes", pairs: PairSet, first_put: dict[Pair, int]) -> None:
    essays = pairs.snapshot.essays
    angles = np.linspace(0.5 * np.pi, -1.5 * np.pi, len(essays), endpoint=False).tolist()
    places = {e.essay_id: (float(np.cos(a)), float(np.sin(a))) for e, a in zip(essays, angles, strict=True)}
    _lines(axes, pairs, places, first_put)
    for is_anchor, colour, label in ((False, _ESSAY, "essay"), (True, _ANCHOR, "anchor (known grade)")):
        mine = [places[e.essay_id] for e in essays if e.is_anchor is is_anchor]
        if mine:
            axes.plot(*zip(*mine, strict=True), "o", color=colour, markersize=5, label=label)
    for essay, angle in zip(essays, angles, strict=True):
        _name(axes, essay.essay_id, angle)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.margins(0.2)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, -0.08), ncols=6, fontsize=7, frameon=False)


def _lines(axes: "Axes", pairs: PairSet, places: dict[str, tuple[float, float]], first_put: dict[Pair, int]) -> None:
    """A line for every pair, thick where it is put more than once."""
    put = Counter(frozenset((c.first_id, c.second_id)) for c in pairs.comparisons)
    for pair, wave in first_put.items():
        (x, y), (u, v) = (places[essay_id] for essay_id in pair)
        width = 0.8 if put[frozenset(pair)] == 1 else 2.0
        axes.plot([x, u], [y, v], color=_WAVES[wave], lw=width, zorder=0, antialiased=False)  # a third of the bytes
    for wave in sorted(set(first_put.values())):
        axes.plot([], [], color=_WAVES[wave], label=_label(wave))


def _name(axes: "Axes", essay_id: str, angle: float) -> None:
    x, y = float(np.cos(angle)), float(np.sin(angle))
    is_left = x < -np.finfo(float).eps * 8
    axes.text(
        1.06 * x,
        1.06 * y,
        essay_id if len(essay_id) <= _LONGEST_NAME else f"{essay_id[: _LONGEST_NAME - 1]}…",
        rotation=float(np.degrees(angle)) + (180 if is_left else 0),
        rotation_mode="anchor",
        ha="right" if is_left else "left",
        va="center",
        fontsize=7,
        parse_math=False,
    )


def _square(axes: "Axes", pairs: PairSet, first_put: dict[Pair, int]) -> None:
    from matplotlib.colors import ListedColormap  # noqa: PLC0415 (see pair_graph_picture)
    from matplotlib.patches import Patch  # noqa: PLC0415 (see pair_graph_picture)

    index = {essay.essay_id: k for k, essay in enumerate(pairs.snapshot.essays)}
    cells = np.zeros((len(index), len(index)), dtype=np.int8)
    for (a, b), wave in first_put.items():
        cells[index[a], index[b]] = cells[index[b], index[a]] = wave + 1
    colours = ListedColormap(["#ffffff", *_WAVES])
    axes.imshow(cells, cmap=colours, vmin=0, vmax=len(_WAVES), interpolation="nearest")
    axes.set_xlabel(f"{len(index)} essays, and which of them meet", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.xaxis.set_ticks_position("bottom")
    waves = sorted(set(first_put.values()))
    patches = [Patch(color=_WAVES[wave], label=_label(wave)) for wave in waves]
    axes.legend(handles=patches, loc="lower left", bbox_to_anchor=(0, 1), ncols=4, fontsize=7, frameon=False)


def _histograms(figure: "Figure", pairs: PairSet) -> None:
    first = Counter(c.first_id for c in pairs.comparisons)
    second = Counter(c.second_id for c in pairs.comparisons)
    ids = [essay.essay_id for essay in pairs.snapshot.essays]
    left, right = figure.add_subplot(1, 2, 1), figure.add_subplot(1, 2, 2)
    _bars(left, [first[i] + second[i] for i in ids], "comparisons of an essay")
    _bars(right, [first[i] - second[i] for i in ids], "times shown first minus second")
    left.set_ylabel(f"of {len(ids)} essays", fontsize=8)


def _bars(axes: "Axes", numbers: list[int], label: str) -> None:
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 (see pair_graph_picture)

    low, high = min(numbers), max(numbers)
    step = max(1, -(-(high - low + 1) // _MOST_BARS))
    axes.hist(numbers, bins=[k - 0.5 for k in range(low, high + step + 1, step)], color=_ESSAY, rwidth=0.85)
    axes.set_xlabel(label, fontsize=8)
    axes.tick_params(labelsize=8)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", color=_GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
