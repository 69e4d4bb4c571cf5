"""From a ranking to grades: every method, every refusal, and what is withheld."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from cj_pipeline.engine.grade_methods import Placed
from cj_pipeline.engine.grades import Grades, grade_ranking
from cj_pipeline_tests.support.gradings import Case, nine_anchors

PASS_FAIL = ["Fail", "Pass", "Merit"]
FIVE = {"a": -2.0, "b": -1.0, "c": 0.0, "d": 1.0, "e": 2.0}


def graded(case: Case) -> Grades:
    """Return what is said of grades."""
    return grade_ranking(case.ranking())


def labels(grades: Grades) -> dict[str, str]:
    """Return the likeliest grade of every essay."""
    assert grades.given is not None
    names = [essay.essay_id for essay in grades.essays.snapshot.essays]
    return {name: grades.scale.levels[k] for name, k in zip(names, grades.given.projection.likeliest, strict=True)}


def by_method(method: str, **others: Any) -> dict[str, Any]:  # noqa: ANN401 (whatever may stand in the YAML)
    """Return settings that choose a method on the scale of three steps."""
    return {"grade_scale": PASS_FAIL, "grading": {"method": method, **others}}


def test_nine_perfect_anchors_give_themselves_and_students_their_grades() -> None:
    grades = graded(nine_anchors())
    found = labels(grades)

    assert grades.status == "grades"
    assert [found[f"anchor-{k}"] for k in range(9)] == ["F+", "E-", "E+", "D-", "D+", "C-", "C+", "B", "A"]
    assert (found["student-1"], found["student-2"]) == ("D+", "F+")


def test_grades_of_an_interim_ranking_say_that_they_are_not_final() -> None:
    assert graded(nine_anchors(final=False)).status == "grades, not final: the ranking is not"


@pytest.mark.parametrize(
    ("grades", "settings", "expected"),
    [
        ({}, {}, "no grades: no anchors. Write essays of known grade into anchors.csv"),
        ({"a": "E+", "b": "A"}, {}, "no grades: 2 anchors, and grading.min_anchors asks for 3."),
        ({"a": "E+"}, {"grading": {"min_anchors": 2}}, "no grades: 1 anchor, and grading.min_anchors asks for 2."),
        ({"a": "B", "b": "B", "e": "B"}, {}, "no grades: all 3 anchors have the grade B."),
        ({}, by_method("known_measures", boundaries={"Pass": 0, "Merit": 1}), "no grades: no anchors with a known"),
        (
            {"a": "Pass"},
            by_method("boundary_call", boundaries={"Pass": "d", "Merit": "b"}),
            "no grades: the boundary called for Merit (b, -1.00) lies below that for Pass (d, +1.00).",
        ),
        (
            dict.fromkeys(FIVE, "Pass"),
            by_method("national_percentages", percentages={"Pass": 100}),
            "no grades: all essays are anchors",
        ),
    ],
)
def test_where_there_can_be_no_grades_the_reason_is_said(
    grades: dict[str, str], settings: dict[str, Any], expected: str
) -> None:
    found = graded(Case(FIVE, grades, settings=settings))

    assert found.status.startswith(expected)
    assert found.given is None


def test_two_anchors_are_enough_where_the_assessment_says_so() -> None:
    found = graded(Case(FIVE, {"a": "Fail", "e": "Merit"}, settings=by_method("anchors", min_anchors=2)))

    assert labels(found) == {"a": "Fail", "b": "Fail", "c": "Pass", "d": "Merit", "e": "Merit"}
    assert found.evidence is not None
    assert not found.evidence.foretold.tried.any()
    assert not found.withheld


def test_an_inversion_beyond_errors_withholds_grades_and_names_the_anchors() -> None:
    case = nine_anchors()
    found = graded(replace(case, measures={**case.measures, "anchor-8": -4.5}))

    assert found.given is None
    assert found.placed is not None
    assert found.status.startswith("no grades, they are withheld: anchor-7 (B) was judged better than anchor-8 (A) by ")
    assert "more than errors of measurement explain" in found.status


def test_a_small_inversion_withholds_nothing() -> None:
    case = nine_anchors(error=0.6)
    found = graded(replace(case, measures={**case.measures, "anchor-3": 0.1}))

    assert found.evidence is not None
    assert [found.evidence.names(each) for each in found.evidence.by_measure] == [("anchor-3", "anchor-4")]
    assert found.status == "grades"


def test_anchors_that_foretell_each_other_no_better_than_a_guess_withhold_grades() -> None:
    """Errors are so large that they explain every inversion; but the grades follow no order at all."""
    measures = {f"x{k}": m for k, m in enumerate([-1.0, -0.8, -0.2, 0.0, 0.3, 0.5, 0.9, 1.2])}
    mixed = dict(zip(measures, ["Merit", "Pass", "Fail", "Pass", "Merit", "Fail", "Pass", "Pass"], strict=True))
    found = graded(Case(measures, mixed, error=0.9, settings={"grade_scale": PASS_FAIL}))

    assert found.evidence is not None
    assert not found.evidence.unexplained
    assert found.withheld[0].startswith("the anchors foretell each other no better")
    assert found.given is None


def test_remarks_say_which_grades_have_no_anchor_or_only_one() -> None:
    found = graded(Case(FIVE, {"a": "E-", "b": "E-", "c": "D-", "e": "D+"}))
    assert isinstance(found.placed, Placed)

    assert "No anchor has the grade E+: it is placed between its neighbours." in found.placed.remarks
    assert any(line.startswith("No anchor reaches the grade F, F+, C-, C+, B or A") for line in found.placed.remarks)
    assert any(line.startswith("Only one anchor has the grade D- or D+;") for line in found.placed.remarks)


def test_the_shares_of_a_scale_are_expected_and_can_be_left_out() -> None:
    measures = {f"x{k:02d}": m for k, m in enumerate(np.linspace(-2, 2, 30).tolist())}
    known = {"x04": "E", "x15": "C", "x26": "A"}
    scale = {"grade_scale": "swedish_8_anchor"}
    with_shares = graded(Case(measures, known, error=0.7, settings=scale))
    without = graded(Case(measures, known, error=0.7, settings=scale | {"grading": {"percentages": "none"}}))
    assert with_shares.placed is not None
    assert without.placed is not None

    assert any("count for 10 essays" in line for line in with_shares.placed.remarks)
    assert not any("count for" in line for line in without.placed.remarks)
    assert (
        with_shares.placed.projection.probabilities[:, 0].mean() < without.placed.projection.probabilities[:, 0].mean()
    )


def test_known_measures_link_the_scale_to_another() -> None:
    known = {"a": (10.0, 0.1), "b": (20.0, 0.1), "d": (40.0, 0.1), "e": (50.0, 0.1)}
    settings = by_method("known_measures", boundaries={"Pass": 25.0, "Merit": 45.0})
    found = graded(Case(FIVE, known=known, settings=settings, error=0.05))
    assert found.placed is not None

    assert labels(found) == {"a": "Fail", "b": "Fail", "c": "Pass", "d": "Pass", "e": "Merit"}
    assert found.placed.remarks[0].startswith("Linked through 4 anchors: 10.00 units of the known scale to a logit")
    assert found.evidence is not None
    assert found.evidence.foretold.predicted.tolist() == [0, 0, 1, 2]


def test_a_link_through_three_anchors_cannot_do_without_one() -> None:
    known = {"a": (10.0, 0.1), "c": (30.0, 0.1), "e": (50.0, 0.1)}
    settings = by_method("known_measures", boundaries={"Pass": 25.0, "Merit": 45.0})
    found = graded(Case(FIVE, known=known, settings=settings, error=0.05))

    assert labels(found)["c"] == "Pass"
    assert found.evidence is not None
    assert not found.evidence.foretold.tried.any()


def test_known_measures_that_fall_are_refused() -> None:
    known = {"a": (50.0, 0.1), "c": (30.0, 0.1), "e": (10.0, 0.1)}
    settings = by_method("known_measures", boundaries={"Pass": 25.0, "Merit": 45.0})

    assert graded(Case(FIVE, known=known, settings=settings)).status.startswith(
        "no grades: the known measures fall where the fitted measures rise. The anchors' known measures cannot be"
    )


def test_percentages_are_those_of_the_students_and_show_beside_known_grades() -> None:
    measures = {f"x{k:02d}": m for k, m in enumerate(np.linspace(-2, 2, 20).tolist())} | {"anchor": 1.9}
    settings = by_method("national_percentages", percentages={"Fail": 10, "Pass": 60, "Merit": 30})
    found = graded(Case(measures, {"anchor": "Merit"}, settings=settings, error=0.01))
    students = [label for name, label in labels(found).items() if name != "anchor"]

    assert [students.count(label) for label in PASS_FAIL] == [2, 12, 6]
    assert found.evidence is not None
    assert found.evidence.right == 1


def test_the_same_seed_gives_the_same_percentages() -> None:
    settings = by_method("national_percentages", percentages={"Fail": 30, "Pass": 40, "Merit": 30})
    one, two = (graded(Case(FIVE, settings=settings, error=0.8)) for _ in range(2))
    assert one.given is not None
    assert two.given is not None

    assert np.array_equal(one.given.projection.at_least, two.given.projection.at_least)


def test_a_person_calls_boundaries_at_essays_or_measures() -> None:
    settings = by_method("boundary_call", boundaries={"Pass": "c", "Merit": 1.5})
    found = graded(Case(FIVE, settings=settings))

    assert labels(found) == {"a": "Fail", "b": "Fail", "c": "Pass", "d": "Pass", "e": "Merit"}
    assert found.evidence is None


def test_anchors_that_contradict_a_persons_call_withhold_nothing() -> None:
    settings = by_method("boundary_call", boundaries={"Pass": "c", "Merit": 1.5})
    found = graded(Case(FIVE, {"a": "Merit", "e": "Fail", "c": "Pass"}, settings=settings))

    assert found.evidence is not None
    assert found.evidence.unexplained
    assert found.given is not None
