"""What one request is expected to take."""

# ruff: noqa: D103 - the name of a test is its sentence

import pytest

from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.models import PROVIDERS, model_table
from cj_pipeline.engine.cost import BYTES_PER_TOKEN as FEWEST_BYTES
from cj_pipeline.engine.expectations import (
    ANSWER_TOKENS,
    BYTES_PER_TOKEN,
    ENOUGH_ANSWERS,
    REASONING_TOKENS,
    expectation,
)
from cj_pipeline.engine.records import SessionTotals
from cj_pipeline_tests.unit.domain.factories import make_judge


def totals(**by_status: int) -> SessionTotals:
    """A session with so many comparisons of each status and 8,000 tokens in, 2,000 of them cached; 4,000 out."""
    return SessionTotals(by_status, 25, 8000, 4000, 1.0, 0.0, 0, 0, cached_input_tokens=2000, cache_write_tokens=400)


def test_assumptions_are_those_written_down() -> None:
    assert BYTES_PER_TOKEN == {"openai": 4.0, "anthropic": 2.5}
    assert ANSWER_TOKENS == (60, 120)
    assert REASONING_TOKENS == {
        "none": (0, 0),
        "low": (100, 300),
        "medium": (300, 800),
        "high": (700, 2000),
        "xhigh": (1500, 4000),
        "max": (3000, 8000),
    }
    assert ENOUGH_ANSWERS == 20


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_worst_case_takes_more_tokens_than_are_expected(provider: str) -> None:
    assert BYTES_PER_TOKEN[provider] > FEWEST_BYTES


@pytest.mark.parametrize("effort", sorted({e for spec in model_table().values() for e in spec.reasoning_efforts}))
def test_every_effort_a_model_accepts_has_its_assumption(effort: str) -> None:
    low, expected = REASONING_TOKENS[effort]

    assert low <= expected


@pytest.mark.parametrize(
    ("model", "parameters", "low", "expected"),
    [
        ("gpt-4.1", {}, 60, 120),
        ("gpt-5.1", {}, 60, 120),
        ("gpt-5.1", {"reasoning_effort": "high", "max_output_tokens": 9000}, 760, 2120),
        ("gpt-6-sol", {}, 360, 920),
        ("gpt-6-sol", {"max_output_tokens": 500}, 360, 500),
        ("gpt-6-sol", {"max_output_tokens": 100}, 100, 100),
    ],
)
def test_output_follows_the_effort_and_never_passes_the_allowance(
    model: str, parameters: dict[str, object], low: int, expected: int
) -> None:
    found = expectation(make_judge(model=model, parameters=parameters), totals(), alone=True)

    assert (found.low(4000).output_tokens, found.expected(4000).output_tokens) == (low, expected)


def test_input_follows_the_size() -> None:
    openai = expectation(make_judge(), totals(), alone=True)
    anthropic = expectation(make_judge(provider="anthropic", model="claude-haiku-5-5"), totals(), alone=True)

    assert openai.expected(4003).input_tokens == openai.low(4003).input_tokens == 1000
    assert anthropic.expected(4000).input_tokens == 1600


def test_only_a_prompt_of_some_length_is_written_to_a_cache_unasked() -> None:
    found = expectation(make_judge(model="gpt-6-sol"), totals(), alone=True)

    assert found.expected(4 * 1023).cache_write_tokens == 0
    assert found.expected(4 * 1024).cache_write_tokens == 1024
    assert found.low(4 * 1024).cache_write_tokens == 0


@pytest.mark.parametrize(("provider", "model"), [("openai", "gpt-4.1"), ("anthropic", "claude-opus-5-5")])
def test_others_are_not_expected_to_write_to_one(provider: str, model: str) -> None:
    found = expectation(make_judge(provider=provider, model=model), totals(), alone=True)

    assert found.expected(10**6).cache_write_tokens == 0


@pytest.mark.parametrize(
    "by_status",
    [{"ok": 20}, {"ok": 17, "refused": 1, "truncated": 1, "invalid": 1}],
    ids=["ok", "all that are charged"],
)
def test_twenty_answers_are_enough_for_averages(by_status: dict[str, int]) -> None:
    found = expectation(make_judge(), totals(**by_status, planned=5, errored=3), alone=True)

    assert found.expected(10**6) == found.low(1) == Usage(400, 200, cached_input_tokens=100, cache_write_tokens=20)


def test_nineteen_are_not() -> None:
    assert expectation(make_judge(), totals(ok=19, errored=5, planned=5), alone=True).mean is None


def test_nor_are_those_of_a_panel() -> None:
    assert expectation(make_judge(), totals(ok=20), alone=False).mean is None
