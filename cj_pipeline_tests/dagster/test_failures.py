# ruff: noqa: D103 - the names of the tests say it
"""What becomes of errors: repeated as often as the policy says, no more, and with a remedy on the run's page."""

import inspect

import dagster as dg
import pytest
from dagster._core.execution.plan import active

from cj_pipeline import errors
from cj_pipeline.defs.collecting import MAX_TRIES
from cj_pipeline.defs.failures import POLICY, RETRIES, handling_of, operator_failures
from cj_pipeline.errors import (
    CjError,
    LeaseHeldError,
    PermanentProviderError,
    ProviderError,
    StoreUnavailableError,
    TransientProviderError,
)
from cj_pipeline.wiring import SystemClock
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.skipping_time import SkippingTime

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, CjError)]


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> SkippingTime:
    """Pauses between the tries of steps, which take no time."""
    skipping = SkippingTime()
    monkeypatch.setattr(active, "time", skipping)
    return skipping


def provider_error(kind: type[ProviderError]) -> ProviderError:
    return kind("said no", provider="openai", operation="create batch job")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind is not CjError])
def test_every_kind_of_error_has_a_policy_of_its_own(kind: type[CjError]) -> None:
    assert kind in POLICY
    assert POLICY[kind].remedy.endswith(".")


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_certainly_did_not_happen_is_repeated(kind: type[CjError]) -> None:
    may_repeat = issubclass(kind, TransientProviderError | LeaseHeldError | StoreUnavailableError)

    assert (kind in POLICY and POLICY[kind].repeated) == may_repeat


def test_a_kind_nobody_thought_of_is_handled_like_the_one_above_it() -> None:
    class RateLimitError(TransientProviderError): ...

    class StrangeError(CjError): ...

    assert handling_of(provider_error(RateLimitError)) is POLICY[TransientProviderError]
    assert not handling_of(StrangeError()).repeated


def test_a_failed_run_says_what_happened_and_what_to_do() -> None:
    with pytest.raises(dg.Failure) as caught, operator_failures():
        raise provider_error(PermanentProviderError)

    assert caught.value.description == (
        "openai: create batch job: said no\nWhat to do: " + POLICY[PermanentProviderError].remedy
    )
    assert caught.value.metadata["remedy"].value == POLICY[PermanentProviderError].remedy
    assert caught.value.allow_retries is False


def n_tries(result: dg.ExecuteInProcessResult, step: str) -> int:
    starts = ("STEP_START", "STEP_RESTARTED")
    return sum(e.step_key == step and e.event_type_value in starts for e in result.all_events)


@pytest.mark.parametrize(("status", "tries"), [(503, 1 + 3), (401, 1)])
def test_a_submission_is_tried_as_often_as_the_error_deserves(
    rig: Rig, daemon: MiniDaemon, waits: SkippingTime, status: int, tries: int
) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    fault = {"kind": "http_error", "status": status, "path": "/files$", "method": "POST", "times": None}
    rig.emulator.script_faults(fault)

    result = daemon.run("submit_assessment", "small")

    assert not result.success
    assert n_tries(result, "batch_submissions") == tries
    assert [round(s) for s in waits.waited] == [20, 60, 140][: tries - 1]
    assert rig.billed() == 0


def test_layers_of_retries_are_bounded_together(rig: Rig, daemon: MiniDaemon, waits: SkippingTime) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    fault = {"kind": "http_error", "status": 503, "path": "/content$", "method": "GET", "times": None}
    rig.emulator.script_faults(fault)

    launched = len(daemon.tick("batch_job_sensor").run_requests or [])
    rig.clock.time = SystemClock().now()  # runs carry the machine's time, and so must the decisions about them
    for _ in range(3 * MAX_TRIES):
        launched += len(daemon.tick("batch_job_sensor").run_requests or [])
        rig.clock.advance(2 * 3600)

    n_runs = len(daemon.instance.get_runs(dg.RunsFilter(job_name="collect_assessment")))
    assert launched == n_runs == MAX_TRIES
    assert len(waits.waited) == MAX_TRIES * RETRIES.max_retries
    assert rig.billed() == 12
