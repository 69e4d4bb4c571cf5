"""Draws the pictures of docs/reading-a-scale.md: `.venv/bin/python tools/scale_pictures.py`.

Everything in them is simulated with fixed seeds: a class whose true places are known, judged at random as the model
says, and fitted as the product fits.
"""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from scipy.special import expit

from cj_pipeline.domain.orientation import orient_eulerian
from cj_pipeline.domain.pairing import regular_pairs
from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData, binary_data
from cj_pipeline.scaling.estimate import DEFAULT, fit_scale
from cj_pipeline.scaling.expected_errors import expected_errors
from cj_pipeline.scaling.fit_statistics import essay_misfit
from cj_pipeline.scaling.intervals import measure_intervals
from cj_pipeline.scaling.misfit_bands import misfit_bands
from cj_pipeline.scaling.reliability import model_reliability
from cj_pipeline.scaling.scale_fit import ScaleFit
from tools.pages import DOCS

SPREAD: Final = 2.0
N_ESSAYS: Final = 24
PER_ESSAY: Final = 10
SEED: Final = 14
DIVIDED: Final = 9
"""The essay that half of the judges see quite differently."""

_BLUE, _ORANGE, _GREY, _GRID = "#1f5c99", "#b3541e", "#777777", "#dddddd"
_COLOURS: Final = 64
_NAMED: Final = (1, 2, 3)
_FAR: Final = 6.0


@cache
def truth() -> Floats:
    """True places of a class of 24, evenly spread like a normal distribution, in random order."""
    rng = np.random.default_rng(SEED)
    places = SPREAD * np.sqrt(2) * _inverse_error_function((np.arange(N_ESSAYS) + 0.5) / N_ESSAYS * 2 - 1)
    return rng.permutation(places)


def _inverse_error_function(x: Floats) -> Floats:
    from scipy.special import erfinv  # noqa: PLC0415 (one name of a large module)

    return np.asarray(erfinv(x), dtype=np.float64)


