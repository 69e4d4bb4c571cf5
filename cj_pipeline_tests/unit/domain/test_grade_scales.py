"""Grade scales: ordered, without repeats."""

# ruff: noqa: D103 - the name of a test is its sentence

import pytest

from cj_pipeline.domain.grade_scales import GRADE_SCALES, grade_rank

LEGACY = "eng5_np_legacy_9_step"


@pytest.mark.parametrize("scale", GRADE_SCALES)
def test_a_scale_names_each_grade_once(scale: str) -> None:
    assert len(set(GRADE_SCALES[scale])) == len(GRADE_SCALES[scale])


@pytest.mark.parametrize(
    ("scale", "lowest", "highest", "size"),
    [("swedish_8_anchor", "F", "A", 8), (LEGACY, "F+", "A", 9), ("eng5_np_national_9_step", "1", "9", 9)],
)
def test_scales_run_from_lowest_to_highest(scale: str, lowest: str, highest: str, size: int) -> None:
    assert grade_rank(scale, lowest) == 0
    assert grade_rank(scale, highest) == size - 1 == len(GRADE_SCALES[scale]) - 1


def test_a_minus_lies_below_its_plus() -> None:
    assert [grade_rank(LEGACY, grade) for grade in ("E-", "E+", "D-", "D+", "C-", "C+")] == [1, 2, 3, 4, 5, 6]


def test_a_grade_of_another_scale_has_no_rank() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        grade_rank(LEGACY, "C")
