"""The model table, against the figures it was made from."""

# ruff: noqa: D103 - the name of a test is its sentence

import pytest

from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.models import PROVIDERS, ModelSpec, Rates, known_models, model_table

LOW_TO_HIGH = ("low", "medium", "high")
# provider, model, temperature, efforts, verbosity, output limit, USD per million tokens in and out
ROWS = [
    ("openai", "gpt-6.1-terra", False, LOW_TO_HIGH, True, 128_000, 1.0, 5.0),
    ("openai", "gpt-6-sol", False, LOW_TO_HIGH, True, 128_000, 2.0, 10.0),
    ("openai", "gpt-6-luna", False, LOW_TO_HIGH, True, 128_000, None, None),
    ("openai", "gpt-5.1", False, ("none", *LOW_TO_HIGH), True, 128_000, 1.25, 10.0),
    ("openai", "gpt-4.1", True, (), False, 32_768, 2.0, 8.0),
    ("openai", "gpt-4.1-mini", True, (), False, 32_768, 0.4, 1.6),
    ("anthropic", "claude-opus-5-5", False, LOW_TO_HIGH, False, 64_000, 4.0, 20.0),
    ("anthropic", "claude-sonnet-5-5", False, LOW_TO_HIGH, False, 64_000, 2.0, 10.0),
    ("anthropic", "claude-sonnet-5", False, LOW_TO_HIGH, False, 64_000, 2.0, 10.0),
    ("anthropic", "claude-haiku-5-5", False, LOW_TO_HIGH, False, 64_000, 0.1, 0.5),
]


def test_the_table_holds_these_models_and_no_others() -> None:
    assert list(model_table()) == [(row[0], row[1]) for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_model_accepts_and_costs_what_was_written_down(
    row: tuple[str, str, bool, tuple[str, ...], bool, int, float | None, float | None],
) -> None:
    spec = model_table()[row[0], row[1]]

    assert (spec.provider, spec.model, spec.accepts_temperature, spec.reasoning_efforts) == row[:4]
    assert (spec.accepts_verbosity, spec.max_output_tokens) == row[4:6]
    assert (spec.rates.input_usd_per_mtok, spec.rates.output_usd_per_mtok) == row[6:]
    assert spec.rates.batch_discount == 0.5
    assert spec.structured_output
    assert spec.batch_api
    assert spec.synchronous_api
    assert spec.prompt_cache == {"openai": "automatic", "anthropic": "cache_control"}[spec.provider]


@pytest.mark.parametrize("row", [row for row in ROWS if row[6] is not None], ids=lambda row: row[1])
def test_a_million_tokens_each_way_cost_half_the_standard_prices(
    row: tuple[str, str, bool, tuple[str, ...], bool, int, float, float],
) -> None:
    spec = model_table()[row[0], row[1]]

    assert spec.cost_usd(Usage(10**6, 10**6), batch=True) == pytest.approx((row[6] + row[7]) / 2, rel=1e-12)


def test_a_small_request_costs_what_a_pocket_calculator_says() -> None:
    # 1500 tokens at 1.25 and 300 at 10 USD per million: 0.001875 + 0.003, and half of that.
    assert model_table()["openai", "gpt-5.1"].cost_usd(Usage(1500, 300), batch=True) == pytest.approx(
        0.0024375, rel=1e-12
    )


def test_no_tokens_cost_nothing() -> None:
    assert model_table()["openai", "gpt-4.1"].cost_usd(Usage(), batch=True) == 0.0


def test_an_unknown_price_stays_unknown() -> None:
    assert model_table()["openai", "gpt-6-luna"].cost_usd(Usage(1000, 1000), batch=True) is None


def test_models_are_listed_by_provider_in_the_order_of_the_table() -> None:
    assert {provider: known_models(provider) for provider in PROVIDERS} == {
        provider: [row[1] for row in ROWS if row[0] == provider] for provider in PROVIDERS
    }
    assert known_models("nobody") == []


def test_at_once_costs_the_standard_rate() -> None:
    spec = model_table()["openai", "gpt-5.1"]

    assert spec.cost_usd(Usage(1500, 300), batch=False) == pytest.approx(0.004875, rel=1e-12)


def test_cached_input_has_rates_of_its_own() -> None:
    # A million tokens: 500,000 new at 4, 300,000 read at 0.4, 200,000 written at 5; 100,000 out at 20.
    usage = Usage(1_000_000, 100_000, cached_input_tokens=300_000, cache_write_tokens=200_000)
    spec = model_table()["anthropic", "claude-opus-5-5"]

    assert spec.cost_usd(usage, batch=False) == pytest.approx(2.0 + 0.12 + 1.0 + 2.0, rel=1e-12)
    assert spec.cost_usd(usage, batch=True) == pytest.approx(2.56, rel=1e-12)


def test_an_unknown_cache_rate_errs_upwards() -> None:
    rates = Rates(2.0, 10.0)

    assert rates.cost_usd(Usage(1_000_000, cached_input_tokens=1_000_000), batch=False) == pytest.approx(2.0)
    assert rates.cost_usd(Usage(1_000_000, cache_write_tokens=1_000_000), batch=False) == pytest.approx(4.0)


@pytest.mark.parametrize("spec", model_table().values(), ids=lambda spec: spec.model)
def test_reading_from_a_cache_costs_less_and_writing_no_less_than_new_input(spec: ModelSpec) -> None:
    new, read, write = (
        spec.rates.input_usd_per_mtok,
        spec.rates.cached_input_usd_per_mtok,
        spec.rates.cache_write_usd_per_mtok,
    )

    assert read is None or (new is not None and 0 < read < new)
    assert write is None or (new is not None and new <= write <= 2 * new)
