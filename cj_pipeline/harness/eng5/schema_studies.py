"""The artefact's account of two studies of the judge itself: alignment of anchors, and boundary tests. Shapes only."""

from typing import Self

from pydantic import Field, model_validator

from cj_pipeline.harness.eng5.schema_inputs import Name, Part


class Rate(Part):
    """A share with its interval."""

    k: int = Field(ge=0, description="How often it happened.")
    n: int = Field(ge=0, description="How often it could have.")
    rate: float | None = Field(ge=0, le=1, description="k of n; null where n is 0.")
    low: float | None = Field(ge=0, le=1, description="Lower end of the 95 % interval (Wilson).")
    high: float | None = Field(ge=0, le=1, description="Upper end of the 95 % interval (Wilson).")

    @model_validator(mode="after")
    def _holds_its_rate(self) -> Self:
        if self.k > self.n or (self.n == 0) != (self.rate is None):
            raise ValueError(f"{self.k} of {self.n} is no share")
        if self.rate is not None and not (self.low or 0.0) <= self.rate <= (1.0 if self.high is None else self.high):
            raise ValueError(f"the interval of {self.k} of {self.n} does not hold its rate")
        return self


class Interval(Part):
    """A figure with its interval."""

    value: float | None = Field(description="The figure; null where it is not defined.")
    low: float | None = Field(description="Lower end of the 90 % interval.")
    high: float | None = Field(description="Upper end of the 90 % interval.")


class InversionEntry(Part):
    """Two anchors of different grade whose direct verdicts favour the lower grade."""

    higher_id: Name = Field(description="Anchor of the higher grade.")
    lower_id: Name = Field(description="Anchor of the lower grade, which was preferred.")
    higher_grade: Name = Field(description="The higher grade.")
    lower_grade: Name = Field(description="The lower grade.")
    steps: int = Field(ge=1, description="Steps between the grades on the scale.")
    n_for_lower: int = Field(ge=1, description="Verdicts for the lower grade.")
    n_verdicts: int = Field(ge=1, description="Verdicts on this pair.")
    strength: float = Field(ge=1, le=3, description="Mean strength of the verdicts for the lower grade, 1 to 3.")
    beyond_error: bool = Field(description="Whether the measures are inverted too, by more than their errors explain.")
    reasons: tuple[str, ...] = Field(description="The judge's reasons for preferring the lower grade.")


class SplitPair(Part):
    """Two anchors of different grade with as many verdicts for either."""

    higher_id: Name = Field(description="Anchor of the higher grade.")
    lower_id: Name = Field(description="Anchor of the lower grade.")
    steps: int = Field(ge=1, description="Steps between the grades on the scale.")
    first_always: bool = Field(description="Whether the essay shown first was preferred each time.")


class PlacedAnchor(Part):
    """An anchor in the order the judge put it."""

    essay_id: Name = Field(description="Anchor.")
    grade: Name = Field(description="Known grade.")
    place_grade: Name = Field(description="Grade that its place has in the order of the known grades.")
    steps_off: int = Field(description="Steps from the known grade to that of its place; positive: judged too high.")
    foretold_grade: str | None = Field(description="Grade that the other anchors foretell; null where they cannot.")
    n_wins: int = Field(ge=0, description="Comparisons won.")
    n_comparisons: int = Field(ge=0, description="Comparisons with a verdict.")


class Alignment(Part):
    """How the judge orders essays whose grades are known to people and were withheld from it."""

    n_anchors: int = Field(ge=2, description="Anchors.")
    n_pairs: int = Field(ge=0, description="Pairs of different grade with a verdict.")
    split_pairs: tuple[SplitPair, ...] = Field(description="Of these, with as many verdicts for either; widest first.")
    direct_inversions: tuple[InversionEntry, ...] = Field(description="Pairs decided against the grades, widest first.")
    n_measure_inversions: int = Field(ge=0, description="Pairs whose measures are in the wrong order.")
    zero_win_anchors: tuple[Name, ...] = Field(description="Anchors that won nothing.")
    tau_b: Interval = Field(description="Kendall's tau-b of measures and grades.")
    within_one: Rate = Field(description="Anchors whose place is at most one step from their grade.")
    exact: Rate = Field(description="Anchors whose place has their grade.")
    qwk: Interval = Field(description="Quadratic weighted kappa of grades and grades by place.")
    foretold_within_one: Rate = Field(description="Anchors foretold by the others within one step of their grade.")
    foretold_exact: Rate = Field(description="Anchors whose grade the others foretell.")
    foretold_qwk: Interval = Field(description="Quadratic weighted kappa of grades and foretold grades.")
    order_flips: Rate = Field(description="Pairs put in both orders whose verdicts differ.")
    first_shown: Rate = Field(description="Verdicts for the essay shown first.")
    agreement_by_steps: dict[int, Rate] = Field(description="Verdicts for the higher grade, by steps between grades.")
    agreement_from_steps: dict[int, Rate] = Field(description="The same, over so many steps and more.")
    anchors: tuple[PlacedAnchor, ...] = Field(description="Anchors, best measure first.")


class BoundaryPair(Part):
    """One pair put many times in both orders."""

    essay_1: Name = Field(description="One essay.")
    essay_2: Name = Field(description="The other.")
    iterations: int = Field(ge=1, description="Times it was put in each order.")
    win_rate: Rate = Field(description="Verdicts for essay_1.")
    shown_first: Rate = Field(description="Verdicts for essay_1 where it was shown first.")
    shown_second: Rate = Field(description="Verdicts for essay_1 where it was shown second.")
    p_value: float | None = Field(ge=0, le=1, description="Exact binomial test of win_rate against one half.")
    depends_on_order: bool = Field(description="Whether the majority changes with the order.")


class BoundaryTest(Part):
    """How surely a judge tells essays apart that lie near a boundary."""

    pairs: tuple[BoundaryPair, ...] = Field(min_length=1, description="The pairs, as they were given.")
    first_shown: Rate = Field(description="Verdicts for the essay shown first, all pairs.")
