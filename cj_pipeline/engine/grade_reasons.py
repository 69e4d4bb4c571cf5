"""Why an assessment has no grades: a sentence for its operator, and what a report needs to say it in any language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ReasonKind(StrEnum):
    """Why no grades are given."""

    NO_ANCHORS = "no_anchors"
    TOO_FEW_ANCHORS = "too_few_anchors"
    ONE_GRADE_ONLY = "one_grade_only"
    NO_KNOWN_MEASURES = "no_known_measures"
    NOT_LINKED = "not_linked"
    NO_STUDENTS = "no_students"
    CALLED_OUT_OF_ORDER = "called_out_of_order"
    INVERSION = "inversion"
    NO_BETTER_THAN_GUESSING = "no_better_than_guessing"


_WITHHOLDS = frozenset({ReasonKind.INVERSION, ReasonKind.NO_BETTER_THAN_GUESSING})


@dataclass(frozen=True, slots=True)
class NoGrades:
    """A reason why no grades are given.

    Attributes:
        kind: Which reason it is.
        text: Why, and what to do about it, in words for the operator.
        figures: What a report says of it, by name: counts, logits, grades; ids of essays under `lower` and `higher`.
    """

    kind: ReasonKind
    text: str
    figures: Mapping[str, str | int | float] = field(default_factory=dict)

    @property
    def withholds(self) -> bool:
        """Whether grades were computed and are not given out; else none could be."""
        return self.kind in _WITHHOLDS


def in_a_sentence(reasons: tuple[NoGrades, ...]) -> str:
    """Reasons as one sentence or more for the operator; empty where there are none."""
    said = " ".join(reason.text for reason in reasons)
    if any(reason.withholds for reason in reasons):
        return f"They are withheld: {said}"
    return said[:1].upper() + said[1:]
