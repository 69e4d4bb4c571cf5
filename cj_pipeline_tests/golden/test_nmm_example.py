# ruff: noqa: D103 - the names of the tests say it
"""The example of nmmBtm, No More Marking's own package: everything its documentation prints about eight scripts.

The decisions themselves are published in a form that only R reads. The wins below were recovered from what is printed:
whole numbers of comparisons and wins for 28 pairs that give the comparisons, wins, measures, errors and mean squares of
all eight scripts, 48 figures, to the last digit that sirt's own stopping rule (changes below 0.0001) leaves certain.

Source: https://github.com/NoMoreMarking/nmmBtm, README (fitted with sirt 3.6-21).
"""

import numpy as np
import pytest

from cj_pipeline.scaling.comparison_data import ComparisonData, binary_data
from cj_pipeline.scaling.epsilon_adjusted import (
    EpsilonFit,
    fit_epsilon_adjusted,
    judge_misfit,
    scale_separation_reliability,
    separation_index,
)

# Comparisons, wins, adjusted score, theta, standard error, outfit, infit.
SCRIPTS = {
    "5SDTAF": (20, 17, 16.7900, 1.6182, 0.6756, 0.2833, 0.5234),
    "BS696G": (21, 7, 7.1000, -0.8097, 0.5501, 1.0250, 0.9997),
    "EEJPZC": (20, 8, 8.0600, -0.3380, 0.5572, 0.6388, 0.8529),
    "JPETNT": (21, 12, 11.9571, 0.2557, 0.5167, 0.7273, 0.7835),
    "JWUKN5": (20, 1, 1.2700, -2.5251, 0.9427, 3.6951, 0.9934),
    "NNUAHM": (20, 15, 14.8500, 1.0694, 0.6122, 1.0219, 1.1320),
    "UP2FUQ": (20, 4, 4.1800, -1.0288, 0.6296, 0.3789, 0.6238),
    "VDT6WV": (20, 17, 16.7900, 1.7583, 0.6617, 4.1465, 1.2546),
}
# Wins of the script in the row over the one in the column.
WINS = (
    (0, 3, 4, 2, 4, 1, 3, 0),
    (0, 0, 1, 0, 3, 2, 1, 0),
    (0, 1, 0, 3, 3, 0, 1, 0),
    (0, 5, 2, 0, 2, 0, 2, 1),
    (0, 0, 0, 0, 0, 0, 0, 1),
    (1, 2, 1, 2, 4, 0, 4, 1),
    (0, 2, 1, 0, 1, 0, 0, 0),
    (2, 1, 3, 2, 2, 2, 5, 0),
)
# Sums over the three judges' decisions as printed: squared residuals, variances, squared standardised residuals.
SQUARES, VARIANCES, STANDARDISED = 9.354737, 10.530977, 120.043853


def example() -> tuple[ComparisonData, EpsilonFit]:
    """Fit the example as one judge's decisions."""
    rows = [(i, j) for i, row in enumerate(WINS) for j, wins in enumerate(row) for _ in range(wins)]
    first, second = zip(*rows, strict=True)
    data = binary_data(first, second, np.ones(len(rows)), len(SCRIPTS))
    return data, fit_epsilon_adjusted(data)


def test_every_printed_figure_of_the_scripts() -> None:
    _, fit = example()
    times, wins, adjusted, theta, error, outfit, infit = (
        np.array(column) for column in zip(*SCRIPTS.values(), strict=True)
    )

    assert fit.n_comparisons.sum() == 2 * 81
    assert fit.n_comparisons.tolist() == times.tolist()
    assert fit.n_wins.tolist() == wins.tolist()
    assert np.round(fit.adjusted_scores, 4).tolist() == adjusted.tolist()
    assert fit.measures == pytest.approx(theta, abs=1e-4)
    assert fit.standard_errors == pytest.approx(error, abs=1e-4)
    assert fit.infit == pytest.approx(infit, abs=1e-4)
    assert fit.outfit == pytest.approx(outfit, rel=1e-4)


def test_the_printed_reliability() -> None:
    _, fit = example()

    assert round(scale_separation_reliability(fit.measures, fit.standard_errors), 4) == 0.8013
    assert round(separation_index(fit.measures, fit.standard_errors), 4) == 2.2434


def test_the_printed_misfit_of_the_judges_taken_together() -> None:
    data, fit = example()

    [outfit], [infit] = judge_misfit(fit, data)

    assert infit == pytest.approx(SQUARES / VARIANCES, abs=2e-5)
    assert outfit == pytest.approx(STANDARDISED / 81, abs=5e-4)
