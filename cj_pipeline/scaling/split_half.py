"""Split halves: fit two halves of the answers apart, correlate the measures, and step up to the full length.

A split half is no better than its halves: comparisons of one judge share what that judge always does, so halves by
comparison measure how well one panel agrees with itself, halves by judge how well its members agree with one another.
Under adaptive pairing neither is honest (`reliability.ADAPTIVE_WARNING`).

References:
    Spearman (1910) and Brown (1910), British Journal of Psychology 3. Kinnear, Jones and Davies (2025),
    https://doi.org/10.31219/osf.io/c9q3b_v1 (100 random splits of comparative judgement sessions).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from cj_pipeline.scaling.arrays import Flags, Floats
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.refitting import Model, held_model, refit
from cj_pipeline.scaling.scale_fit import ScaleFit

MOST_SPLITS: Final = 100
FEWEST_SPLITS: Final = 20
HALF_PRIOR_SD: Final = 2.0
"""Prior in fitting halves, logits: it keeps an essay that won all its few comparisons finite, and hardly touches a
correlation, because it draws all essays of a half in alike."""

_FEWEST_ESSAYS: Final = 3
_CELLS_IN_ALL: Final = 8_000_000
_CELLS_AT_ONCE: Final = 1_000_000
_TOLERANCE: Final = 0.02

_Halves = Callable[[ComparisonData, np.random.Generator], Flags]


@dataclass(frozen=True, slots=True)
class SplitHalf:
    """What repeated splits gave.

    Attributes:
        correlation: Mean correlation of the halves over the splits, -1 to 1.
        spearman_brown: 2 r / (1 + r) of that mean: the reliability of all answers together.
        low: 2.5th percentile over the splits of the stepped-up correlation.
        high: 97.5th percentile.
        n_splits: Number of splits.
    """

    correlation: float
    spearman_brown: float
    low: float
    high: float
    n_splits: int


def split_half_by_comparison(
    fit: ScaleFit, data: ComparisonData, rng: np.random.Generator, n_splits: int | None = None
) -> SplitHalf | None:
    """Random halves of the comparisons; None where no split leaves three essays in both halves that differ.

    Args:
        fit: The scale fitted to all of them; its position effect, cut points and judge effects are kept.
        data: The comparisons.
        rng: Source of randomness.
        n_splits: Number of splits; None: 100, fewer where there are very many comparisons, at least 20.
    """
    return _split_half(fit, data, rng, n_splits, _half_of_rows)


def split_half_by_judge(
    fit: ScaleFit, data: ComparisonData, rng: np.random.Generator, n_splits: int | None = None
) -> SplitHalf | None:
    """Random halves of the judges, each with about half of the answers; None with fewer than two judges.

    Arguments as for `split_half_by_comparison`.
    """
    if np.count_nonzero(np.bincount(data.judge, minlength=data.n_judges)) < 2:  # noqa: PLR2004 (two halves)
        return None
    return _split_half(fit, data, rng, n_splits, _half_of_judges)


def spearman_brown(correlation: float) -> float:
    """Reliability of twice the length: 2 r / (1 + r)."""
    return 2 * correlation / (1 + correlation) if correlation > -1 else -1.0


def _half_of_rows(data: ComparisonData, rng: np.random.Generator) -> Flags:
    chosen = np.zeros(len(data), dtype=np.bool_)
    chosen[rng.permutation(len(data))[: len(data) // 2]] = True
    return chosen


def _half_of_judges(data: ComparisonData, rng: np.random.Generator) -> Flags:
    """Judges in random order, each to the half that has fewer answers so far."""
    load = np.bincount(data.judge, data.weight, data.n_judges)
    sides, so_far = np.zeros(data.n_judges, dtype=np.bool_), [0.0, 0.0]
    for judge in rng.permutation(data.n_judges):
        side = int(so_far[1] < so_far[0])
        sides[judge] = side
        so_far[side] += load[judge]
    return sides[data.judge]


def _split_half(
    fit: ScaleFit, data: ComparisonData, rng: np.random.Generator, n_splits: int | None, halves: _Halves
) -> SplitHalf | None:
    allowed = _CELLS_IN_ALL // (2 * max(len(data), 1))
    wanted = max(FEWEST_SPLITS, min(MOST_SPLITS, allowed)) if n_splits is None else n_splits
    found = np.array([r for r in _correlations(fit, data, rng, wanted, halves) if np.isfinite(r)])
    if not len(found):
        return None
    stepped = np.array([spearman_brown(r) for r in found])
    low, high = np.quantile(stepped, [0.025, 0.975])
    mean = float(found.mean())
    return SplitHalf(mean, spearman_brown(mean), float(low), float(high), len(found))


def _correlations(
    fit: ScaleFit, data: ComparisonData, rng: np.random.Generator, wanted: int, halves: _Halves
) -> Iterator[float]:
    model, done = held_model(fit, data, HALF_PRIOR_SD), 0
    at_once = max(1, _CELLS_AT_ONCE // (2 * max(len(data), 1)))
    while done < wanted:
        n = min(at_once, wanted - done)
        masks = np.stack([halves(data, rng) for _ in range(n)], axis=1)
        yield from _fitted_apart(model, fit, masks)
        done += n


def _fitted_apart(model: Model, fit: ScaleFit, masks: Flags) -> Iterator[float]:
    data, n = model.data, masks.shape[1]
    weights = data.weight[:, None] * np.concatenate([masks, ~masks], axis=1)
    start = np.repeat(fit.measures[:, None], 2 * n, axis=1)
    measures = refit(model, data.category[:, None], weights, start, tolerance=_TOLERANCE)
    seen = abs(model.contrast).T @ weights > 0
    for k in range(n):
        both = seen[:, k] & seen[:, n + k]
        yield _correlation(measures[both, k], measures[both, n + k])


def _correlation(x: Floats, y: Floats) -> float:
    if len(x) < _FEWEST_ESSAYS or not np.ptp(x) > 0 or not np.ptp(y) > 0:
        return float("nan")
    return float(np.corrcoef(x, y)[0, 1])
