"""Grade scales as data: ordered labels, lowest first, and what is known about them.

What does not belong here: placing grades on a scale of measures (scaling), and what an assessment chooses (grading).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType

_HIGHEST_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class GradeScale:
    """An ordered set of grades.

    Attributes:
        name: Name in `assessment.yaml`; `own` for a scale that is written out there.
        grades: Labels in ascending order.
        below_lowest: What an essay gets that does not reach the lowest grade; empty where the lowest has no lower end.
        percentages: Share of each grade in the population the scale was made for, per cent, in the order of `grades`;
            empty where none are known.
        minus: Grades that are given a minus in the lowest quarter of their band.
        plus: Grades that are given a plus in the highest quarter of their band.
        bands_from: Lowest per cent of each grade, where a grade is a band of per cent; else empty.
    """

    name: str
    grades: tuple[str, ...]
    below_lowest: str = ""
    percentages: tuple[float, ...] = ()
    minus: tuple[str, ...] = ()
    plus: tuple[str, ...] = ()
    bands_from: tuple[float, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """All labels an essay can get, lowest first: the grades, and what lies below the lowest where there is such."""
        return (self.below_lowest, *self.grades) if self.below_lowest else self.grades

    def level(self, label: str) -> int:
        """Position of a label among the levels, 0 for the lowest.

        Raises:
            ValueError: The scale does not have this label.
        """
        return self.levels.index(label)

    def read(self, text: str) -> str:
        """The label that a text stands for: itself, or on a scale of per cent the band a number lies in.

        Raises:
            ValueError: The scale has no such grade.
        """
        if text in self.levels:
            return text
        if self.bands_from:
            return self.grades[self._band(float(text.rstrip("% ").replace(",", ".")))]
        raise ValueError(f"grade {text!r} is not on the scale {self.name}")

    def _band(self, percent: float) -> int:
        if not self.bands_from[0] <= percent <= _HIGHEST_PERCENT:
            raise ValueError(f"{percent:g} is no per cent")
        return max(i for i, low in enumerate(self.bands_from) if low <= percent)


def _by_name(scales: Iterable[GradeScale]) -> MappingProxyType[str, GradeScale]:
    return MappingProxyType({scale.name: scale for scale in scales})


GRADE_SCALES: MappingProxyType[str, GradeScale] = _by_name(
    [
        # Population shares and marks as in the reference system; D+ and C+ are grades of their own.
        GradeScale(
            "swedish_8_anchor",
            ("F", "E", "D", "D+", "C", "C+", "B", "A"),
            percentages=(2, 8, 15, 20, 25, 15, 10, 5),
            minus=("E", "D", "C", "B", "A"),
            plus=("E", "B"),
        ),
        GradeScale("eng5_np_legacy_9_step", ("F+", "E-", "E+", "D-", "D+", "C-", "C+", "B", "A"), below_lowest="F"),
        GradeScale("eng5_np_national_9_step", ("1", "2", "3", "4", "5", "6", "7", "8", "9"), below_lowest="0"),
        GradeScale("one_to_five", ("1", "2", "3", "4", "5")),
        GradeScale(
            "percentages",
            ("0-9", "10-19", "20-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80-89", "90-100"),
            bands_from=(0, 10, 20, 30, 40, 50, 60, 70, 80, 90),
        ),
    ]
)
"""Scales by name."""
