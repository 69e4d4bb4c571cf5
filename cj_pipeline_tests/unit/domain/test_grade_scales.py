"""Grade scales: ordered, without repeats."""

# ruff: noqa: D103 - the name of a test is its sentence

import pytest

from cj_pipeline.domain.grade_scales import GRADE_SCALES, GradeScale

LEGACY = "eng5_np_legacy_9_step"
PERCENT = GRADE_SCALES["percentages"]


@pytest.mark.parametrize("scale", GRADE_SCALES.values(), ids=lambda scale: scale.name)
def test_a_scale_names_each_level_once_and_its_own_grades_only(scale: GradeScale) -> None:
    assert len(set(scale.levels)) == len(scale.levels)
    assert {*scale.minus, *scale.plus} <= set(scale.grades)
    assert len(scale.percentages) in {0, len(scale.grades)}
    assert GRADE_SCALES[scale.name] is scale


@pytest.mark.parametrize(
    ("scale", "lowest", "highest", "size"),
    [
        ("swedish_8_anchor", "F", "A", 8),
        (LEGACY, "F+", "A", 9),
        ("eng5_np_national_9_step", "1", "9", 9),
        ("one_to_five", "1", "5", 5),
        ("percentages", "0-9", "90-100", 10),
    ],
)
def test_scales_run_from_lowest_to_highest(scale: str, lowest: str, highest: str, size: int) -> None:
    grades = GRADE_SCALES[scale].grades

    assert (grades[0], grades[-1], len(grades)) == (lowest, highest, size)


def test_a_minus_lies_below_its_plus() -> None:
    assert GRADE_SCALES[LEGACY].grades[1:7] == ("E-", "E+", "D-", "D+", "C-", "C+")


def test_a_grade_of_another_scale_has_no_level() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        GRADE_SCALES[LEGACY].level("C")


@pytest.mark.parametrize(
    ("scale", "below"), [(LEGACY, "F"), ("eng5_np_national_9_step", "0"), ("swedish_8_anchor", "")]
)
def test_some_scales_have_a_level_below_the_lowest_grade(scale: str, below: str) -> None:
    found = GRADE_SCALES[scale]

    assert found.below_lowest == below
    assert found.levels == ((below, *found.grades) if below else found.grades)
    assert found.level(found.grades[0]) == (1 if below else 0)


def test_the_shares_of_the_swedish_scale_are_those_of_the_reference_system() -> None:
    shares = dict(
        zip(GRADE_SCALES["swedish_8_anchor"].grades, GRADE_SCALES["swedish_8_anchor"].percentages, strict=True)
    )

    assert shares == {"F": 2, "E": 8, "D": 15, "D+": 20, "C": 25, "C+": 15, "B": 10, "A": 5}
    assert sum(shares.values()) == 100


@pytest.mark.parametrize(
    ("text", "band"),
    [("0", "0-9"), ("9.9", "0-9"), ("73", "70-79"), ("73 %", "70-79"), ("100", "90-100"), ("10-19",) * 2],
)
def test_a_number_of_per_cent_is_read_as_its_band(text: str, band: str) -> None:
    assert PERCENT.read(text) == band


@pytest.mark.parametrize("text", ["101", "-1", "nan", "many", ""])
def test_what_is_no_per_cent_is_no_grade(text: str) -> None:
    with pytest.raises(ValueError, match=r"per cent|could not convert"):
        PERCENT.read(text)


def test_other_scales_read_their_own_labels_only() -> None:
    assert GRADE_SCALES[LEGACY].read("F") == "F"
    with pytest.raises(ValueError, match="is not on the scale one_to_five"):
        GRADE_SCALES["one_to_five"].read("6")
