"""People and models on one scale."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cj_pipeline.engine.fitting import cut_off, judged, verdict_data
from cj_pipeline.engine.people import decide_pair, turn
from cj_pipeline.engine.people_records import HumanDecision, PersonsWinner
from cj_pipeline.engine.people_tables import human_decisions_table
from cj_pipeline.engine.plan import current_decisions
from cj_pipeline.engine.rank import Ranking, current_pair_set, rank
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment


@pytest.fixture
def ranked(tmp_path: Path, rig: Rig) -> Ranking:
    """Six essays that models have ranked; people may judge every pair, with ties."""
    make_assessment(tmp_path, people_share=1.0, people_ties=True)
    rig.submit()
    ranking = rig.finish()
    assert isinstance(ranking, Ranking)
    return ranking


def _decide(rig: Rig, pair: tuple[str, str], winner: PersonsWinner, judge: str = "Anna") -> HumanDecision:
    snapshot = rig.bench.read("small")
    return decide_pair(rig.engine, snapshot, judge, pair, winner=winner, time_ms=1000)


def _ranked(rig: Rig) -> Ranking:
    found = rank(rig.engine, "small")
    assert isinstance(found, Ranking)
    return found


def test_what_people_decide_moves_the_scale(ranked: Ranking, rig: Rig) -> None:
    best, last = ranked.table["essay_id"].iloc[0], ranked.table["essay_id"].iloc[-1]
    for number in range(12):
        _decide(rig, (last, best), "first", f"Judge {number}")
    after = _ranked(rig).table.set_index("essay_id")

    before = ranked.table.set_index("essay_id")
    assert after["measure"][last] - after["measure"][best] > before["measure"][last] - before["measure"][best]
    assert after["n_comparisons"][best] == before["n_comparisons"][best] + 12
    assert after["n_wins"][last] == before["n_wins"][last] + 12


def test_people_stand_among_the_judges_with_their_agreement(ranked: Ranking, rig: Rig) -> None:
    for c in judged(ranked.pairs.comparisons)[:4]:
        _decide(rig, (c.first_id, c.second_id), "first" if c.winner == "first" else "second")
    after = _ranked(rig)

    row = after.judges.set_index("judge").loc["person: Anna"]
    assert row["n_comparisons"] == 4
    assert after.quality.people_and_models is not None
    assert (after.quality.people_and_models.value, after.quality.people_and_models.n) == (1.0, 4)
    assert after.table["made_by"].iloc[0].endswith("1 person")


def test_a_tie_draws_two_essays_together(ranked: Ranking, rig: Rig) -> None:
    best, last = ranked.table["essay_id"].iloc[0], ranked.table["essay_id"].iloc[-1]
    middle = ranked.table["essay_id"].iloc[2]
    for number in range(8):
        _decide(rig, (best, last), "tie", f"Judge {number}")
        _decide(rig, (best, middle), "first", f"Judge {number}")
    after, before = _ranked(rig).table.set_index("essay_id"), ranked.table.set_index("essay_id")

    assert 0 < after["measure"][best] - after["measure"][last] < before["measure"][best] - before["measure"][last]


def test_an_unknown_order_says_nothing_of_the_position_effect(rig: Rig, ranked: Ranking) -> None:
    decisions = [_decide(rig, ("essay-01", "essay-02"), "first", f"J{i}") for i in range(6)]
    snapshot = ranked.pairs.snapshot
    known, _ = verdict_data(snapshot, [], decisions)
    unknown, judges = verdict_data(snapshot, [], [replace(d, ordered=False) for d in decisions])

    assert known.weight.sum() == unknown.weight.sum() == 6
    assert np.average(unknown.share, weights=unknown.weight) == 0.5
    assert len(judges) == 6
    wins = np.bincount(unknown.first, unknown.weight * unknown.share, 6) + np.bincount(
        unknown.second, unknown.weight * (1 - unknown.share), 6
    )
    assert list(wins[:2]) == [6.0, 0.0]


def test_each_kind_of_answer_has_its_own_categories(ranked: Ranking, rig: Rig) -> None:
    tie = _decide(rig, ("essay-01", "essay-02"), "tie")
    plain = replace(_decide(rig, ("essay-03", "essay-02"), "second"), ties_allowed=False)
    data, judges = verdict_data(rig.bench.read("small"), judged(ranked.pairs.comparisons), [tie, plain])

    assert data.n_categories == (6, 3, 2)
    assert list(data.response_format[-2:]) == [1, 2]
    assert list(data.share[-2:]) == [0.5, 0.0]
    assert judges[-1] == "person: Anna"


def test_people_link_essays_that_models_left_alone(ranked: Ranking, rig: Rig) -> None:
    verdicts = [c for c in judged(ranked.pairs.comparisons) if "essay-01" not in {c.first_id, c.second_id}]
    snapshot = ranked.pairs.snapshot

    assert cut_off(snapshot, verdicts) == ("essay-01",)
    assert cut_off(snapshot, verdicts, [_decide(rig, ("essay-01", "essay-02"), "first")]) == ()


def test_a_new_decision_makes_a_new_ranking_and_the_old_one_is_kept(ranked: Ranking, rig: Rig) -> None:
    session = ranked.pairs.session.session_id
    n_before = len(rig.engine.ledger.decisions(session))
    _ranked(rig)
    assert len(rig.engine.ledger.decisions(session)) == n_before
    _decide(rig, ("essay-01", "essay-02"), "first")
    _ranked(rig)

    assert len(rig.engine.ledger.decisions(session)) == n_before + 1


def test_the_table_shows_what_models_prefer(ranked: Ranking, rig: Rig) -> None:
    put = {frozenset((c.first_id, c.second_id)): c for c in judged(ranked.pairs.comparisons)}
    once = next(c for c in put.values() if sum({c.first_id, c.second_id} == set(pair) for pair in put) == 1)
    _decide(rig, (once.first_id, once.second_id), "tie")
    table = human_decisions_table(current_pair_set(rig.engine, "small"))

    [row] = table.to_dict("records")
    assert row["winner"] == ""
    assert row["winner_position"] == "tie"
    assert row["models_prefer"] in {once.first_id, once.second_id, ""}


def test_progress_counts_what_anybody_judged(ranked: Ranking, rig: Rig) -> None:
    pairs = ranked.pairs
    first = turn(rig.engine, pairs, "Anna").pair
    assert first is not None
    _decide(rig, first, "first", "Bo")

    seen = turn(rig.engine, pairs, "Anna")
    assert (seen.n_mine, seen.n_judged) == (0, 1)
    assert seen.n_assigned == len({frozenset((c.first_id, c.second_id)) for c in pairs.comparisons})
    assert len(current_decisions(rig.engine, pairs.snapshot)) == 1
