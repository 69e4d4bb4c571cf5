"""The model table, against the figures it was made from."""

# ruff: noqa: D103 - the name of a test is its sentence

from datetime import date

import pytest

from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.models import PROVIDERS, ModelSpec, known_models, model_table

LEVELS = ("low", "medium", "high", "xhigh", "max")
SIX = ("none", *LEVELS)
Row = tuple[str, str, bool, tuple[str, ...], str, bool, int, int, float, float, float, float]
# provider, model, temperature, efforts, the one used unasked, verbosity, context, output limit; USD per million tokens:
# input, read from a cache, written to it, output
ROWS: list[Row] = [
    ("openai", "gpt-6.1-terra", False, SIX, "medium", True, 1_050_000, 128_000, 1.0, 0.05, 1.25, 5.0),
    ("openai", "gpt-6-sol", False, SIX, "medium", True, 1_050_000, 128_000, 2.0, 0.2, 2.5, 10.0),
    ("openai", "gpt-6-luna", False, SIX, "medium", True, 1_050_000, 128_000, 0.1, 0.01, 0.125, 0.5),
    ("openai", "gpt-5.1", False, SIX[:4], "none", True, 400_000, 128_000, 1.25, 0.125, 1.25, 10.0),
    ("openai", "gpt-4.1", True, (), "", False, 1_047_576, 32_768, 2.0, 0.5, 2.0, 8.0),
    ("openai", "gpt-4.1-mini", True, (), "", False, 1_047_576, 32_768, 0.4, 0.1, 0.4, 1.6),
    ("anthropic", "claude-opus-5-5", False, LEVELS, "medium", False, 1_000_000, 128_000, 4.0, 0.2, 5.0, 20.0),
    ("anthropic", "claude-sonnet-5-5", False, LEVELS, "high", False, 1_000_000, 128_000, 2.0, 0.1, 2.5, 10.0),
    ("anthropic", "claude-sonnet-5", False, LEVELS, "high", False, 1_000_000, 128_000, 2.0, 0.2, 2.5, 10.0),
    ("anthropic", "claude-haiku-5-5", False, LEVELS, "medium", False, 1_000_000, 128_000, 0.1, 0.01, 0.125, 0.5),
]


def test_the_table_holds_these_models_and_no_others() -> None:
    assert list(model_table()) == [(row[0], row[1]) for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_a_model_accepts_and_costs_what_was_written_down(row: Row) -> None:
    spec = model_table()[row[0], row[1]]

    assert (spec.provider, spec.model, spec.accepts_temperature, spec.reasoning_efforts) == row[:4]
    assert (spec.default_effort, spec.accepts_verbosity, spec.context_tokens, spec.max_output_tokens) == row[4:8]
    assert (spec.rates.input_usd_per_mtok, spec.rates.cached_input_usd_per_mtok) == row[8:10]
    assert (spec.rates.cache_write_usd_per_mtok, spec.rates.output_usd_per_mtok) == row[10:]
    assert spec.rates.batch_discount == 0.5
    assert spec.structured_output
    assert spec.batch_api
    assert spec.synchronous_api
    assert spec.prompt_cache == {"openai": "automatic", "anthropic": "cache_control"}[spec.provider]


@pytest.mark.parametrize(
    ("models", "tokens"),
    [
        (["gpt-6.1-terra", "gpt-6-sol", "gpt-6-luna", "claude-sonnet-5"], 1024),
        (["claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5"], 512),
        (["gpt-5.1", "gpt-4.1", "gpt-4.1-mini"], None),
    ],
)
def test_prompts_are_cached_from_a_length_on(models: list[str], tokens: int | None) -> None:
    by_name = {spec.model: spec for spec in model_table().values()}

    assert {model: by_name[model].prompt_cache_min_tokens for model in models} == dict.fromkeys(models, tokens)


def test_long_requests_are_dearer_where_the_provider_says_so() -> None:
    dearer = {
        spec.model: (spec.rates.long_from_tokens, spec.rates.long_input_factor, spec.rates.long_output_factor)
        for spec in model_table().values()
        if spec.rates.long_from_tokens is not None
    }

    assert dearer == {
        **dict.fromkeys(["gpt-6.1-terra", "gpt-6-sol", "gpt-6-luna"], (272_000, 2.0, 1.5)),
        "claude-haiku-5-5": (100_000, 5.0, 5.0),
    }


def test_only_one_family_keeps_cached_input_at_its_price_in_a_batch() -> None:
    kept = [spec.model for spec in model_table().values() if not spec.rates.batch_discounts_cached_input]

    assert kept == ["gpt-4.1", "gpt-4.1-mini"]


@pytest.mark.parametrize("spec", model_table().values(), ids=lambda spec: spec.model)
def test_every_row_says_where_and_when_it_is_from(spec: ModelSpec) -> None:
    assert spec.source.startswith(("https://developers.openai.com/", "https://platform.claude.com/"))
    assert date(2026, 10, 1) <= date.fromisoformat(spec.checked) <= date(2026, 11, 24)


@pytest.mark.parametrize("spec", model_table().values(), ids=lambda spec: spec.model)
def test_the_effort_used_unasked_is_one_that_is_accepted(spec: ModelSpec) -> None:
    assert spec.default_effort in (spec.reasoning_efforts or ("",))


@pytest.mark.parametrize("spec", model_table().values(), ids=lambda spec: spec.model)
def test_an_hour_of_cache_costs_twice_the_input_where_there_is_one(spec: ModelSpec) -> None:
    price = spec.rates.input_usd_per_mtok

    assert price is not None
    assert spec.rates.cache_write_1h_usd_per_mtok == (2 * price if spec.provider == "anthropic" else None)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[1])