def judged(seed: int, per_essay: int = PER_ESSAY, *, divided: int | None = None, spread: float = 1.0) -> ComparisonData:
    """The class judged once by a regular design.

    Args:
        seed: Seed of the design and of the judges' chance.
        per_essay: Comparisons per essay.
        divided: An essay that about half of its comparisons see far above all others, and half far below; None: none.
        spread: What all true places are multiplied with.
    """
    rng = np.random.default_rng([SEED, seed])
    pairs = orient_eulerian(N_ESSAYS, regular_pairs(N_ESSAYS, N_ESSAYS * per_essay // 2, rng), rng)
    first, second = np.array(pairs, dtype=np.int64).T
    places = np.repeat(spread * truth()[None, :], len(first), axis=0)
    if divided is not None:
        places[::2, divided] = -_FAR
        places[1::2, divided] = _FAR
    rows = np.arange(len(first))
    won = rng.random(len(first)) < expit(places[rows, first] - places[rows, second])
    return binary_data(first, second, won.astype(np.float64), N_ESSAYS)


def odds_picture() -> Figure:
    """What a distance on the scale means: wins to be expected of 100 comparisons."""
    figure, axes = _figure(3.6)
    distance = np.linspace(0, 4, 200)
    axes.plot(distance, 100 * expit(distance), color=_BLUE)
    for at in (0, *_NAMED):
        wins = 100 * float(expit(at))
        axes.plot([at], [wins], "o", color=_BLUE)
        label = f"{at} logit{'s' * (at != 1)}: {wins:.0f} of 100"
        axes.annotate(label, (at, wins), xytext=(8, -12), textcoords="offset points", fontsize=9)
    axes.set_xlabel("how far the better essay lies above the other (logits)")
    axes.set_ylabel("wins to be expected of 100")
    axes.set_ylim(45, 102)
    return figure


def interval_picture() -> Figure:
    """A class of 24 with 95 % intervals, and where the essays truly are."""
    data = judged(1)
    fit = fit_scale(data)
    figure, axes = _figure(5.6)
    order = np.argsort(fit.measures)
    _intervals(axes, fit, measure_intervals(data, DEFAULT, fit), order)
    shown = truth()[order] - truth().mean()
    axes.plot(shown, range(1, N_ESSAYS + 1), "x", color=_ORANGE, markersize=6, label="true place (known here only)")
    axes.set_xlabel("logits")
    axes.set_ylabel("essays, best at the top")
    axes.set_yticks([])
    axes.legend(loc="lower right", frameon=False, fontsize=9)
    return figure


def errors_picture() -> Figure:
    """How errors shrink with comparisons: what the design lets expect."""
    figure, axes = _figure(3.6)
    counts = (4, 6, 8, 10, 12, 16, 20)
    for spread, colour in ((1.0, _BLUE), (2.0, _ORANGE)):
        means = [_expected(c, spread) for c in counts]
        axes.plot(counts, means, "o-", color=colour, label=f"essays {_spread_words(spread)} (spread {spread:.0f})")
    axes.set_xlabel("comparisons per essay")
    axes.set_ylabel("mean standard error (logits)")
    axes.set_ylim(0, 1.3)
    axes.set_xticks(counts)
    axes.legend(frameon=False, fontsize=9)
    return figure


def _expected(per_essay: int, spread: float) -> float:
    rng = np.random.default_rng(SEED)
    pairs = orient_eulerian(N_ESSAYS, regular_pairs(N_ESSAYS, N_ESSAYS * per_essay // 2, rng), rng)
    first, second = np.array(pairs, dtype=np.int64).T
    return expected_errors(first, second, N_ESSAYS, spread, rng, prior_sd=spread).mean


def _spread_words(spread: float) -> str:
    return "close together" if spread <= 1 else "far apart"


def reliability_picture() -> Figure:
    """The same class judged twice, by judges who see little, something and much."""
    figure = Figure(figsize=(7.2, 2.9), layout="constrained")
    cases = ((0.35, 10), (0.5, 20), (1.0, 20))
    for panel, (spread, per_essay) in zip(figure.subplots(1, 3), cases, strict=True):
        one, other = (fit_scale(judged(seed, per_essay, spread=spread)) for seed in (21, 22))
        panel.plot(one.measures, other.measures, "o", color=_BLUE, markersize=4)
        edge = 1.15 * max(np.abs(one.measures).max(), np.abs(other.measures).max(), 0.1)
        panel.plot([-edge, edge], [-edge, edge], color=_GREY, linewidth=0.8)
        panel.set_xlim(-edge, edge)
        panel.set_ylim(-edge, edge)
        panel.set_aspect("equal")
        panel.set_title(f"reliability {model_reliability(one):.2f}", fontsize=10, loc="left")
        panel.set_xlabel("measure, first time", fontsize=9)
        panel.tick_params(labelsize=8)
        panel.grid(color=_GRID, linewidth=0.6)
        panel.set_axisbelow(True)
    figure.axes[0].set_ylabel("measure, second time", fontsize=9)
    return figure


def misfit_picture() -> Figure:
    """Infit of every essay with its band; one essay is seen differently by half of the judges."""
    data = judged(3, 20, divided=DIVIDED)
    fit = fit_scale(data)
    bands, _ = misfit_bands(fit, data, np.random.default_rng(SEED))
    infit = essay_misfit(fit, data).infit
    order = np.argsort(fit.measures)
    above = (infit > bands.infit_high)[order]
    height = np.arange(1, N_ESSAYS + 1)
    figure, axes = _figure(5.2)
    axes.hlines(height, bands.infit_low[order], bands.infit_high[order], color=_GRID, linewidth=6)
    axes.plot(infit[order][~above], height[~above], "o", color=_BLUE, markersize=5, label="infit, inside its band")
    axes.plot(infit[order][above], height[above], "D", color=_ORANGE, markersize=6, label="infit, above its band")
    axes.axvline(1, color=_GREY, linewidth=0.8)
    axes.set_xlabel("infit; the grey bars are where chance alone puts 95 of 100")
    axes.set_ylabel("essays, best at the top")
    axes.set_yticks([])
    figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=9)
    return figure


def _intervals(axes: Axes, fit: ScaleFit, ends: tuple[Floats, Floats], order: Ints) -> None:
    places = fit.measures[order]
    reach = np.stack([places - ends[0][order], ends[1][order] - places])
    height = np.arange(1, len(order) + 1)
    axes.errorbar(
        places, height, xerr=reach, fmt="o", markersize=5, linewidth=1, color=_BLUE, label="measure, with 95 % interval"
    )


def _figure(height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7.2, height), layout="constrained")
    axes = figure.add_subplot()
    axes.grid(color=_GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure, axes


def png(figure: Figure) -> bytes:
    """A figure as a small PNG with palette colours."""
    raw, out = BytesIO(), BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(raw, format="png", dpi=110)
    Image.open(raw).convert("RGB").quantize(_COLOURS).save(out, "PNG", optimize=True)
    return out.getvalue()


PICTURES: Final[Mapping[str, Callable[[], Figure]]] = {
    "scale-odds.png": odds_picture,
    "scale-intervals.png": interval_picture,
    "scale-errors.png": errors_picture,
    "scale-reliability.png": reliability_picture,
    "scale-misfit.png": misfit_picture,
}
"""Every picture, by file name."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw all pictures; returns the exit code."""
    parser = argparse.ArgumentParser(description="Draw the pictures of docs/reading-a-scale.md.")
    parser.add_argument("--folder", type=Path, default=DOCS / "pictures", help="where the pictures are kept")
    folder: Path = parser.parse_args(arguments).folder
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in PICTURES.items():
        (folder / name).write_bytes(png(draw()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
