"""Grade scales as data: ordered labels, lowest first.

What does not belong here: projecting grades onto a scale of measures (scaling).
"""

from types import MappingProxyType

GRADE_SCALES: MappingProxyType[str, tuple[str, ...]] = MappingProxyType(
    {
        "swedish_8_anchor": ("F", "E", "D", "D+", "C", "C+", "B", "A"),
        "eng5_np_legacy_9_step": ("F+", "E-", "E+", "D-", "D+", "C-", "C+", "B", "A"),
        "eng5_np_national_9_step": ("1", "2", "3", "4", "5", "6", "7", "8", "9"),
    }
)
"""Scale name to grade labels in ascending order."""


def grade_rank(scale: str, grade: str) -> int:
    """Position of a grade on its scale, 0 for the lowest.

    Args:
        scale: A key of `GRADE_SCALES`.
        grade: A label of that scale.

    Raises:
        ValueError: The scale does not have this grade.
    """
    return GRADE_SCALES[scale].index(grade)
