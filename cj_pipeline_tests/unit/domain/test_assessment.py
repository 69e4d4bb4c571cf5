"""What an assessment may ask for, and what it is told when it asks for something else."""

# ruff: noqa: D103 - the name of a test is its sentence

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.grade_scales import GRADE_SCALES
from cj_pipeline.domain.judges import JudgeParameters
from cj_pipeline.domain.models import model_table
from cj_pipeline.domain.prices import Rates
from cj_pipeline_tests.unit.domain.factories import assessment_data, judge_data, make_assessment, make_judge


def faults(**changes: object) -> str:
    """Return what is said of an assessment with these changes."""
    with pytest.raises(ValidationError) as caught:
        make_assessment(**changes)
    return str(caught.value)


def judge_faults(**changes: object) -> str:
    """Return what is said of a judge with these changes."""
    with pytest.raises(ValidationError) as caught:
        make_judge(**changes)
    return str(caught.value)


def test_what_is_left_out_has_a_default() -> None:
    assessment = make_assessment()

    assert assessment.llm_batching_mode is None
    assert assessment.comparisons_per_essay is None
    assert assessment.max_cost_usd is None
    assert assessment.seed == 0


def test_a_judge_left_bare_sends_only_its_output_allowance() -> None:
    judge = make_judge()

    assert judge.parameters == JudgeParameters()
    assert judge.parameters.model_dump(exclude_none=True) == {"max_output_tokens": 1200}
    assert judge.share == 1.0


@pytest.mark.parametrize("key", ["title", "task", "rubric", "language", "grade_scale", "judges", "max_pairs_cap"])
def test_a_required_key_cannot_be_left_out(key: str) -> None:
    data = assessment_data()
    del data[key]

    with pytest.raises(ValidationError, match="Field required") as caught:
        Assessment.model_validate(data)

    assert [error["loc"] for error in caught.value.errors()] == [(key,)]


@pytest.mark.parametrize("key", ["title", "task", "rubric"])
def test_texts_are_stripped_and_may_not_be_blank(key: str) -> None:
    assert getattr(make_assessment(**{key: "  words \n"}), key) == "words"
    assert "at least 1 character" in faults(**{key: " \n "})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("language", "EN"),
        ("language", "eng"),
        ("language", "e"),
        ("language", "en\n"),
        ("comparisons_per_essay", 0),
        ("max_pairs_cap", 0),
        ("max_pairs_cap", 1.5),
        ("max_cost_usd", 0),
        ("max_cost_usd", -1),
        ("max_cost_usd", math.nan),
        ("seed", -1),
        ("judges", []),
        ("llm_batching_mode", "by_pigeon"),
    ],
)
def test_values_out_of_range_are_refused(key: str, value: object) -> None:
    assert key in faults(**{key: value})


@pytest.mark.parametrize("scale", GRADE_SCALES)
def test_every_grade_scale_can_be_named(scale: str) -> None:
    assert make_assessment(grade_scale=scale).grades == GRADE_SCALES[scale].grades


def test_an_unknown_grade_scale_is_answered_with_the_known_ones() -> None:
    message = faults(grade_scale="stars")

    assert "unknown grade scale 'stars'" in message
    assert all(scale in message for scale in GRADE_SCALES)


def test_an_unknown_provider_is_answered_with_the_known_ones() -> None:
    assert "unknown provider 'acme'; choose one of: openai, anthropic" in judge_faults(provider="acme", model="x")


def test_an_unknown_model_is_answered_with_the_models_of_its_provider() -> None:
    message = judge_faults(provider="anthropic", model="gpt-4.1")

    assert "unknown model 'gpt-4.1' for provider 'anthropic'; known models: claude-opus-5-5" in message
    assert "gpt-4.1-mini" not in message


