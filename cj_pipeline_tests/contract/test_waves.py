# ruff: noqa: D103 - the names of the tests say it
"""Waves, from planning to the final decision, on both providers."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cj_pipeline.domain.continuation import Decision
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.advance import continuations, unfinished_assessments
from cj_pipeline.engine.cancel import cancel
from cj_pipeline.engine.plan import load_snapshot, plan, planned_session
from cj_pipeline.engine.rank import Ranking, rank
from cj_pipeline.engine.records import DecisionRecord, SessionRecord
from cj_pipeline.errors import ConfigurationError, DisconnectedError, TooFewVerdictsError
from cj_pipeline_tests.support.benches import A_DAY_S, Rig, make_rig
from cj_pipeline_tests.support.driving import is_over, tick
from cj_pipeline_tests.support.folders import make_assessment, write_settings

LOWER5 = {"CJ_SMALL_NET_SIZE": "5", "CJ_SMALL_NET_PASSES": "3", "CJ_STABILITY_THRESHOLD": "0"}
ROOM: dict[str, Any] = {"comparisons_per_essay": None, "max_cost_usd": 50.0}


def drive(rig: Rig, most: int = 40) -> None:
    """Let time pass until nothing goes on by itself."""
    for _ in range(most):
        if is_over(rig.engine):
            return
        rig.advance(A_DAY_S)
        tick(rig.engine)
    raise AssertionError(f"still unfinished: {unfinished_assessments(rig.engine)}")


def session_of(rig: Rig) -> SessionRecord:
    """Return the judging session as the ledger has it."""
    return planned_session(rig.engine, load_snapshot(rig.engine, "small"))


def decisions(rig: Rig) -> list[DecisionRecord]:
    """Return all decisions that were kept."""
    return rig.engine.ledger.decisions(session_of(rig).session_id)


@pytest.mark.parametrize(
    "fault",
    [
        None,
        {"kind": "refusals", "share": 0.4},
        {"kind": "refusals", "share": 1.0},
        {"kind": "missing_rows", "share": 0.4},
    ],
    ids=["none", "many refused", "all refused", "rows missing"],
)
@pytest.mark.parametrize(
    ("n", "cap", "planned"),
    [(24, 60, 60), (24, 276, 276), (24, 288, 288), (24, 552, 552), (12, 120, 120), (5, 60, 20)],
)
def test_batch_jobs_take_one_wave_and_always_end(
    rig: Rig, n: int, cap: int, planned: int, fault: dict[str, object] | None
) -> None:
    make_assessment(rig.root, n_essays=n, max_pairs_cap=cap, **ROOM)
    if fault:
        rig.emulator.script_faults(fault)

    rig.submit()
    drive(rig)

    made = rig.comparisons()
    assert len(made) == planned <= cap
    assert {c.wave for c in made} == {1}
    last = decisions(rig)[-1]
    share = sum(c.status == "ok" for c in made) / planned
    assert last.decision == (Decision.FINALIZE_SCORING if share >= 0.8 else Decision.FINALIZE_FAILURE)
    assert last.numbers["stop_reason"] == ("failed" if share < 0.8 else "budget" if planned == cap else "coverage")
    assert "last_score_change" not in last.numbers
    assert session_of(rig).metadata["last_score_change"] is None


@pytest.mark.parametrize("mode", ["per_request", "serial_bundle"])
@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_five_essays_take_four_waves_of_ten(
    tmp_path: Path, emulator: RunningEmulator, provider: str, mode: str
) -> None:
    rig = make_rig(tmp_path, emulator, **LOWER5)
    make_assessment(rig.root, n_essays=5, provider=provider, llm_batching_mode=mode, max_pairs_cap=60, **ROOM)

    rig.submit()
    drive(rig)

    assert Counter(c.wave for c in rig.comparisons()) == {1: 10, 2: 10, 3: 10, 4: 10}
    assert rig.billed() == 40
    kept = session_of(rig).metadata
    assert kept["stop_reason"] == "coverage"
    assert kept["resampling_pass_count"] == 3
    assert kept["unique_coverage_complete"]
    assert [d.decision for d in decisions(rig)] == [Decision.REQUEST_MORE_COMPARISONS] * 3 + [Decision.FINALIZE_SCORING]
    assert [d.numbers["n_planned"] for d in decisions(rig)] == [10, 20, 30, 40]
    rig.bench.close()


def test_a_large_threshold_makes_the_second_wave_the_last(tmp_path: Path, emulator: RunningEmulator) -> None:
    rig = make_rig(tmp_path, emulator, CJ_STABILITY_THRESHOLD="9")
    make_assessment(rig.root, n_essays=8, llm_batching_mode="per_request", max_pairs_cap=50, **ROOM)

    rig.submit()
    drive(rig)

    assert Counter(c.wave for c in rig.comparisons()) == {1: 16, 2: 16}
    last = decisions(rig)[-1]
    assert last.numbers["stop_reason"] == "stable"
    assert 0 < last.numbers["last_score_change"] <= 9
    rig.bench.close()


@pytest.mark.parametrize("target", [{"stop_at_standard_error": 3.0}, {"stop_at_reliability": 0.05}])
def test_a_target_that_is_met_ends_it_between_waves(rig: Rig, target: dict[str, Any]) -> None:
    make_assessment(rig.root, n_essays=8, llm_batching_mode="per_request", max_pairs_cap=50, **ROOM, **target)

    rig.submit()
    drive(rig)

    assert {c.wave for c in rig.comparisons()} == {1}
    assert session_of(rig).metadata["stop_reason"] == "precise enough"


def test_batch_jobs_take_more_waves_where_the_assessment_says_so(rig: Rig) -> None:
    make_assessment(rig.root, n_essays=8, max_pairs_cap=28, max_batch_waves=2, reversed_repeats_share=0, **ROOM)

    rig.submit()
    drive(rig)

    assert Counter(c.wave for c in rig.comparisons()) == {1: 14, 2: 14}
    assert len({frozenset((c.first_id, c.second_id)) for c in rig.comparisons()}) == 28
    assert len(rig.engine.ledger.jobs()) == 2


def test_an_interim_ranking_says_that_it_is_not_final(rig: Rig) -> None:
    make_assessment(rig.root, n_essays=8, llm_batching_mode="per_request", max_pairs_cap=28, **ROOM)
    rig.submit()
    rig.collect()

    interim = rig.conclude()
    drive(rig)
    final = rig.conclude()

    assert isinstance(interim, Ranking)
    assert isinstance(final, Ranking)
    assert (interim.is_final, final.is_final) == (False, True)
    assert interim.fit.standard_errors.mean() > final.fit.standard_errors.mean()


def test_deciding_again_on_the_same_state_keeps_one_decision(rig: Rig) -> None:
    make_assessment(rig.root)
    rig.submit()
    drive(rig)

    rig.conclude()
    rig.conclude()

    assert [d.decision for d in decisions(rig)] == [Decision.FINALIZE_SCORING]


def test_a_judge_that_refuses_too_often_is_stopped_in_mid_way(rig: Rig) -> None:
    make_assessment(rig.root, n_essays=8, llm_batching_mode="per_request", max_pairs_cap=50, **ROOM)
    rig.emulator.script_faults({"kind": "refusals", "share": 0.6, "times": None})

    rig.submit()
    drive(rig)

    assert {c.wave for c in rig.comparisons()} == {1}
    with pytest.raises(TooFewVerdictsError, match=r"of 16 comparisons gave a verdict; at least 80% have to\. Look at"):
        rank(rig.engine, "small")


def test_essays_that_no_verdict_links_are_named(rig: Rig) -> None:
    make_assessment(rig.root, n_essays=12, max_pairs_cap=11, **ROOM)
    rig.emulator.script_faults({"kind": "refusals", "share": 0.1})

    rig.submit()
    drive(rig)

    assert {c.status for c in rig.comparisons()} == {"ok", "refused"}
    with pytest.raises(DisconnectedError, match=r"none links these essays with the rest: essay-\d\d.*common scale"):
        rank(rig.engine, "small")


def test_a_wave_links_what_failures_cut_off(rig: Rig) -> None:
    make_assessment(
        rig.root, n_essays=12, llm_batching_mode="per_request", max_pairs_cap=30, comparisons_per_wave=2, **ROOM
    )
    rig.emulator.script_faults({"kind": "refusals", "share": 0.25, "times": 4})

    rig.submit()
    drive(rig)

    assert decisions(rig)[-1].decision == Decision.FINALIZE_SCORING


def test_the_mode_that_was_stored_stays_when_the_file_changes(rig: Rig) -> None:
    folder = make_assessment(rig.root, n_essays=8, llm_batching_mode="serial_bundle", max_pairs_cap=28, **ROOM)
    rig.submit()
    write_settings(folder, llm_batching_mode="provider_batch_api", max_pairs_cap=28, **ROOM)

    drive(rig)

    assert {job.mode for job in rig.engine.ledger.jobs()} == {"serial_bundle"}
    assert session_of(rig).metadata["llm_batching_mode"] == "serial_bundle"
    assert session_of(rig).metadata["queue_processing_mode"] == "serial_bundle"


def test_an_unusable_stored_mode_is_an_error(rig: Rig) -> None:
    make_assessment(rig.root)
    pairs = rig.plan()
    rig.engine.ledger.merge_metadata(pairs.session.session_id, {"llm_batching_mode": "by_pigeon"})

    with pytest.raises(ConfigurationError, match="'by_pigeon' is no batching mode"):
        rank(rig.engine, "small")


def test_cancelling_between_waves_keeps_what_is_there(rig: Rig) -> None:
    make_assessment(rig.root, n_essays=8, llm_batching_mode="per_request", max_pairs_cap=50, **ROOM)
    rig.submit()
    rig.collect()
    rig.conclude()

    cancel(rig.engine, "small")
    drive(rig)

    assert continuations(rig.engine) == []
    assert {c.wave for c in rig.comparisons()} == {1}
    assert session_of(rig).metadata["stop_reason"] == "cancelled"


def test_what_is_planned_after_the_end_waits_for_a_person(rig: Rig) -> None:
    folder = make_assessment(rig.root, n_essays=6, max_pairs_cap=10, **ROOM)
    rig.submit()
    drive(rig)
    write_settings(folder, max_pairs_cap=14, **ROOM)

    more = rig.plan()
    drive(rig)
    waiting = rig.conclude()
    rig.submit()
    drive(rig)

    assert more.n_new == 4
    assert "materialise `batch_submissions`" in str(waiting)
    assert isinstance(rig.conclude(), Ranking)
    assert rig.billed() == 14


def test_pairs_that_the_assessment_fixes_are_put_as_they_stand(rig: Rig) -> None:
    folder = make_assessment(rig.root, n_essays=3, pair_design="pre_specified", max_pairs_cap=20, **ROOM)
    (folder / "pairs.csv").write_text(
        "first,second,times\nessay-01,essay-02,3\nessay-02,essay-01,2\nessay-03,essay-01,1\n"
    )

    rig.submit()
    drive(rig)

    put = Counter((c.first_id, c.second_id) for c in rig.comparisons())
    assert put == {("essay-01", "essay-02"): 3, ("essay-02", "essay-01"): 2, ("essay-03", "essay-01"): 1}
    assert rig.billed() == 6
    assert plan(rig.engine, "small").n_new == 0
    assert isinstance(rig.conclude(), Ranking)


def test_the_session_keeps_its_course(rig: Rig) -> None:
    make_assessment(rig.root)
    rig.submit()
    drive(rig)

    kept = session_of(rig).metadata
    assert kept["comparison_budget"] == {"max_pairs_requested": 40, "source": "assessment"}
    assert (kept["llm_batching_mode"], kept["llm_batching_mode_source"]) == ("provider_batch_api", "assessment")
    assert (kept["config_overrides"], kept["llm_overrides"]) == ({}, {})
    assert kept["max_possible_pairs"] == 15
    assert kept["successful_pairs_count"] == 11
    assert not kept["unique_coverage_complete"]
    assert kept["resampling_pass_count"] == 0
    assert kept["last_scored_iteration"] == 1
    assert set(kept["bt_scores"]) == {f"essay-{i:02d}" for i in range(1, 7)}
    assert kept["bt_se_summary"]["comparison_count"] == 12
    assert kept["bt_quality_flags"] == {
        "bt_se_inflated": True,
        "comparison_coverage_sparse": False,
        "has_isolated_items": False,
    }
