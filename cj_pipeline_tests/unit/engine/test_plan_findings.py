"""What the checks of a plan find: on plans as they come, and where folder or settings were changed under them."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from pathlib import Path

import pytest

from cj_pipeline.engine.finding import Finding
from cj_pipeline.engine.plan_findings import PLAN_FINDERS, Plan, look_at_plan
from cj_pipeline.engine.submit import submit
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment, write_settings

DESIGNS = ("regular", "optimal_graph", "nearest_neighbour", "all_pairs")


def find(name: str, rig: Rig) -> Finding:
    """Ask one question about the plan of the assessment."""
    return PLAN_FINDERS[name](look_at_plan(rig.engine, "small"))


def fixed(root: Path, *rows: str) -> Path:
    """An assessment of six essays that fixes its pairs."""
    folder = make_assessment(root, pair_design="pre_specified")
    (folder / "pairs.csv").write_text("\n".join(["first,second,times", *rows]) + "\n")
    return folder


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("per_essay", [3, 8])
def test_plans_of_every_design_pass_with_evidence(rig: Rig, design: str, per_essay: int) -> None:
    make_assessment(rig.root, n_essays=13, comparisons_per_essay=per_essay, max_pairs_cap=90, pair_design=design)
    rig.plan()

    for name in PLAN_FINDERS:
        found = find(name, rig)
        assert (found.holds, found.words) == (True, ""), name
        assert found.numbers
        assert all(len(row) == len(found.header) for row in found.rows)


def test_an_essay_that_came_late_under_a_low_cap_is_named(rig: Rig) -> None:
    folder = make_assessment(rig.root, comparisons_per_essay=5, max_pairs_cap=15)
    rig.plan()
    write_settings(folder, comparisons_per_essay=5, max_pairs_cap=16)
    (folder / "essays" / "late.txt").write_text("This one came late. " * 20)
    rig.plan()

    found = find("essays_meet_equally_often", rig)

    assert not found.holds
    assert not found.is_grave
    assert found.words.startswith("Much less or more often compared than others: late.")
    assert "raise max_pairs_cap" in found.words
    assert found.rows[0] == ("late", 1)
    assert found.numbers["fewest_comparisons_of_an_essay"] == 1
    assert found.numbers["median_comparisons_of_an_essay"] == 5


def test_fixed_pairs_are_only_commented_on(rig: Rig) -> None:
    fixed(rig.root, *(f"essay-01,essay-0{k},2" for k in range(2, 7)))
    rig.plan()

    uneven, one_sided = find("essays_meet_equally_often", rig), find("essays_are_shown_first_as_often", rig)

    assert uneven.holds
    assert one_sided.holds
    assert "fixed by pairs.csv" in uneven.words
    assert "fixed by pairs.csv" in one_sided.words
    assert one_sided.rows[0] == ("essay-01", 10, 0)


def test_essays_that_are_mostly_shown_first_are_named(rig: Rig) -> None:
    make_assessment(rig.root, comparisons_per_essay=5, max_pairs_cap=15)
    rig.plan()
    plan = look_at_plan(rig.engine, "small")
    # As a plan of an older version, or one restored by hand, may be: the smaller id is always first.
    turned = tuple(
        replace(c, first_id=min(c.first_id, c.second_id), second_id=max(c.first_id, c.second_id))
        for c in plan.pairs.comparisons
    )

    found = PLAN_FINDERS["essays_are_shown_first_as_often"](
        Plan(replace(plan.pairs, comparisons=turned), plan.most_times, plan.forecast)
    )

    assert not found.holds
    assert found.words.startswith("Mostly shown in one place: essay-01, essay-02, essay-05, essay-06.")
    assert "orientation: eulerian" in found.words
    assert found.numbers["largest_surplus"] == 5


def test_a_plan_beyond_lowered_repetitions_is_grave_until_it_was_sent(rig: Rig) -> None:
    folder = make_assessment(rig.root, n_essays=4, comparisons_per_essay=None, max_pairs_cap=12)
    rig.plan()
    assert find("pairs_repeat_as_planned", rig).holds
    write_settings(folder, comparisons_per_essay=None, max_pairs_cap=12, max_resampling_passes=0)
    rig.plan()

    unsent = find("pairs_repeat_as_planned", rig)
    submit(rig.engine, "small")
    sent = find("pairs_repeat_as_planned", rig)

    assert not unsent.holds
    assert unsent.is_grave
    assert unsent.words.startswith("6 pair(s) are put more often than planned, first essay-01 and essay-02.")
    assert unsent.rows[0] == ("essay-01", "essay-02", 2, 1)
    assert unsent.numbers["n_not_sent_yet"] == 12
    assert (sent.holds, sent.is_grave) == (False, False)


def test_fixed_pairs_may_repeat_as_often_as_they_say_and_no_more(rig: Rig) -> None:
    fixed(rig.root, "essay-01,essay-02,9", *(f"essay-02,essay-0{k},1" for k in range(3, 7)))
    rig.plan()
    plan = look_at_plan(rig.engine, "small")
    assert PLAN_FINDERS["pairs_repeat_as_planned"](plan).holds

    fewer = replace(plan.pairs.snapshot, prescribed=(("essay-02", "essay-01", 8), *plan.pairs.snapshot.prescribed[1:]))
    found = PLAN_FINDERS["pairs_repeat_as_planned"](replace(plan, pairs=replace(plan.pairs, snapshot=fewer)))

    assert found.rows == (("essay-01", "essay-02", 9, 8),)


def test_a_plan_that_costs_more_than_is_left_is_named_with_the_amounts(rig: Rig) -> None:
    folder = make_assessment(rig.root)
    rig.plan()
    expected = float(find("pair_set_is_affordable", rig).numbers["cost_expected_usd"])
    write_settings(folder, max_cost_usd=expected / 2)
    rig.plan()

    found = find("pair_set_is_affordable", rig)

    assert not found.holds
    assert not found.is_grave
    assert found.numbers["left_usd"] == pytest.approx(expected / 2)
    assert "Raise it in assessment.yaml" in found.words
    assert found.rows[0][0] == "openai/gpt-6.1-terra"


def test_a_plan_without_a_limit_passes_and_says_so(rig: Rig) -> None:
    make_assessment(rig.root, max_cost_usd=None)
    rig.plan()

    found = find("pair_set_is_affordable", rig)

    assert found.holds
    assert found.numbers["cost_limit_usd"] == "unknown"
