"""The artefact's account of what came out: comparisons, measures, grades, costs, boundary tests. Shapes only."""

from typing import Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from cj_pipeline.domain.grading import GradingMethod
from cj_pipeline.harness.eng5.schema_inputs import Name, Part, Sha256

_SURE = 1e-6


class ComparisonEntry(Part):
    """One comparison, as planned or as answered."""

    sequence: int = Field(ge=1, description="Place in the plan, from 1.")
    correlation_id: Name = Field(description="Name of the comparison in the ledger.")
    request_id: str | None = Field(description="Name at the provider of the attempt that counts; null if never asked.")
    response_id: str | None = Field(description="The provider's name of the answer; null without one.")
    wave: int = Field(ge=1, description="Wave it was planned in.")
    replicate: int = Field(ge=0, description="How often the pair was put before.")
    essay_a_id: Name = Field(description="Essay shown first.")
    essay_b_id: Name = Field(description="Essay shown second.")
    winner_id: str | None = Field(description="Essay judged better; null without a verdict.")
    loser_id: str | None = Field(description="The other one; null without a verdict.")
    strength: int | None = Field(
        ge=1, le=3, description="1 slightly, 2 clearly, 3 much better; null without a verdict."
    )
    justification: str | None = Field(description="The judge's reason; null without a verdict.")
    prompt_hash: Sha256 = Field(
        description="SHA-256 of system text, context, both essays between tags without one-time code, and question."
    )
    provider: Name = Field(description="Whose model was asked.")
    model: Name = Field(
        description="The model that answered, as its provider names it; without an answer the one asked."
    )
    tokens_prompt: int | None = Field(ge=0, description="Input tokens of all attempts; null before the first outcome.")
    tokens_completion: int | None = Field(ge=0, description="Output tokens of all attempts; null before the first.")
    cost_usd: float | None = Field(ge=0, description="Cost of all attempts; null where a price is unknown.")
    started_at: AwareDatetime | None = Field(description="When it, or the batch job that carried it, was sent.")
    completed_at: AwareDatetime | None = Field(description="When the answer, or the end of its batch job, was seen.")
    status: Literal["succeeded", "failed", "pending", "planned"] = Field(description="Where it stands.")
    n_attempts: int = Field(ge=0, description="Times it was asked.")
    outcome: str | None = Field(description="How its last request ended; null before the first outcome.")
    error_code: str | None = Field(description="Kind of the error; null if there is none.")
    failure_reason: str | None = Field(description="Why there is no verdict; null if there is one, or none is due.")

    @model_validator(mode="after")
    def _verdict_is_whole(self) -> Self:
        """A verdict names winner and loser of this pair; nothing else names any."""
        pair = {self.essay_a_id, self.essay_b_id}
        if self.status == "succeeded":
            known = (self.strength, self.tokens_prompt, self.tokens_completion, self.started_at, self.completed_at)
            if {self.winner_id, self.loser_id} != pair or any(value is None for value in known):
                raise ValueError(f"comparison {self.sequence} succeeded and lacks part of its verdict")
        elif self.winner_id or self.loser_id or self.strength is not None:
            raise ValueError(f"comparison {self.sequence} is {self.status} and has a verdict")
        if self.status == "failed" and not self.failure_reason:
            raise ValueError(f"comparison {self.sequence} failed without a reason")
        return self


class MeasureEntry(Part):
    """One essay's place on the scale."""

    essay_id: Name = Field(description="Essay.")
    theta: float = Field(description="Measure, logits, mean zero.")
    standard_error: float = Field(ge=0, description="Standard error of the measure, logits.")
    rank: int = Field(ge=1, description="1 is best; equal measures share a rank.")
    rank_low: int = Field(ge=1, description="Best rank the data allow (90 % interval).")
    rank_high: int = Field(ge=1, description="Worst rank the data allow (90 % interval).")
    comparison_count: int = Field(ge=0, description="Comparisons with a verdict it took part in.")
    n_wins: int = Field(ge=0, description="Of these, won.")
    is_anchor: bool = Field(description="Whether its grade is known.")
    anchor_grade: str | None = Field(description="The known grade.")
    grade_projection: str | None = Field(description="The most likely grade; null where no grades are projected.")


