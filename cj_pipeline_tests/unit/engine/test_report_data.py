"""What a report says: every decision with its chance, disagreements, agreement by kind, how it was made."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.engine.grade_reasons import NoGrades, ReasonKind
from cj_pipeline.engine.grades import grade_ranking
from cj_pipeline.engine.rank import ranking_of
from cj_pipeline.engine.ranking_figures import ranking_figures
from cj_pipeline.engine.report_data import ReportData, report_data
from cj_pipeline.engine.report_decisions import agreement_by_kind, decisions_table
from cj_pipeline.engine.report_manifest import table_digest
from cj_pipeline.scaling.scale_fit import expected_answers
from cj_pipeline_tests.support.reports import MADE_AT, Judged


@pytest.fixture(scope="module")
def report() -> ReportData:
    """A class of 24 with 12 decisions of people."""
    return Judged().report()


def test_every_decision_has_a_row_and_its_winner(report: ReportData) -> None:
    table = report.decisions
    assert table["judge_type"].value_counts().to_dict() == {"llm": 144, "human": 12}
    left = table["winner"] == "left"
    assert (table.loc[left, "winner_id"] == table.loc[left, "left_id"]).all()
    assert (table.loc[~left, "winner_id"] == table.loc[~left, "right_id"]).all()
    assert set(table.loc[table["judge_type"] == "llm", "batch_id"]) == {"batch_1"}


@pytest.mark.parametrize("ordered", [True, False])
def test_the_chance_of_a_decision_is_what_the_scale_gave_its_winner(*, ordered: bool) -> None:
    ranking = Judged(ordered=ordered).ranking()
    table = decisions_table(ranking, {})
    wins = expected_answers(ranking.fit, ranking.scale.data).first_wins
    first = table["winner"].head(144) == "left"
    assert table["chance"].head(144).to_numpy() == pytest.approx(np.where(first, wins[:144], 1 - wins[:144]))
    measure = dict(zip(ranking.table["essay_id"], ranking.table["measure"], strict=True))
    people = table.tail(12)
    far = np.array([measure[w] - measure[x] for w, x in zip(people["winner_id"], people["loser_id"], strict=True)])
    effects = ranking.fit.position_effect + ranking.fit.judge_position[-2:].mean()
    clear = np.abs(far) > abs(effects) + 0.5
    assert clear.any()
    assert ((people["chance"].to_numpy() > 0.5) == (far > 0))[clear].all()
    if not ordered:  # which essay was shown first plays no part, so nearer to the plain logistic
        assert ((people["chance"].to_numpy() > 0.5) == (far > 0)).all()


def test_a_decision_without_a_verdict_is_invalid_and_counts_for_nobody() -> None:
    made = Judged(n_people=0)
    ranking = made.ranking()
    lost = replace(ranking.pairs.comparisons[3], status=Outcome.REFUSED, winner="", strength=0, reason="", error="no")
    pairs = replace(ranking.pairs, comparisons=(*ranking.pairs.comparisons, lost))
    again = ranking_of(pairs, ranking.scale, ranking.quality, ranking.totals, ranking.decided)
    row = decisions_table(again, {}).iloc[-1]
    assert (row["winner"], row["winner_id"], row["error"]) == ("invalid", "", "no")
    assert pd.isna(row["chance"])


def test_disagreements_are_those_of_people_with_models_or_scale_largest_first(report: ReportData) -> None:
    table = report.disagreements
    assert table["gap"].is_monotonic_decreasing
    by_models = table[table["against"].str.contains("models")]
    assert len(by_models) >= 6  # every other decision was made against the model's
    assert (by_models["models_prefer"] == by_models["other"]).all()
    letters = report.decisions.set_index(["winner_id", "loser_id"])["winner"].map({"left": "[A]", "right": "[B]"})
    for row in by_models.to_dict("records"):
        assert str(row["model_reason"]).endswith(str(letters[row["other"], row["preferred"]]))
    only_scale = table[table["against"] == "scale"]
    assert (only_scale["gap"] > 0).all()


def test_agreement_is_told_for_either_kind(report: ReportData) -> None:
    table = agreement_by_kind(Judged().ranking()).set_index("judge")
    anna, bo = table.loc["person: Anna"], table.loc["person: Bo"]
    assert anna["judge_type"] == "human"
    assert anna["agrees_with_models"] == 0
    assert bo["agrees_with_models"] == 1
    assert anna["n_pairs_with_models"] == 6
    models = table[table["judge_type"] == "llm"]
    assert (models["agrees_with_people"] * models["n_pairs_with_people"]).sum() == pytest.approx(6)
    assert report.figures["people_agree_with_models"] == pytest.approx(0.5)


def test_figures_count_who_judged(report: ReportData) -> None:
    wanted = {"n_essays": 24, "n_anchors": 8, "n_verdicts": 144, "n_models": 3, "n_people": 2, "n_human_decisions": 12}
    assert {name: report.figures[name] for name in wanted} == wanted
    assert report.figures["spent_usd"] == 0.25
    assert report.figures["flip_rate"] is None  # nothing was put in both orders


def test_figures_never_are_nan() -> None:
    assert all(value is None or not np.isnan(value) for value in ranking_figures(Judged().ranking()).values())


def test_the_manifest_holds_digests_that_can_be_checked(report: ReportData) -> None:
    rows = report.manifest.set_index(["section", "item"])["value"]
    assert rows["digests", "table ranking"] == table_digest(report.ranking)
    assert rows["prompt", "SHA-256"] == "0" * 64
    assert rows["judging", "job batch_1"].endswith("a" * 64)
    assert rows["versions", "cj_pipeline"] == "0.1.0"
    assert rows["versions", "report_made_at"] == "2026-03-02T09:30:00+00:00"
    assert "The better essay" not in rows["judging", "session"]


def test_grades_come_with_their_boundaries_and_anchors(report: ReportData) -> None:
    assert report.why_no_grades == ""
    assert len(report.grades) == 24
    assert len(report.anchors) == 8
    assert list(report.boundaries["grade"]) == list(report.levels)


def test_why_there_are_no_grades_keeps_ids_as_they_are() -> None:
    grades = grade_ranking(Judged().ranking())
    worse = NoGrades(ReasonKind.INVERSION, "essay-01 (2) was judged better than essay-02 (3).")
    withheld = replace(grades, reasons=(worse,))
    none = replace(grades, placed=None, evidence=None, reasons=(NoGrades(ReasonKind.NO_ANCHORS, "no anchors."),))
    found = [
        report_data(g, [], {}, versions={}, made_at=MADE_AT, names={}).why_no_grades for g in (grades, withheld, none)
    ]
    assert found == ["", "They are withheld: essay-01 (2) was judged better than essay-02 (3).", "No anchors."]


def test_essays_are_called_by_their_names_where_there_are_any() -> None:
    report = Judged(names={"essay-01": "Åsa Berg"}).report()
    assert (report.name_of("essay-01"), report.name_of("essay-02")) == ("Åsa Berg", "essay-02")