@pytest.mark.parametrize(
    ("provider", "model", "parameters", "said"),
    [
        ("openai", "gpt-6.1-terra", {"temperature": 0.0}, "gpt-6.1-terra does not accept temperature; remove it"),
        (
            "openai",
            "gpt-6.1-terra",
            {"reasoning_effort": "minimal"},
            "reasoning_effort 'minimal'; choose one of: none, low, medium, high, xhigh, max",
        ),
        (
            "openai",
            "gpt-4.1",
            {"reasoning_effort": "low"},
            "gpt-4.1 does not accept reasoning_effort 'low'; remove it",
        ),
        (
            "anthropic",
            "claude-haiku-5-5",
            {"verbosity": "low"},
            "claude-haiku-5-5 does not accept verbosity; remove it",
        ),
        (
            "openai",
            "gpt-4.1",
            {"max_output_tokens": 32769},
            "gpt-4.1 gives at most 32768 output tokens; lower max_output_tokens",
        ),
    ],
)
def test_a_parameter_the_model_refuses_is_named(
    provider: str, model: str, parameters: dict[str, Any], said: str
) -> None:
    assert said in judge_faults(provider=provider, model=model, parameters=parameters)


def test_all_refused_parameters_are_named_at_once() -> None:
    message = judge_faults(model="gpt-4.1", parameters={"reasoning_effort": "low", "verbosity": "low"})

    assert "reasoning_effort" in message
    assert "verbosity" in message


@pytest.mark.parametrize(
    ("provider", "model", "parameters"),
    [
        ("openai", "gpt-4.1", {"temperature": 2, "max_output_tokens": 32768}),
        ("openai", "gpt-5.1", {"reasoning_effort": "none", "verbosity": "high"}),
        ("anthropic", "claude-opus-5-5", {"reasoning_effort": "high", "max_output_tokens": 64}),
    ],
)
def test_parameters_the_model_accepts_are_kept(provider: str, model: str, parameters: dict[str, Any]) -> None:
    judge = make_judge(provider=provider, model=model, parameters=parameters)

    assert judge.parameters.model_dump(exclude_none=True) == {"max_output_tokens": 1200} | parameters


@pytest.mark.parametrize(
    ("key", "value"),
    [("share", 0), ("share", -1), ("share", math.nan), ("parameters", {"max_output_tokens": 63})],
)
def test_judges_out_of_range_are_refused(key: str, value: object) -> None:
    assert key in judge_faults(**{key: value})


@pytest.mark.parametrize("temperature", [-0.1, 2.1])
def test_a_temperature_out_of_range_is_refused(temperature: float) -> None:
    assert "temperature" in judge_faults(parameters={"temperature": temperature})