class ProjectionEntry(Part):
    """One essay's grade, projected from the anchors."""

    essay_id: Name = Field(description="Essay.")
    grade_scale: Name = Field(description="The scale.")
    grade: Name = Field(description="Most likely grade.")
    mark: str = Field(description="Plus or minus, where the scale gives its grade such; may be empty.")
    probabilities: dict[str, float] = Field(description="Probability of every grade.")
    near_boundary: bool = Field(description="Whether the two likeliest grades are nearly equally likely.")
    beyond_anchors: bool = Field(description="Whether the grade lies outside those that have anchors.")
    primary_anchor_id: str | None = Field(description="The anchor whose measure is nearest, itself left out.")
    anchor_alignment: float | None = Field(description="Its measure minus that of the nearest anchor, logits.")

    @model_validator(mode="after")
    def _is_distribution(self) -> Self:
        total = sum(self.probabilities.values())
        if abs(total - 1) > _SURE or min(self.probabilities.values(), default=0.0) < 0:
            raise ValueError(f"{self.essay_id}: probabilities add up to {total:.6f}, not to 1")
        if self.grade not in self.probabilities:
            raise ValueError(f"{self.essay_id}: grade {self.grade!r} has no probability")
        return self


class ThresholdEntry(Part):
    """Where one grade ends and the next begins."""

    grade: Name = Field(description="The grade above the threshold.")
    threshold: float = Field(
        description="Measure at which this grade, or a higher one, is as likely as a lower one, logits."
    )
    standard_error: float = Field(ge=0, description="Its standard error, logits.")
    n_anchors: int = Field(ge=0, description="Anchors of this grade.")
    expected_share: float = Field(ge=0, le=1, description="Share of the essays expected to have this grade.")


class GradeEvidence(Part):
    """What speaks for and against the anchors."""

    n_anchors: int = Field(ge=0, description="Anchors.")
    n_left_out: int = Field(ge=0, description="Anchors that could be graded by all the others.")
    n_foretold_exactly: int = Field(ge=0, description="Of these, those that got their own grade.")
    n_foretold_within_one: int = Field(ge=0, description="Of these, those at most one step off.")
    mean_error: float | None = Field(ge=0, description="Mean steps by which they were missed; null without any.")
    guess_error: float | None = Field(ge=0, description="The same for guessing the commonest grade.")
    n_direct_inversions: int = Field(ge=0, description="Pairs whose verdicts contradict their grades.")
    n_inversions: int = Field(ge=0, description="Pairs whose measures contradict their grades.")
    n_unexplained_inversions: int = Field(ge=0, description="Of these, by more than errors of measurement explain.")
    zero_win_anchors: tuple[Name, ...] = Field(description="Anchors that won nothing.")


class GradeBoundaries(Part):
    """How the scale of measures was cut into grades, or why it was not."""

    available: bool = Field(description="Whether grades were projected.")
    method: GradingMethod | None = Field(description="How boundaries were set; null where none were asked for.")
    reason: str = Field(description="Why there are none, or why they are not final; may be empty.")
    remarks: tuple[str, ...] = Field(description="What has to be known about how they were set.")
    withheld: bool = Field(description="Whether grades were computed and are not given out.")
    evidence: GradeEvidence | None = Field(description="What speaks for and against the anchors; null without any.")
    thresholds: tuple[ThresholdEntry, ...] = Field(description="One per grade above the lowest, lowest first.")


class TokenCount(Part):
    """What one model was billed for, all attempts."""

    provider: Name = Field(description="Whose model.")
    model: Name = Field(description="The model.")
    n_attempts: int = Field(ge=0, description="Requests that have their outcome.")
    prompt_tokens: int = Field(ge=0, description="Input tokens, cached ones included.")
    completion_tokens: int = Field(ge=0, description="Output tokens, reasoning included.")
    cached_prompt_tokens: int = Field(ge=0, description="Input tokens read from a cache.")
    cache_write_tokens: int = Field(ge=0, description="Input tokens written to a cache.")
    reasoning_tokens: int = Field(ge=0, description="Output tokens spent on reasoning.")
    cost_usd: float | None = Field(ge=0, description="Cost at the rate of the mode; null where a price is unknown.")


class Costs(Part):
    """What was spent, or in a dry run what is expected to be."""

    total_usd: float = Field(ge=0, description="Known cost of all attempts.")
    possible_usd: float = Field(ge=0, description="Most that attempts without a clear answer can have cost besides.")
    n_unpriced: int = Field(ge=0, description="Answers whose price is unknown, and not part of the total.")
    expected_usd: float | None = Field(ge=0, description="What is still to be asked, as expected; null if unknown.")
    worst_case_usd: float | None = Field(ge=0, description="Most that it can cost; null if unknown.")
    limit_usd: float | None = Field(description="The assessment's cost limit.")
    token_counts: tuple[TokenCount, ...] = Field(description="By provider and model.")
