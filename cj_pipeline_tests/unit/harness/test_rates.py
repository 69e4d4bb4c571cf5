# ruff: noqa: D103 - the names of the tests say it
"""Shares and figures with intervals."""

import numpy as np
import pytest
from pydantic import ValidationError

from cj_pipeline.harness.eng5.rates import bootstrapped, rate_of
from cj_pipeline.harness.eng5.schema_studies import Rate
from cj_pipeline.scaling.agreement import kendall_tau_b


def test_wilson_intervals_are_those_of_the_textbook() -> None:
    # Wilson (1927) for 3 of 10 at 95 %, as statistics packages print it.
    rate = rate_of(3, 10)

    assert rate.rate == 0.3
    assert rate.low == pytest.approx(0.1078, abs=1e-4)
    assert rate.high == pytest.approx(0.6032, abs=1e-4)


@pytest.mark.parametrize(("k", "n"), [(0, 1), (1, 1), (0, 40), (40, 40), (1, 2)])
def test_an_interval_holds_its_rate_and_stays_between_0_and_1(k: int, n: int) -> None:
    rate = rate_of(k, n)

    assert rate.low is not None
    assert rate.high is not None
    assert 0 <= rate.low <= k / n <= rate.high <= 1
    assert rate.high - rate.low > 0.05


def test_no_tries_no_rate() -> None:
    assert rate_of(0, 0) == Rate(k=0, n=0, rate=None, low=None, high=None)


@pytest.mark.parametrize("faulty", [{"k": 3, "n": 2}, {"k": 0, "n": 0}, {"low": 0.6}])
def test_a_share_that_is_none_is_refused(faulty: dict[str, float]) -> None:
    with pytest.raises(ValidationError):
        Rate(**{"k": 1, "n": 2, "rate": 0.5, "low": 0.1, "high": 0.9, **faulty})


def test_a_bootstrap_holds_the_figure_and_is_the_same_every_time() -> None:
    x, y = np.arange(12.0), np.array([0, 1, 3, 2, 4, 5, 7, 6, 8, 9, 11, 10.0])

    one, other = (bootstrapped(kendall_tau_b, x, y, np.random.default_rng(4)) for _ in range(2))

    assert one == other
    assert one.value == pytest.approx(kendall_tau_b(x, y))
    assert one.low is not None
    assert one.high is not None
    assert 0.5 < one.low < 0.9 < one.high <= 1


def test_a_figure_that_is_not_defined_has_no_interval() -> None:
    found = bootstrapped(kendall_tau_b, np.ones(4), np.arange(4.0), np.random.default_rng(1))

    assert (found.value, found.low, found.high) == (None, None, None)
