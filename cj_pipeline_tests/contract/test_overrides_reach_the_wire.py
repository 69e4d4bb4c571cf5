# ruff: noqa: D103 - the names of the tests say it
"""Every override of the judge stands in the bytes that are sent, for both providers."""

import json
from typing import Any

import pytest

from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.submit import submit
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment

OTHER_MODEL = {"openai": "gpt-6-sol", "anthropic": "claude-sonnet-5-5"}
MODES = ["provider_batch_api", "per_request", "serial_bundle"]


def sent(rig: Rig, provider: str, mode: str, **wishes: object) -> list[dict[str, Any]]:
    """Submit with overrides and return the bodies that were sent."""
    make_assessment(rig.root, provider=provider)
    overrides = RunOverrides.read({"llm_batching_mode": mode, **wishes})
    rig.bench.tables.save_snapshot(rig.bench.read("small", overrides))
    plan(rig.engine, "small")
    submit(rig.engine, "small")
    jobs = rig.engine.ledger.jobs()
    assert {job.mode for job in jobs} == {mode}
    lines = [json.loads(line) for job in jobs for line in rig.engine.raw.lines(job.request_path)]
    assert len(lines) == 12
    return [line.get("body") or line["params"] for line in lines]


def texts(body: dict[str, Any]) -> tuple[str, str]:
    """Return system text and user text of a request."""
    if "system" in body:
        return body["system"][0]["text"], "\n\n".join(block["text"] for block in body["messages"][0]["content"])
    return body["messages"][0]["content"], body["messages"][1]["content"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_prompt_model_and_parameters_reach_the_wire(rig: Rig, provider: str, mode: str) -> None:
    bodies = sent(
        rig,
        provider,
        mode,
        system_prompt="You are a stern judge.",
        rubric="Only the opening counts.",
        model=OTHER_MODEL[provider],
        max_output_tokens=777,
        reasoning_effort="low",
    )

    for body in bodies:
        system, user = texts(body)
        assert system == "You are a stern judge."
        assert "# Criteria\nOnly the opening counts." in user
        assert body["model"] == OTHER_MODEL[provider]
        assert (body.get("max_completion_tokens") or body["max_tokens"]) == 777
        assert (body.get("reasoning_effort") or body["output_config"]["effort"]) == "low"


def test_verbosity_and_temperature_reach_the_models_that_take_them(rig: Rig) -> None:
    assert all(body["verbosity"] == "low" for body in sent(rig, "openai", "provider_batch_api", verbosity="low"))


def test_a_temperature_of_zero_reaches_the_wire(rig: Rig) -> None:
    bodies = sent(rig, "openai", "provider_batch_api", model="gpt-4.1", temperature=0)

    assert all(body["temperature"] == 0 for body in bodies)


def test_the_static_part_comes_first_and_is_kept_before_the_essays(rig: Rig) -> None:
    bodies = sent(rig, "anthropic", "provider_batch_api")
    contents = [body["messages"][0]["content"] for body in bodies]

    assert len({json.dumps([body["system"], content[0]]) for body, content in zip(bodies, contents, strict=True)}) == 1
    assert all(content[0]["cache_control"] == {"type": "ephemeral", "ttl": "1h"} for content in contents)
    assert all("cache_control" not in content[1] for content in contents)
    assert len({content[1]["text"].split('"')[1] for content in contents}) == 12
