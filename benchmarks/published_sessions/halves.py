"""Split halves by judge, as Kinnear, Jones and Davies (2025) made them, with our estimates."""

from typing import Final

import numpy as np

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData, comparison_data
from cj_pipeline.scaling.epsilon_adjusted import fit_epsilon_adjusted

FEWEST_ESSAYS: Final = 3
"""Fewest essays that both halves compared for a correlation to mean anything."""


def split_half(data: ComparisonData, rng: np.random.Generator, n_splits: int) -> Floats:
    """Correlations between measures from one half of the judges and from the other, over essays that both compared.

    Splits in which one half does not determine a scale give no correlation and are left out; sirt returns measures for
    them too, which depend on where its iterations stop.

    Args:
        data: The comparisons.
        rng: Source of randomness.
        n_splits: How often the judges are split; the smaller half holds them rounded down.
    """
    found = []
    for _ in range(n_splits):
        judges = rng.permutation(data.n_judges)
        first = np.isin(data.judge, judges[: data.n_judges // 2])
        measured = _measures(data.rows(first)), _measures(data.rows(~first))
        if measured[0] is not None and measured[1] is not None:
            both = ~np.isnan(measured[0] + measured[1])
            if np.count_nonzero(both) >= FEWEST_ESSAYS:
                found.append(float(np.corrcoef(measured[0][both], measured[1][both])[0, 1]))
    return np.array(found)


def _measures(data: ComparisonData) -> Floats | None:
    """Measures of the essays that occur, NaN for the others; None where there is no scale."""
    if not len(data):
        return None
    essays, index = np.unique(np.concatenate([data.first, data.second]), return_inverse=True)
    first, second = _halved(index)
    try:
        fit = fit_epsilon_adjusted(comparison_data(first, second, data.category, len(essays), weight=data.weight))
    except EstimationError:
        return None
    measures = np.full(data.n_essays, np.nan)
    measures[essays] = fit.measures
    return measures


def _halved(index: Ints) -> tuple[Ints, Ints]:
    return index[: len(index) // 2], index[len(index) // 2 :]
