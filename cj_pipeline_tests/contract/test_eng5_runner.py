# ruff: noqa: D103 - the names of the tests say it
"""The ENG5 runner over the socket: artefacts of whole, partial and failed runs, and the studies of a judge."""

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.domain.prompting import build_prompt, context_of
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.driving import EngineDriver
from cj_pipeline.harness.eng5.artefact_files import read_artefact, write_artefact
from cj_pipeline.harness.eng5.capacity import capacity
from cj_pipeline.harness.eng5.running import anchor_align, boundary, dry_run, execute
from cj_pipeline.harness.eng5.schema import Artefact
from cj_pipeline.harness.eng5.wishes import RunnerWishes
from cj_pipeline.harness.suites.clock import EmulatorClock
from cj_pipeline.settings import Settings, load_settings
from cj_pipeline.wiring import Workbench, open_workbench
from cj_pipeline_tests.support.benches import environment
from cj_pipeline_tests.support.folders import make_assessment

DAYS_S = 3 * 86_400.0
MODES = ["per_request", "serial_bundle", "provider_batch_api"]


def wishes(mode: str | None = None, *, limit_s: float = DAYS_S, cap: int | None = None, **more: Any) -> RunnerWishes:  # noqa: ANN401 (any override)
    overrides = RunOverrides.read({**({"llm_batching_mode": mode} if mode else {}), **more})
    return RunnerWishes(overrides, max_comparisons=cap, wait_limit_s=limit_s, tick_s=900.0, arguments=("eng5", "test"))


def settings_on(root: Path, emulator: RunningEmulator) -> Settings:
    return load_settings({**environment(root, emulator.url), "CJ_STABILITY_THRESHOLD": "0", "CJ_POLL_MIN_S": "0.1"})


@contextmanager
def bench_on(root: Path, emulator: RunningEmulator) -> Iterator[Workbench]:
    """A workbench on the emulator's time."""
    with closing(open_workbench(settings_on(root, emulator))) as bench:
        yield replace(bench, engine=replace(bench.engine, clock=EmulatorClock(emulator)))


def anchored(root: Path, n: int = 5, **changes: Any) -> Path:  # noqa: ANN401 (any key of assessment.yaml)
    """An assessment of which the first four essays are anchors."""
    folder = make_assessment(root, n_essays=n, comparisons_per_essay=None, max_pairs_cap=20, **changes)
    # Grades in the order in which the synthetic judges put the essays: contradicting anchors get no grades.
    grades = zip(range(1, 5), ("D-", "E-", "D-", "B"), strict=True)
    rows = [f"essay-{number:02d},{grade}" for number, grade in grades]
    (folder / "anchors.csv").write_text("\n".join(["essay_id,grade", *rows]) + "\n")
    return folder


def run(root: Path, emulator: RunningEmulator, wanted: RunnerWishes) -> Artefact:
    with bench_on(root, emulator) as bench:
        return execute(bench, EngineDriver(bench), "small", wanted)


@pytest.mark.parametrize(("provider", "mode"), [("openai", MODES[0]), ("anthropic", MODES[1]), ("openai", MODES[2])])
def test_a_whole_run_leaves_a_complete_artefact(
    tmp_path: Path, emulator: RunningEmulator, provider: str, mode: str
) -> None:
    anchored(tmp_path, provider=provider)

    artefact = write_artefact(tmp_path / "a.json", run(tmp_path, emulator, wishes(mode)))

    assert read_artefact(tmp_path / "a.json") == artefact
    assert artefact.validation.runner_status.state == "complete"
    assert artefact.validation.runner_status.exit_code == 0
    assert artefact.validation.runner_status.stop_reason == "budget"
    assert artefact.metadata.llm_batching_mode == mode
    assert artefact.metadata.llm_batching_mode_source == "run_override"
    assert artefact.metadata.synthetic
    assert len(artefact.llm_comparisons) == 20
    assert artefact.costs.total_usd == pytest.approx(sum(c.cost_usd or 0 for c in artefact.llm_comparisons))
    assert artefact.costs.token_counts[0].n_attempts == emulator.summary()["billed_answers"] == 20
    assert artefact.costs.token_counts[0].prompt_tokens == emulator.summary()["input_tokens"]
    assert [e.is_anchor for e in sorted(artefact.bt_summary, key=lambda e: e.essay_id)] == [True] * 4 + [False]
    assert all(entry.standard_error > 0.1 for entry in artefact.bt_summary)
    assert {entry.comparison_count for entry in artefact.bt_summary} == {8}
    assert artefact.grade_boundaries.available
    assert artefact.grade_boundaries.evidence is not None
    assert len(artefact.grade_boundaries.thresholds) == len(artefact.metadata.grades) - 1
    assert {entry.essay_id for entry in artefact.grade_projections} == {entry.essay_id for entry in artefact.bt_summary}
    assert all(sum(p.probabilities.values()) == pytest.approx(1) for p in artefact.grade_projections)
    assert all(p.primary_anchor_id != p.essay_id for p in artefact.grade_projections)
    for c in artefact.llm_comparisons:
        assert c.started_at is not None
        assert c.completed_at is not None
        assert c.completed_at >= c.started_at


