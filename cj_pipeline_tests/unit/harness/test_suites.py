# ruff: noqa: D103 - the names of the tests say it
"""Suites are able to fail: whatever a case is told wrongly, an expectation notices."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.emulator.profiles import profile_names
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.driving import Ending
from cj_pipeline.harness.suites import folders
from cj_pipeline.harness.suites.checks import equal, within
from cj_pipeline.harness.suites.judging import EXPECTATIONS, judge
from cj_pipeline.harness.suites.observing import Observation
from cj_pipeline.harness.suites.recordings import p95, read_recording
from cj_pipeline.harness.suites.running import Workplace
from cj_pipeline.harness.suites.specs import SUITES, Case, cases
from cj_pipeline.observability.collector import sample_key

MODEL = {"provider": "openai", "model": "gpt-6.1-terra"}


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Observation:
    """One case that passes."""
    place = Workplace(tmp_path_factory.mktemp("suite"))
    return place.run(Case(SUITES["eng5-lower5"], BatchingMode.SERIAL_BUNDLE, "openai"))


def failed(seen: Observation) -> set[str]:
    """What does not hold of an observation."""
    return {check.what for expectation in EXPECTATIONS for check in expectation(seen) if not check.passed}


def test_the_case_passes_untouched(seen: Observation) -> None:
    assert failed(seen) == set()
    assert sum(1 for expectation in EXPECTATIONS for _ in expectation(seen)) > 30


def _comparison(**changes: object) -> Callable[[Observation], Observation]:
    def change(seen: Observation) -> Observation:
        first, *rest = seen.comparisons
        return replace(seen, comparisons=(replace(first, **changes), *rest))  # type: ignore[arg-type]  # any field

    return change


def _metadata(**changes: object) -> Callable[[Observation], Observation]:
    return lambda seen: replace(seen, session=replace(seen.session, metadata={**seen.session.metadata, **changes}))


def _metric(name: str, n: float, **labels: str) -> Callable[[Observation], Observation]:
    key = sample_key(name, **labels)
    return lambda seen: replace(seen, metrics={**seen.metrics, key: seen.metrics.get(key, 0.0) + n})


def _flipped(seen: Observation) -> Observation:
    other = "second" if seen.comparisons[0].winner == "first" else "first"
    return _comparison(winner=other)(seen)


def _slower(seen: Observation) -> Observation:
    slow = [replace(a, latency_s=None if a.latency_s is None else a.latency_s + 0.15) for a in seen.answers]
    return replace(seen, answers=tuple(slow))


def _wordier(seen: Observation) -> Observation:
    more = [replace(a, usage=replace(a.usage, input_tokens=int(a.usage.input_tokens * 1.2))) for a in seen.answers]
    return replace(seen, answers=tuple(more))


def _billed_twice(seen: Observation) -> Observation:
    [extra, *_] = seen.billed
    return replace(seen, journal=(*seen.journal, extra))


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        (lambda seen: replace(seen, drive=replace(seen.drive, ending=Ending.PARTIAL)), "completed"),
        (_comparison(status="errored"), "no failures"),
        (lambda seen: replace(seen, comparisons=seen.comparisons[1:]), "no failures"),
        (_comparison(wave=2), "waves"),
        (_comparison(n_attempts=2), "attempts"),
        (_metadata(llm_batching_mode="per_request"), "mode persisted"),
        (_metadata(llm_batching_mode_source="assessment"), "mode chosen by"),
        (_metadata(config_overrides={}), "override persisted"),
        (_metadata(queue_processing_mode="batch_api"), "queue mode"),
        (_metadata(stop_reason="stable"), "stop reason"),
        (lambda seen: replace(seen, decisions=()), "decisions"),
        (
            lambda seen: replace(seen, jobs=tuple(replace(job, mode="per_request") for job in seen.jobs)),
            "modes of jobs",
        ),
        (
            lambda seen: replace(seen, jobs=tuple(replace(job, n_requests=65) for job in seen.jobs)),
            "requests in the largest bundle",
        ),
        (_metadata(unique_coverage_complete=False), "coverage"),
        (_metadata(resampling_pass_count=1), "resampling passes"),
        (_metadata(successful_pairs_count=9), "pairs with a verdict"),
        (_comparison(first_id="essay-03", second_id="essay-05"), "skew of first and second"),
        (_flipped, "verdicts that are not the judge's"),
        (_flipped, "verdicts as recorded"),
        (_flipped, "pairs with more than one verdict"),
        (_billed_twice, "each question billed once"),
        (lambda seen: replace(seen, counts=replace(seen.counts, n_strangers=1)), "rows of no request"),
        (_slower, "mean latency, ms"),
        (_wordier, "mean prompt_tokens"),
        (_metric("cj_llm_requests_total", 1, batching_mode="serial_bundle"), "metrics by exact difference"),
        (_metric("cj_llm_requests_total", 1, batching_mode="per_request"), "metrics by exact difference"),
        (_metric("cj_workflow_decisions_total", 1, decision="NO_OP"), "metrics by exact difference"),
        (_metric("llm_provider_tokens_used_total", -1, **MODEL, token_type="input"), "metrics by exact difference"),
        (_metric("llm_provider_cost_dollars_total", 1e-4, **MODEL, synthetic="true"), "metrics by exact difference"),
        (_metric("llm_provider_response_duration_seconds_bucket", 1, **MODEL, le="+Inf"), "histograms hold"),
        (_metric("llm_provider_response_duration_seconds_sum", 1e6, **MODEL), "adds up"),
    ],
)
def test_what_is_told_wrongly_is_noticed(
    seen: Observation, change: Callable[[Observation], Observation], noticed: str
) -> None:
    assert any(noticed in what for what in failed(change(seen)))


def test_a_suite_that_cannot_run_has_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "SAMPLES", tmp_path)

    verdict = judge(Workplace(tmp_path), Case(SUITES["small-net"], BatchingMode.PER_REQUEST, "openai"))

    assert not verdict.passed
    assert "the sample is missing" in verdict.failed[0].saw
    with pytest.raises(ConfigurationError):
        folders.write_case(tmp_path, verdict.case)


def test_every_profile_is_a_suite_and_every_suite_meets_every_mode_it_names_at_both_providers() -> None:
    assert set(profile_names()) <= set(SUITES)
    assert {"regular", "small-net", "batch-api"} <= set(SUITES)
    found = cases(tuple(SUITES.values()))
    assert len(found) == 2 * sum(len(suite.modes) for suite in SUITES.values())
    assert {case.mode for case in found} == set(BatchingMode)


@pytest.mark.parametrize("name", profile_names())
def test_recordings_hold_one_event_per_comparison_for_both_providers(name: str) -> None:
    recording = read_recording(name)

    assert {provider: len(events) for provider, events in recording["events"].items()} == {
        "anthropic": SUITES[name].n_comparisons,
        "openai": SUITES[name].n_comparisons,
    }
    assert recording["trace"]["source"]


def test_the_95th_percentile_is_one_of_the_values() -> None:
    assert p95([float(k) for k in range(1, 101)]) == 95.0
    assert p95([3.0, 1.0]) == 3.0


def test_checks_say_what_they_saw() -> None:
    assert equal("n", 2, 2).saw == ""
    assert equal("n", 1, 2).saw == "saw 1, expected 2"
    assert within("n", 3.0, 1.0, 2.0).saw == "saw 3.0, expected 1 to 2"
    assert not within("n", None, 0.0, 1.0).passed
