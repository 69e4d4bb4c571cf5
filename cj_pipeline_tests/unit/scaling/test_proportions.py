"""Shares with their intervals."""

import math

import pytest
from scipy.stats import binomtest

from cj_pipeline.scaling.proportions import share


@pytest.mark.parametrize(("count", "n"), [(8, 10), (0, 7), (5, 5), (1, 400), (37, 74)])
def test_the_interval_is_wilsons(count: int, n: int) -> None:
    """SciPy computes the same limits."""
    found, oracle = share(count, n), binomtest(count, n).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((oracle.low, oracle.high), abs=1e-6)
    assert found.value == count / n


def test_eight_of_ten() -> None:
    """The figures of the docstring."""
    found = share(8, 10)
    assert (found.value, round(found.low, 2), round(found.high, 2)) == (0.8, 0.49, 0.94)


def test_no_cases_say_nothing() -> None:
    """Anything is possible."""
    found = share(0, 0)
    assert (found.n, found.low, found.high) == (0, 0, 1)
    assert math.isnan(found.value)
