"""What an assessment chooses about grades: the scale, and how its boundaries are set. Validated, nothing computed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator

from cj_pipeline.domain.grade_scales import GRADE_SCALES, GradeScale

NAMED_TAG, OWN_TAG = "(named scale)", "(own scale)"
"""Stand in the places of faults that pydantic reports; no part of a file."""

_WHOLE, _ROUNDING = 100.0, 0.5


class GradingMethod(StrEnum):
    """How the boundaries between grades are set."""

    ANCHORS = "anchors"
    KNOWN_MEASURES = "known_measures"
    NATIONAL_PERCENTAGES = "national_percentages"
    BOUNDARY_CALL = "boundary_call"


class OwnScale(BaseModel):
    """A grade scale written out in `assessment.yaml`. A plain list is short for its `grades`."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, coerce_numbers_to_str=True)

    grades: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        min_length=2, max_length=30, description="Labels, lowest first."
    )
    below_lowest: str = Field(default="", description="What an essay gets that does not reach the lowest grade.")
    percentages: tuple[Annotated[float, Field(ge=0)], ...] = Field(
        default=(), description="Share of each grade in the population, per cent, in the order of the grades."
    )
    minus: tuple[str, ...] = Field(default=(), description="Grades given a minus in the lowest quarter of their band.")
    plus: tuple[str, ...] = Field(default=(), description="Grades given a plus in the highest quarter of their band.")

    @model_validator(mode="before")
    @classmethod
    def _from_list(cls, value: object) -> object:
        if isinstance(value, (list, tuple)):
            return {"grades": value}
        if not isinstance(value, (dict, cls)):
            raise ValueError("name a scale, or list your own grades, lowest first")  # noqa: TRY004 (pydantic's protocol)
        return value

    @model_validator(mode="after")
    def _sound(self) -> Self:
        scale = self.scale
        if len(set(scale.levels)) < len(scale.levels):
            raise ValueError("a grade is named twice; name each once, lowest first")
        if unknown := sorted({*self.minus, *self.plus} - set(self.grades)):
            raise ValueError(f"minus and plus name what is no grade: {', '.join(unknown)}")
        if self.percentages and len(self.percentages) != len(self.grades):
            raise ValueError(f"percentages has {len(self.percentages)} numbers for {len(self.grades)} grades")
        if self.percentages and not _is_whole(self.percentages):
            raise ValueError(f"percentages add up to {sum(self.percentages):g}, not 100")
        return self

    @property
    def scale(self) -> GradeScale:
        """The scale."""
        return GradeScale("own", self.grades, self.below_lowest, self.percentages, self.minus, self.plus)


def _known_scale(value: str) -> str:
    if value not in GRADE_SCALES:
        raise ValueError(
            f"unknown grade scale {value!r}; choose one of: {', '.join(GRADE_SCALES)}, or list your own grades"
        )
    return value


def _is_whole(percentages: tuple[float, ...]) -> bool:
    return abs(sum(percentages) - _WHOLE) <= _ROUNDING


def _tag(value: object) -> str:
    return NAMED_TAG if isinstance(value, str) else OWN_TAG


ScaleChoice: TypeAlias = Annotated[
    Annotated[str, AfterValidator(_known_scale), Tag(NAMED_TAG)] | Annotated[OwnScale, Tag(OWN_TAG)],
    Discriminator(_tag),
]
"""The name of a scale, or a scale of one's own."""


def chosen_scale(choice: str | OwnScale) -> GradeScale:
    """The scale that was named or written out."""
    return GRADE_SCALES[choice] if isinstance(choice, str) else choice.scale


class Grading(BaseModel):
    """How grades are set on the ranking."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    method: GradingMethod = Field(
        default=GradingMethod.ANCHORS,
        description="`anchors`: by essays of known grade. `known_measures`: by anchors whose measure is known on "
        "another scale. `national_percentages`: by the share each grade should have. `boundary_call`: by a person.",
    )
    min_anchors: int = Field(default=3, ge=2, description="With fewer anchors no grades are set.")
    percentages: Literal["of_the_scale", "none"] | dict[str, Annotated[float, Field(ge=0)]] = Field(
        default="of_the_scale",
        description="Share of each grade in the population, per cent. With `anchors` it is a weak expectation; "
        "`national_percentages` keeps to it. A grade that is not named has none.",
    )
    percentages_weight: float = Field(
        default=10.0, gt=0, description="How many essays the expected shares count for, with `anchors`."
    )
    boundaries: dict[str, float | str] = Field(
        default={},
        description="Where each grade but the lowest begins. With `boundary_call`: the id of the lowest essay that "
        "still has the grade, or a measure; with `known_measures`: a measure on the known scale.",
    )

    def shares(self, scale: GradeScale) -> tuple[float, ...]:
        """Share of every level of a scale, adding up to 1; empty where none are known or wanted."""
        if self.percentages == "none":
            return ()
        if isinstance(self.percentages, str):
            named: Mapping[str, float] = dict(zip(scale.grades, scale.percentages, strict=False))
        else:
            named = self.percentages
        total = sum(named.values())
        return tuple(named.get(level, 0.0) / total for level in scale.levels) if total else ()

    def faults(self, scale: GradeScale) -> list[str]:
        """What does not fit the scale, or the method, in words for people."""
        found = [*self._about_percentages(scale), *self._about_boundaries(scale)]
        if self.method is GradingMethod.NATIONAL_PERCENTAGES and not self.shares(scale):
            found.append("percentages: national_percentages needs the share of each grade; the scale has none")
        return found

    def _about_percentages(self, scale: GradeScale) -> list[str]:
        if isinstance(self.percentages, str):
            return []
        found = [f"percentages: {label!r} is no grade of the scale" for label in _strange(self.percentages, scale)]
        if not _is_whole(tuple(self.percentages.values())):
            found.append(f"percentages: they add up to {sum(self.percentages.values()):g}, not 100")
        return found

    def _about_boundaries(self, scale: GradeScale) -> list[str]:
        if self.method not in {GradingMethod.KNOWN_MEASURES, GradingMethod.BOUNDARY_CALL}:
            return ["boundaries: only boundary_call and known_measures use them"] if self.boundaries else []
        if not self.boundaries:
            return [f"boundaries: {self.method.value} needs where each grade begins"]
        found = [f"boundaries: {label!r} is no grade of the scale" for label in _strange(self.boundaries, scale)]
        if scale.levels[0] in self.boundaries:
            found.append(f"boundaries: {scale.levels[0]!r} is the lowest and has no lower boundary")
        if missing := [label for label in scale.levels[1:] if label not in self.boundaries]:
            found.append(f"boundaries: nothing is said of {', '.join(missing)}")
        numbers = [value for label in scale.levels if isinstance(value := self.boundaries.get(label), float)]
        if numbers != sorted(numbers):
            found.append("boundaries: a higher grade begins at a lower measure")
        if self.method is GradingMethod.KNOWN_MEASURES and len(numbers) < len(self.boundaries):
            found.append("boundaries: known_measures needs numbers")
        return found

    @property
    def called_essays(self) -> tuple[str, ...]:
        """Ids of the essays that boundaries were set at."""
        return tuple(value for value in self.boundaries.values() if isinstance(value, str))


def _strange(named: Mapping[str, Any], scale: GradeScale) -> list[str]:
    return [label for label in named if label not in scale.levels]