def test_many_requests_in_a_batch_cost_half_the_standard_prices(row: Row) -> None:
    each = model_table()[row[0], row[1]].cost_usd(Usage(10_000, 10_000), batch=True)

    assert each is not None
    assert 100 * each == pytest.approx((row[8] + row[11]) / 2, rel=1e-12)


def test_a_small_request_costs_what_a_pocket_calculator_says() -> None:
    # 1500 tokens at 1.25 and 300 at 10 USD per million: 0.001875 + 0.003, and half of that.
    assert model_table()["openai", "gpt-5.1"].cost_usd(Usage(1500, 300), batch=True) == pytest.approx(
        0.0024375, rel=1e-12
    )


def test_no_tokens_cost_nothing() -> None:
    assert model_table()["openai", "gpt-4.1"].cost_usd(Usage(), batch=True) == 0.0


def test_models_are_listed_by_provider_in_the_order_of_the_table() -> None:
    assert {provider: known_models(provider) for provider in PROVIDERS} == {
        provider: [row[1] for row in ROWS if row[0] == provider] for provider in PROVIDERS
    }
    assert known_models("nobody") == []


def test_at_once_costs_the_standard_rate() -> None:
    spec = model_table()["openai", "gpt-5.1"]

    assert spec.cost_usd(Usage(1500, 300), batch=False) == pytest.approx(0.004875, rel=1e-12)


def test_cached_input_has_rates_of_its_own() -> None:
    # A million tokens: 500,000 new at 4, 300,000 read at 0.2, 200,000 written at 5; 100,000 out at 20.
    usage = Usage(1_000_000, 100_000, cached_input_tokens=300_000, cache_write_tokens=200_000)
    spec = model_table()["anthropic", "claude-opus-5-5"]

    assert spec.cost_usd(usage, batch=False) == pytest.approx(2.0 + 0.06 + 1.0 + 2.0, rel=1e-12)
    assert spec.cost_usd(usage, batch=True) == pytest.approx(2.53, rel=1e-12)


@pytest.mark.parametrize("spec", model_table().values(), ids=lambda spec: spec.model)
def test_reading_from_a_cache_costs_less_and_writing_no_less_than_new_input(spec: ModelSpec) -> None:
    new, read, write = (
        spec.rates.input_usd_per_mtok,
        spec.rates.cached_input_usd_per_mtok,
        spec.rates.cache_write_usd_per_mtok,
    )

    assert read is None or (new is not None and 0 < read < new)
    assert write is None or (new is not None and new <= write <= 2 * new)
