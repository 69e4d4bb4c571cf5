"""Which rows belong to which essay or judge, as sparse matrices, so that sums over rows are products."""

from typing import TypeAlias

import numpy as np
from scipy import sparse

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import ComparisonData

Incidence: TypeAlias = sparse.csr_array


def rows_by_essay(data: ComparisonData) -> Incidence:
    """1 where an essay takes part in a row, shape (n_essays, n_rows); every column holds two."""
    rows = np.arange(len(data))
    places = np.concatenate([data.first, data.second]), np.concatenate([rows, rows])
    return sparse.csr_array((np.ones(2 * len(data)), places), shape=(data.n_essays, len(data)))


def rows_by_judge(data: ComparisonData) -> Incidence:
    """1 where a judge answered a row, shape (n_judges, n_rows)."""
    places = data.judge, np.arange(len(data))
    return sparse.csr_array((np.ones(len(data)), places), shape=(data.n_judges, len(data)))


def contrasts(data: ComparisonData, factor: Floats) -> Incidence:
    """The factor for the essay shown first and its negative for the other, shape (n_rows, n_essays).

    Args:
        data: Comparisons.
        factor: What a row's distance of measures is multiplied with, shape (n_rows,).
    """
    rows = np.arange(len(data))
    places = np.concatenate([rows, rows]), np.concatenate([data.first, data.second])
    return sparse.csr_array((np.concatenate([factor, -factor]), places), shape=(len(data), data.n_essays))
