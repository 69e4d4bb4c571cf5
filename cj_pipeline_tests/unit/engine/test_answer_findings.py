"""What the checks of the answers find, with answers of the emulator."""

# ruff: noqa: D103 - the name of a test is its sentence

from math import isnan
from pathlib import Path

import pytest

from cj_pipeline.emulator.embedding import running_emulator
from cj_pipeline.engine.answer_findings import ANSWER_FINDERS, Answers
from cj_pipeline.engine.finding import Finding
from cj_pipeline.engine.rank import current_pair_set
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import make_assessment


def find(name: str, rig: Rig) -> Finding:
    """Ask one question about the answers of the assessment."""
    return ANSWER_FINDERS[name](Answers(current_pair_set(rig.engine, "small"), rig.engine.options))


def answered(rig: Rig, *faults: dict[str, object], per_essay: int | None = None, cap: int = 90) -> None:
    """Judge ten essays, all pairs in both orders unless something else is asked for."""
    make_assessment(
        rig.root, n_essays=10, comparisons_per_essay=per_essay, max_pairs_cap=cap, reversed_repeats_share=0.0
    )
    rig.emulator.script_faults(*faults)
    rig.submit()
    rig.finish_quietly()


def test_good_answers_pass_every_check_with_figures(rig: Rig) -> None:
    answered(rig)

    for name in ANSWER_FINDERS:
        found = find(name, rig)
        assert (found.holds, found.words) == (True, ""), name
        assert found.numbers
        assert all(len(row) == len(found.header) for row in found.rows)
    flips = find("verdicts_hold_in_both_orders", rig)
    assert flips.numbers["n_pairs_in_both_orders"] == 45
    assert 0 <= float(flips.numbers["flip_rate"]) < 0.35


def test_before_any_answer_nothing_is_held_against_anybody(rig: Rig) -> None:
    make_assessment(rig.root)
    rig.submit()

    assert all(find(name, rig).holds for name in ANSWER_FINDERS)


def test_refusals_beyond_their_share_name_judge_and_essays(rig: Rig) -> None:
    answered(rig, {"kind": "refusals", "share": 0.4})

    found = find("refusals_are_rare", rig)

    assert not found.holds
    assert not found.is_grave
    assert found.words.startswith("openai/gpt-6.1-terra: ")
    assert "of its answers are refused. Most often met: essay-" in found.words
    assert "cj judge" in found.words
    assert int(found.numbers["n_refused"]) > 20
    assert find("invalid_answers_are_rare", rig).holds


def test_one_refusal_in_a_small_class_is_no_alarm(rig: Rig) -> None:
    answered(rig, {"kind": "refusals", "share": 0.09}, per_essay=3, cap=15)

    found = find("refusals_are_rare", rig)

    assert 0 < int(found.numbers["n_refused"]) <= 2
    assert found.holds


@pytest.mark.parametrize("kind", ["unreadable_answers", "truncated_answers"])
def test_answers_that_cannot_be_used_are_named_with_a_remedy(rig: Rig, kind: str) -> None:
    answered(rig, {"kind": kind, "share": 0.4})

    found = find("invalid_answers_are_rare", rig)

    assert not found.holds
    assert "answers are unusable" in found.words
    assert "max_output_tokens" in found.words


def test_too_few_verdicts_are_grave_and_the_causes_are_counted(rig: Rig) -> None:
    answered(rig, {"kind": "refusals", "share": 0.4})

    found = find("verdicts_are_enough", rig)

    assert not found.holds
    assert found.is_grave
    assert "and 80% are needed" in found.words
    judge, outcome, _, n = found.rows[0]
    assert (judge, outcome) == ("openai/gpt-6.1-terra", "refused")
    assert n == int(found.numbers["n_ended"]) - int(found.numbers["n_verdicts"])


def test_a_judge_that_always_prefers_the_first_flips_every_pair(tmp_path: Path) -> None:
    with running_emulator(tmp_path / "e", judge="first_slot") as server:
        rig = make_rig(tmp_path, server)
        answered(rig)
        found = find("verdicts_hold_in_both_orders", rig)
        rig.bench.close()

    assert not found.holds
    assert found.numbers["flip_rate"] == 1.0
    assert found.numbers["n_flipped"] == found.numbers["n_pairs_in_both_orders"] == 45
    assert "changes its mind with the order in 100%" in found.words


def test_without_pairs_in_both_orders_nothing_can_be_said(rig: Rig) -> None:
    answered(rig, per_essay=4, cap=20)

    found = find("verdicts_hold_in_both_orders", rig)

    assert found.holds
    assert found.words == "No pair was judged in both orders."
    assert isnan(float(found.numbers["flip_rate"]))
