"""What every part of this benchmark needs: measures from verdicts, the baseline, and how grades are scored."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from cj_pipeline.scaling.agreement import exact_agreement, quadratic_weighted_kappa, within_one
from cj_pipeline.scaling.anchors import Anchors
from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.ordinal_model import OrdinalModel, Shares
from cj_pipeline.scaling.projection import Projection
from cj_pipeline.scaling.quasi_variances import error_variances
from cj_pipeline.scaling.scale_fit import ScaleOptions


@dataclass(frozen=True)
class Scale:
    """Fitted measures and their error variances, each of shape (n_essays,)."""

    measures: Floats
    variances: Floats


def fitted(first: Ints, second: Ints, first_won: NDArray[np.bool_], n_essays: int, *, position: bool) -> Scale:
    """Measures from verdicts, as the product fits them."""
    data = comparison_data(first, second, first_won.astype(np.int64), n_essays)
    fit = fit_scale(data, ScaleOptions(position_effect=position))
    return Scale(fit.measures, error_variances(fit.standard_errors, fit.covariance))


def projected(scale: Scale, anchors: Anchors, n_levels: int, shares: Shares | None = None) -> Projection:
    """Grades of all essays, as the product sets them."""
    model = OrdinalModel(scale.measures, scale.variances, n_levels, shares)
    return model.fit(model.likelihood(anchors)).project(scale.measures, scale.variances)


def isotonic(scale: Scale, anchors: Anchors) -> Ints:
    """The baseline: isotonic regression of the grades' mean measures, cut at the midpoints."""
    levels = np.unique(anchors.levels)
    means = np.array([scale.measures[anchors.places[anchors.levels == level]].mean() for level in levels])
    means = np.asarray(isotonic_regression(means).x)
    cuts = (means[1:] + means[:-1]) / 2
    return np.asarray(levels[np.searchsorted(cuts, scale.measures, side="right")], dtype=np.int64)


def scored(truth: Ints, grades: Ints, n_levels: int) -> tuple[float, float, float]:
    """Quadratic weighted kappa, exact and within-one agreement."""
    kappa = quadratic_weighted_kappa(truth, grades, n_levels)
    return kappa, exact_agreement(truth, grades), within_one(truth, grades)


def summarised(rows: list[tuple[float, float, float]]) -> dict[str, Any]:
    """Mean and central 90 % of scores over draws."""
    values = np.array(rows)
    found: dict[str, Any] = {}
    for name, column in zip(("qwk", "exact", "within_one"), values.T, strict=True):
        low, high = np.quantile(column, [0.05, 0.95])
        found[name] = round(float(column.mean()), 4)
        found[f"{name}_low"], found[f"{name}_high"] = round(float(low), 4), round(float(high), 4)
    return found