def test_prompt_digests_can_be_made_again_from_the_inputs(tmp_path: Path, emulator: RunningEmulator) -> None:
    folder = anchored(tmp_path)
    planned = dry_run(settings_on(tmp_path, emulator), "small", wishes("provider_batch_api"))
    made = run(tmp_path, emulator, wishes("provider_batch_api"))

    assert [c.prompt_hash for c in planned.llm_comparisons] == [c.prompt_hash for c in made.llm_comparisons]
    assert planned.inputs == made.inputs
    with bench_on(tmp_path, emulator) as bench:
        assessment = bench.read("small").assessment
    one = made.llm_comparisons[0]
    first, second = ((folder / "essays" / f"{e}.txt").read_text().strip() for e in (one.essay_a_id, one.essay_b_id))
    prompt = build_prompt(context_of(assessment), first, second, "")
    whole = f"{prompt.system}\x1f{prompt.context}\x1f{prompt.essays}"
    assert one.prompt_hash == hashlib.sha256(whole.encode()).hexdigest()
    manifest = {entry.path: entry.sha256 for entry in made.validation.manifest}
    essay = made.inputs.students[0]
    assert manifest[essay.path] == essay.sha256 == hashlib.sha256((folder / essay.path).read_bytes()).hexdigest()


def test_a_dry_run_and_a_plan_leave_no_trace(tmp_path: Path, emulator: RunningEmulator) -> None:
    anchored(tmp_path)
    settings = settings_on(tmp_path, emulator)

    artefact = dry_run(settings, "small", wishes(cap=12))
    found = capacity(settings, "small", wishes(cap=12))

    assert artefact.validation.runner_status.state == "planned"
    assert {c.status for c in artefact.llm_comparisons} == {"planned"}
    assert len(artefact.llm_comparisons) == 12 == found.n_at_most
    assert artefact.costs.expected_usd is not None
    assert artefact.costs.expected_usd > 0
    assert found.grade_counts["E-"] == 1
    assert found.grade_counts["A"] == 0
    assert any("no anchor of" in note for note in found.notes)
    assert emulator.summary()["http_requests"] == 0
    assert not settings.work_dir.exists()


@pytest.mark.parametrize("mode", MODES[1:])
def test_the_cap_holds_in_every_mode_and_cannot_raise_the_files(
    tmp_path: Path, emulator: RunningEmulator, mode: str
) -> None:
    anchored(tmp_path)

    assert len(run(tmp_path, emulator, wishes(mode, cap=9)).llm_comparisons) == 9
    assert len(run(tmp_path, emulator, wishes(mode, cap=500)).llm_comparisons) == 20
    with pytest.raises(ConfigurationError, match="raise it to 4"):
        run(tmp_path, emulator, wishes(mode, cap=3))


def test_a_limit_that_comes_first_leaves_a_partial_artefact_and_a_second_run_goes_on(
    tmp_path: Path, emulator: RunningEmulator
) -> None:
    anchored(tmp_path)

    first = run(tmp_path, emulator, wishes("provider_batch_api", limit_s=0))
    second = run(tmp_path, emulator, wishes("provider_batch_api"))

    status = first.validation.runner_status
    assert (status.state, status.exit_code, first.bt_summary) == ("partial", 3, ())
    assert "20 of 20 comparisons are being judged" in status.reason
    assert {c.status for c in first.llm_comparisons} == {"pending"}
    assert second.validation.runner_status.state == "complete"
    assert emulator.summary()["billed_answers"] == 20


