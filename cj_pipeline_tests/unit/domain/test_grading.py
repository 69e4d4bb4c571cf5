"""What an assessment may choose about grades."""

# ruff: noqa: D103 - the name of a test is its sentence

from typing import Any

import pytest
from pydantic import ValidationError

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.grade_scales import GRADE_SCALES
from cj_pipeline.domain.grading import Grading, GradingMethod
from cj_pipeline_tests.unit.domain.factories import make_assessment

SWEDISH, LEGACY = GRADE_SCALES["swedish_8_anchor"], GRADE_SCALES["eng5_np_legacy_9_step"]


def fault(**changes: Any) -> str:  # noqa: ANN401 (whatever may stand in the YAML)
    """Return the one thing that is wrong with an assessment."""
    with pytest.raises(ValidationError) as caught:
        make_assessment(**changes)
    (found,) = caught.value.errors()
    return found["msg"].removeprefix("Value error, ")


def test_grades_come_from_anchors_unless_something_else_is_chosen() -> None:
    grading = make_assessment().grading

    assert (grading.method, grading.min_anchors) == (GradingMethod.ANCHORS, 3)


def test_a_list_is_a_scale_of_ones_own() -> None:
    assessment = make_assessment(grade_scale=["Fail", "Pass", "Merit"])

    assert assessment.scale.name == "own"
    assert assessment.grades == ("Fail", "Pass", "Merit")
    assert make_assessment(grade_scale=[1, 2, 3]).grades == ("1", "2", "3")


def test_a_scale_of_ones_own_may_say_all_that_a_named_one_does() -> None:
    own = {"grades": ["E", "C", "A"], "below_lowest": "F", "percentages": [50, 30, 20], "minus": ["C"], "plus": ["E"]}
    scale = make_assessment(grade_scale=own).scale

    assert scale.levels == ("F", "E", "C", "A")
    assert (scale.percentages, scale.minus, scale.plus) == ((50, 30, 20), ("C",), ("E",))


@pytest.mark.parametrize("choice", ["swedish_8_anchor", ["Fail", "Pass"], {"grades": ["E", "A"], "below_lowest": "F"}])
def test_a_choice_survives_being_written_and_read(choice: object) -> None:
    assessment = make_assessment(grade_scale=choice)

    assert Assessment.model_validate(assessment.model_dump(mode="json")) == assessment


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"grades": ["E", "A"], "below_lowest": "A"}, "a grade is named twice"),
        ({"grades": ["E", "A"], "minus": ["B", "A"]}, "minus and plus name what is no grade: B"),
        ({"grades": ["E", "A"], "percentages": [100]}, "percentages has 1 numbers for 2 grades"),
        ({"grades": ["E", "A"], "percentages": [50, 40]}, "percentages add up to 90, not 100"),
    ],
)
def test_a_scale_of_ones_own_has_to_be_sound(own: dict[str, Any], expected: str) -> None:
    assert fault(grade_scale=own).startswith(expected)


def test_the_shares_of_the_scale_are_expected_unless_others_are_named_or_none() -> None:
    assert Grading().shares(SWEDISH) == pytest.approx((0.02, 0.08, 0.15, 0.20, 0.25, 0.15, 0.10, 0.05))
    assert Grading().shares(LEGACY) == ()
    assert Grading(percentages="none").shares(SWEDISH) == ()
    assert Grading(percentages={"F+": 60, "A": 40}).shares(LEGACY) == (0, 0.6, 0, 0, 0, 0, 0, 0, 0, 0.4)


def called(**others: object) -> dict[str, Any]:
    """Return a person's call of every boundary of the scale of three steps, changed here and there."""
    return {"method": "boundary_call", "boundaries": {"Pass": -1.0, "Merit": 1.0} | others}


@pytest.mark.parametrize(
    ("grading", "expected"),
    [
        (called(Top=2), "boundaries: 'Top' is no grade of the scale"),
        (called(Fail=-2), "boundaries: 'Fail' is the lowest and has no lower boundary"),
        (called(Merit=-2), "boundaries: a higher grade begins at a lower measure"),
        (called(Merit="essay-1") | {"method": "known_measures"}, "boundaries: known_measures needs numbers"),
        ({"method": "boundary_call", "boundaries": {"Merit": 1}}, "boundaries: nothing is said of Pass"),
    ],
)
def test_boundaries_are_called_for_every_grade_but_the_lowest_and_rise(grading: dict[str, Any], expected: str) -> None:
    assert fault(grading=grading, grade_scale=["Fail", "Pass", "Merit"]).startswith(expected)


@pytest.mark.parametrize(
    ("grading", "expected"),
    [
        ({"percentages": {"X": 100}}, "percentages: 'X' is no grade of the scale"),
        ({"percentages": {"A": 99, "B": 0.4}}, "percentages: they add up to 99.4, not 100"),
        ({"method": "national_percentages"}, "percentages: national_percentages needs the share of each grade"),
        ({"boundaries": {"A": 1.0}}, "boundaries: only boundary_call and known_measures use them"),
        ({"method": "boundary_call"}, "boundaries: boundary_call needs where each grade begins"),
        ({"method": "known_measures"}, "boundaries: known_measures needs where each grade begins"),
    ],
)
def test_what_is_chosen_has_to_fit_the_scale_and_the_method(grading: dict[str, Any], expected: str) -> None:
    assert fault(grading=grading).startswith(expected)


def test_boundaries_may_be_called_at_essays_and_at_measures() -> None:
    grading = make_assessment(grade_scale=["Fail", "Pass", "Merit"], grading=called(Pass="essay-1", Merit=2)).grading

    assert grading.called_essays == ("essay-1",)
    assert grading.boundaries == {"Pass": "essay-1", "Merit": 2.0}
