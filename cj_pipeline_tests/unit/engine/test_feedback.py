"""Feedback: the reasons of an essay's comparisons, counted by criterion."""

# ruff: noqa: D103 - the name of a test is its sentence

from cj_pipeline.engine.feedback import MACHINE_MADE
from cj_pipeline_tests.support.reports import Judged


def test_reasons_are_counted_by_criterion_with_quotations() -> None:
    report = Judged().report()
    one = report.feedback[report.feedback["essay_id"] == "essay-05"]
    n_first = int((report.decisions.query("judge_type == 'llm'")["left_id"] == "essay-05").sum())
    strengths = one[one["kind"] == "strength"].set_index("criterion")["n_remarks"].to_dict()
    assert strengths["structure"] == n_first
    assert strengths["language"] == 12 - n_first
    assert set(one["n_reasons"]) == {12}
    assert set(one["made_by"]) == {MACHINE_MADE}
    for quotation in one["quotations"]:
        assert all(line.endswith(("[A]", "[B]")) for line in quotation.split("\n"))


def test_no_reasons_no_feedback() -> None:
    assert Judged(reason="").report().feedback.empty


def test_what_only_the_other_essay_is_praised_for_is_where_an_essay_was_outdone() -> None:
    report = Judged(reason="The preferred essay shows a wider vocabulary.").report()
    models = report.decisions.query("judge_type == 'llm'")
    feedback = report.feedback.set_index(["essay_id", "kind"])
    for essay in set(models["left_id"]):
        lost, won = int((models["loser_id"] == essay).sum()), int((models["winner_id"] == essay).sum())
        assert feedback["n_remarks"].get((essay, "outdone"), 0) == lost
        assert feedback["n_remarks"].get((essay, "strength"), 0) == won