@pytest.fixture
def change_luna(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Changes one row of the model table for a test."""

    def change(**changes: Any) -> None:  # noqa: ANN401 (whatever a row may hold)
        key = ("openai", "gpt-6-luna")
        monkeypatch.setitem(model_table(), key, replace(model_table()[key], **changes))

    return change


def test_a_model_that_cannot_be_held_to_a_schema_is_refused(change_luna: Callable[..., None]) -> None:
    change_luna(structured_output=False)

    assert "gpt-6-luna cannot hold an answer to a schema, which a judge must; choose another model" in judge_faults(
        model="gpt-6-luna"
    )


@pytest.mark.parametrize(
    ("missing", "refused", "kept"),
    [
        # Without batch jobs there is a fallback, which says so: see test_batching_mode.
        ("batch_api", [], ["per_request", "serial_bundle", "provider_batch_api"]),
        ("synchronous_api", ["per_request", "serial_bundle"], ["provider_batch_api"]),
    ],
)
def test_a_model_is_refused_in_a_mode_it_has_no_endpoint_for(
    change_luna: Callable[..., None], missing: str, refused: list[str], kept: list[str]
) -> None:
    change_luna(**{missing: False})
    judges = [judge_data(model="gpt-6-luna"), judge_data()]

    for mode in refused:
        assert (
            f"not to be asked in mode {mode}: gpt-6-luna; choose another model, or another llm_batching_mode"
        ) in faults(judges=judges, llm_batching_mode=mode)
    assert [make_assessment(judges=judges, llm_batching_mode=mode).llm_batching_mode for mode in kept] == kept


def test_a_stated_price_wins_over_the_table() -> None:
    price = {"input_usd_per_mtok": 3.0, "output_usd_per_mtok": 9.0, "batch_discount": 0.8}
    judge = make_judge(model="gpt-6-luna", price=price)

    # 1000 tokens at 3 and 100 at 9 USD per million: 0.003 + 0.0009; cached ones at 3, written ones at 6.
    assert judge.cost_usd(Usage(1000, 100), batch=False) == pytest.approx(0.0039)
    assert judge.cost_usd(Usage(1000, 100), batch=True) == pytest.approx(0.0039 * 0.8)
    assert judge.cost_usd(Usage(1000, cached_input_tokens=1000), batch=False) == pytest.approx(0.003)
    assert judge.cost_usd(Usage(1000, cache_write_tokens=1000), batch=False) == pytest.approx(0.006)


def test_a_stated_price_takes_from_the_table_what_it_leaves_open() -> None:
    judge = make_judge(model="gpt-6-luna", price={"input_usd_per_mtok": 3.0, "output_usd_per_mtok": 9.0})

    assert judge.rates.batch_discount == judge.spec.rates.batch_discount == 0.5
    assert judge.rates.long_from_tokens == judge.spec.rates.long_from_tokens == 272_000


def test_a_price_makes_an_unpriced_model_one_with_a_price(change_luna: Callable[..., None]) -> None:
    change_luna(rates=Rates(None, None))
    price = {"input_usd_per_mtok": 0, "output_usd_per_mtok": 0.5}

    assert make_judge(model="gpt-6-luna").cost_usd(Usage(1, 1), batch=True) is None
    assert make_judge(model="gpt-6-luna", price=price).cost_usd(Usage(0, 10**6), batch=False) == 0.5


def test_a_price_does_not_make_an_unknown_model_known() -> None:
    price = {"input_usd_per_mtok": 1, "output_usd_per_mtok": 1}

    assert "unknown model 'gpt-99' for provider 'openai'; known models: gpt-6.1-terra" in judge_faults(
        model="gpt-99", price=price
    )


@pytest.mark.parametrize(
    "price",
    [
        {"input_usd_per_mtok": 1},
        {"input_usd_per_mtok": -1, "output_usd_per_mtok": 1},
        {"input_usd_per_mtok": 1, "output_usd_per_mtok": math.inf},
        {"input_usd_per_mtok": 1, "output_usd_per_mtok": 1, "batch_discount": 0},
        {"input_usd_per_mtok": 1, "output_usd_per_mtok": 1, "batch_discount": 1.5},
        {"input_usd_per_mtok": 1, "output_usd_per_mtok": 1, "per_request_usd": 1},
    ],
)
def test_a_price_that_is_none_is_refused(price: dict[str, float]) -> None:
    assert "price" in judge_faults(price=price)


def test_judges_named_twice_are_refused() -> None:
    twice = [judge_data(), judge_data(share=2.0), judge_data(model="gpt-4.1-mini")]

    assert "judges named twice: openai/gpt-4.1; give one of them a larger share instead" in faults(judges=twice)


def test_one_model_at_two_efforts_makes_two_judges() -> None:
    efforts = [judge_data(model="gpt-5.1", parameters={"reasoning_effort": effort}) for effort in ("low", "high")]
    assessment = make_assessment(judges=[*efforts, judge_data()])

    assert [judge.name for judge in assessment.judges] == [
        "openai/gpt-5.1@low",
        "openai/gpt-5.1@high",
        "openai/gpt-4.1",
    ]
    assert assessment.judge("openai/gpt-5.1@high").parameters.reasoning_effort == "high"


def test_a_judge_that_is_not_there_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        make_assessment().judge("openai/gpt-5.1")


@pytest.mark.parametrize(
    "changes",
    [
        {"deadline": "tomorrow"},
        {"judges": [judge_data(weight=2)]},
        {"judges": [judge_data(parameters={"top_p": 1})]},
    ],
)
def test_keys_nobody_knows_are_refused_on_every_level(changes: dict[str, object]) -> None:
    assert "Extra inputs are not permitted" in faults(**changes)


def test_an_assessment_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        make_assessment().title = "Another"  # type: ignore[misc]
