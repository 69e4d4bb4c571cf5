"""Errors that a design lets expect."""

import numpy as np
import pytest

from cj_pipeline.scaling import expected_errors as module
from cj_pipeline.scaling.expected_errors import expected_errors, information
from cj_pipeline_tests.support.judged_classes import SIX
from cj_pipeline_tests.support.scales import regular_design


def rng() -> np.random.Generator:
    """A source of randomness, the same for every test."""
    return np.random.default_rng(1)


def test_two_equal_essays_are_known_as_well_as_a_coin() -> None:
    """The variance of a log-odds of m tosses is 4 / m, and each essay bears half of the distance."""
    m = 25
    found = expected_errors(np.zeros(m, dtype=np.int64), np.ones(m, dtype=np.int64), 2, 0.0, rng())
    assert found.mean == pytest.approx(np.sqrt(4 / m) / 2)
    assert (found.low, found.high, found.largest) == pytest.approx((found.mean,) * 3)


def test_a_prior_narrows_the_errors_of_two_essays() -> None:
    """Information of the distance: m / 4 plus that of the prior, 1 / (2 sd^2)."""
    m, sd = 25, 0.5
    found = expected_errors(np.zeros(m, dtype=np.int64), np.ones(m, dtype=np.int64), 2, 0.0, rng(), prior_sd=sd)
    assert found.mean == pytest.approx(0.5 / np.sqrt(m / 4 + 1 / (2 * sd**2)))


def test_a_class_of_24_with_10_comparisons_each() -> None:
    """The figures of the docstring."""
    first, second = regular_design(24, 10, np.random.default_rng(3))
    without = expected_errors(first, second, 24, 1.5, rng())
    with_prior = expected_errors(first, second, 24, 2.0, rng(), prior_sd=2.0)
    assert without.mean == pytest.approx(0.87, abs=0.03)
    assert with_prior.mean == pytest.approx(0.86, abs=0.03)
    assert without.low < without.mean < without.high < without.largest


def test_large_designs_are_computed_by_neighbours_nearly_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within two percent of the exact errors on the same draws."""
    for cuts, prior_sd in ((None, None), (np.array(SIX), 1.5)):
        first, second = regular_design(300, 20, np.random.default_rng(3))
        monkeypatch.setattr(module, "_MOST_DRAWS", 2)
        exact = expected_errors(first, second, 300, 1.0, rng(), cuts=cuts, prior_sd=prior_sd)
        monkeypatch.setattr(module, "_EXACT_UP_TO", 10)
        near = expected_errors(first, second, 300, 1.0, rng(), cuts=cuts, prior_sd=prior_sd)
        monkeypatch.undo()
        assert near.mean == pytest.approx(exact.mean, rel=0.02)


def test_information_of_an_answer() -> None:
    """A quarter at most for plain winners, towards a third for many categories, none far away for winners."""
    at = np.array([0.0, 2.0, 40.0])
    binary, many = information(at, np.zeros(1)), information(at, np.linspace(-60, 60, 481))
    assert binary[:2] == pytest.approx([0.25, np.exp(2) / (1 + np.exp(2)) ** 2])
    assert binary[2] == pytest.approx(0, abs=1e-9)
    assert many == pytest.approx([1 / 3] * 3, abs=1e-3)
