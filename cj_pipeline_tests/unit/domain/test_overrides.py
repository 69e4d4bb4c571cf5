# ruff: noqa: D103 - the names of the tests say it
"""What one run may want instead of the file, and what it may not."""

import pytest

from cj_pipeline.defs.run_wishes import RunWishes
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.overrides import RunOverrides, apply_overrides
from cj_pipeline.errors import ConfigurationError
from cj_pipeline_tests.unit.domain.factories import judge_data, make_assessment


def test_every_override_takes_the_place_of_what_the_file_says() -> None:
    wishes = RunOverrides.read(
        {
            "llm_batching_mode": "per_request",
            "max_pairs_cap": "50",
            "system_prompt": "Judge.",
            "rubric": "The bolder text.",
            "model": "gpt-6-sol",
            "max_output_tokens": 999,
            "reasoning_effort": "low",
            "verbosity": "low",
        }
    )
    changed = apply_overrides(make_assessment(), wishes)
    [judge] = changed.judges

    assert changed.llm_batching_mode is BatchingMode.PER_REQUEST
    assert (changed.max_pairs_cap, changed.system_prompt, changed.rubric) == (50, "Judge.", "The bolder text.")
    assert (judge.model, judge.parameters.max_output_tokens) == ("gpt-6-sol", 999)
    assert (judge.parameters.reasoning_effort, judge.parameters.verbosity) == ("low", "low")
    assert wishes.config == {"llm_batching_mode": "per_request", "max_pairs_cap": 50}
    assert set(wishes.llm) == {
        "system_prompt",
        "rubric",
        "model",
        "max_output_tokens",
        "reasoning_effort",
        "verbosity",
    }


def test_a_temperature_of_zero_stays_zero() -> None:
    [judge] = apply_overrides(make_assessment(), RunOverrides(temperature=0)).judges

    assert judge.parameters.temperature == 0


def test_nothing_wanted_changes_nothing() -> None:
    assert apply_overrides(make_assessment(), RunOverrides()) == make_assessment()


@pytest.mark.parametrize(
    ("wishes", "said"),
    [
        ({"max_pairs_cap": 101}, "an override can only lower it"),
        ({"model": "gpt-9"}, "unknown model 'gpt-9'"),
        ({"provider": "anthropic"}, "unknown model 'gpt-4.1' for provider 'anthropic'"),
        ({"reasoning_effort": "high"}, "does not accept reasoning_effort"),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused_with_its_reason(wishes: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        apply_overrides(make_assessment(), RunOverrides.read(wishes))


def test_a_model_for_a_whole_panel_is_refused() -> None:
    panel = make_assessment(judges=[judge_data(), judge_data(model="gpt-4.1-mini")])

    with pytest.raises(ConfigurationError, match="the assessment has 2 judges"):
        apply_overrides(panel, RunOverrides(model="gpt-6-sol"))


def test_all_unusable_wishes_are_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        RunOverrides.read({"llm_batching_mode": "fast", "seed": 4})

    assert [fault.split(":")[0] for fault in caught.value.faults] == [
        "run override llm_batching_mode",
        "run override seed",
    ]


def test_the_launchpad_offers_every_override() -> None:
    assert set(RunWishes.model_fields) == set(RunOverrides.model_fields)
    assert RunWishes(model="gpt-6-sol").overrides() == RunOverrides(model="gpt-6-sol")