def test_a_judge_that_refuses_fails_with_an_artefact_that_says_why(tmp_path: Path, emulator: RunningEmulator) -> None:
    anchored(tmp_path)
    emulator.script_faults({"kind": "refusals", "share": 1.0, "times": None})

    artefact = run(tmp_path, emulator, wishes("provider_batch_api"))

    status = artefact.validation.runner_status
    assert (status.state, status.exit_code, status.stop_reason) == ("failed", 1, "failed")
    assert "gave a verdict" in status.reason
    assert {(c.status, c.outcome) for c in artefact.llm_comparisons} == {("failed", "refused")}
    assert all(c.failure_reason for c in artefact.llm_comparisons)
    assert artefact.bt_summary == ()


def test_anchors_are_aligned_with_their_grades_withheld(tmp_path: Path, emulator: RunningEmulator) -> None:
    anchored(tmp_path)

    artefact = anchor_align(settings_on(tmp_path, emulator), "small", wishes("serial_bundle", rubric="Accuracy only."))

    assert artefact.alignment is not None
    assert artefact.alignment.n_anchors == 4
    assert len(artefact.llm_comparisons) == 12
    assert artefact.alignment.order_flips.n == 6
    assert artefact.alignment.foretold_within_one.n == 4
    assert not artefact.grade_boundaries.available
    assert "withheld" in artefact.grade_boundaries.reason
    assert {a.essay_id: a.grade for a in artefact.inputs.anchors} == {
        "essay-01": "D-",
        "essay-02": "E-",
        "essay-03": "D-",
        "essay-04": "B",
    }
    assert artefact.inputs.students == ()
    assert "Accuracy only." in artefact.inputs.prompt_reference.content
    folder = tmp_path / "work" / "eng5" / "assessments" / "small.anchor-align"
    assert not (folder / "anchors.csv").exists()
    assert "anchors.csv" not in {entry.path for entry in artefact.validation.manifest}
    assert not (tmp_path / "work" / "ledger.db").exists()


def test_an_alignment_repeated_costs_nothing_and_a_lower_cap_connects_all(
    tmp_path: Path, emulator: RunningEmulator
) -> None:
    anchored(tmp_path)
    settings = settings_on(tmp_path, emulator)

    capped = anchor_align(settings, "small", wishes("per_request", cap=5))
    again = anchor_align(settings, "small", wishes("per_request", cap=5))

    assert len(capped.llm_comparisons) == 5
    assert emulator.summary()["billed_answers"] == 5
    assert again.alignment == capped.alignment
    with pytest.raises(ConfigurationError, match="4 anchors need at least 3 comparisons; allowed are 2"):
        anchor_align(settings, "small", wishes(cap=2))


def test_too_few_anchors_are_refused(tmp_path: Path, emulator: RunningEmulator) -> None:
    make_assessment(tmp_path)

    with pytest.raises(ConfigurationError, match=r"has 0 anchor\(s\)"):
        anchor_align(settings_on(tmp_path, emulator), "small", wishes())


def test_boundary_pairs_are_put_in_both_orders_and_need_no_common_scale(
    tmp_path: Path, emulator: RunningEmulator
) -> None:
    anchored(tmp_path)
    pairs = [("essay-01", "essay-02"), ("essay-03", "essay-04")]

    artefact = boundary(settings_on(tmp_path, emulator), "small", wishes("per_request"), pairs, 3)

    assert artefact.validation.runner_status.state == "complete"
    assert artefact.bt_summary == ()
    assert artefact.boundary_test is not None
    assert [(p.essay_1, p.essay_2, p.win_rate.n) for p in artefact.boundary_test.pairs] == [
        (*pair, 6) for pair in pairs
    ]
    assert [p.shown_first.n for p in artefact.boundary_test.pairs] == [3, 3]
    assert artefact.boundary_test.first_shown.n == 12
    assert [a.essay_id for a in artefact.inputs.anchors] == ["essay-01", "essay-02", "essay-03", "essay-04"]


@pytest.mark.parametrize(
    ("pairs", "iterations", "said"),
    [
        ([("essay-01", "essay-99")], 1, "no essay 'essay-99'"),
        ([("essay-01", "essay-01")], 1, "cannot be compared with itself"),
        ([("essay-01", "essay-02"), ("essay-02", "essay-01")], 1, "a pair is given twice"),
        ([("essay-01", "essay-02")], 16, "are 32 comparisons; allowed are 20"),
    ],
)
def test_boundary_tests_that_cannot_be_made_are_named(
    tmp_path: Path, emulator: RunningEmulator, pairs: list[tuple[str, str]], iterations: int, said: str
) -> None:
    anchored(tmp_path)

    with pytest.raises(ConfigurationError, match=said):
        boundary(settings_on(tmp_path, emulator), "small", wishes(), pairs, iterations)
    assert emulator.summary()["http_requests"] == 0
