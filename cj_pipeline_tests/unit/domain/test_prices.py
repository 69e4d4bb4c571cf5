"""What tokens cost, reckoned by hand."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace

import pytest

from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.prices import Rates

RATES = Rates(2.0, 10.0, cached_input_usd_per_mtok=0.2, cache_write_usd_per_mtok=2.5, batch_discount=0.5)
# 1,000 input tokens: 500 new, 300 read from a cache, 200 written to it; 100 out.
USAGE = Usage(1000, 100, cached_input_tokens=300, cache_write_tokens=200)


def test_every_kind_of_token_has_its_own_rate() -> None:
    by_hand = (500 * 2.0 + 300 * 0.2 + 200 * 2.5 + 100 * 10.0) / 1e6

    assert RATES.cost_usd(USAGE, batch=False) == pytest.approx(by_hand, rel=1e-12)
    assert RATES.cost_usd(USAGE, batch=True) == pytest.approx(by_hand / 2, rel=1e-12)


def test_a_batch_may_leave_cached_input_at_its_price() -> None:
    rates = replace(RATES, batch_discounts_cached_input=False)

    by_hand = ((500 * 2.0 + 200 * 2.5 + 100 * 10.0) / 2 + 300 * 0.2) / 1e6
    assert rates.cost_usd(USAGE, batch=True) == pytest.approx(by_hand, rel=1e-12)
    assert rates.cost_usd(USAGE, batch=False) == RATES.cost_usd(USAGE, batch=False)


def test_an_unknown_cache_rate_errs_upwards() -> None:
    rates = Rates(2.0, 10.0)

    assert rates.cost_usd(Usage(10**6, cached_input_tokens=10**6), batch=False) == pytest.approx(2.0)
    assert rates.cost_usd(Usage(10**6, cache_write_tokens=10**6), batch=False) == pytest.approx(4.0)


def test_cached_input_without_a_rate_is_new_input_in_a_batch_too() -> None:
    rates = Rates(2.0, 10.0, batch_discount=0.5, batch_discounts_cached_input=False)

    assert rates.cost_usd(Usage(10**6, cached_input_tokens=10**6), batch=True) == pytest.approx(1.0)


@pytest.mark.parametrize("rates", [Rates(None, 10.0), Rates(2.0, None), Rates(None, None)])
def test_an_unknown_price_stays_unknown(rates: Rates) -> None:
    assert rates.cost_usd(Usage(1, 1), batch=True) is None
    assert not rates.are_known


def test_a_price_of_nothing_is_known() -> None:
    assert Rates(0.0, 0.0).are_known
    assert Rates(0.0, 0.0).cost_usd(USAGE, batch=False) == 0.0


def test_a_long_request_is_dearer_as_a_whole() -> None:
    rates = replace(RATES, long_from_tokens=1000, long_input_factor=2.0, long_output_factor=1.5)
    longer = replace(USAGE, input_tokens=1001)

    assert rates.cost_usd(USAGE, batch=False) == RATES.cost_usd(USAGE, batch=False)
    by_hand = (2.0 * (501 * 2.0 + 300 * 0.2 + 200 * 2.5) + 1.5 * 100 * 10.0) / 1e6
    assert rates.cost_usd(longer, batch=False) == pytest.approx(by_hand, rel=1e-12)
    assert rates.cost_usd(longer, batch=True) == pytest.approx(by_hand / 2, rel=1e-12)
