"""Grade: from a ranking to grades, with their probabilities and what speaks for and against them."""

from dataclasses import dataclass

from cj_pipeline.domain.grade_scales import GradeScale
from cj_pipeline.domain.grading import GradingMethod
from cj_pipeline.engine.anchor_evidence import AnchorEvidence, gather_evidence
from cj_pipeline.engine.grade_methods import RESTS_ON_ANCHORS, Placed, place_grades
from cj_pipeline.engine.grade_reasons import NoGrades, ReasonKind
from cj_pipeline.engine.measured import MeasuredEssays, measured
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.rank import Ranking, Waiting, rank


@dataclass(frozen=True, slots=True)
class Grades:
    """What a ranking says about grades.

    Attributes:
        ranking: The ranking.
        essays: Its essays with their measures.
        placed: The grades; None where there are none.
        evidence: What speaks for and against the anchors; None where no grade is known.
        reasons: Why no grades are given; empty if they are.
    """

    ranking: Ranking
    essays: MeasuredEssays
    placed: Placed | None
    evidence: AnchorEvidence | None
    reasons: tuple[NoGrades, ...]

    @property
    def refusal(self) -> str:
        """Why there are no grades, in words for people; empty if there are."""
        return " ".join(reason.text for reason in self.reasons if not reason.withholds)

    @property
    def withheld(self) -> tuple[str, ...]:
        """Why grades were computed and are not given out, in words for people; empty if they are."""
        return tuple(reason.text for reason in self.reasons if reason.withholds)

    @property
    def scale(self) -> GradeScale:
        """The grade scale."""
        return self.essays.snapshot.assessment.scale

    @property
    def method(self) -> GradingMethod:
        """How the boundaries were set."""
        return self.essays.snapshot.assessment.grading.method

    @property
    def given(self) -> Placed | None:
        """The grades that are given out; None where there are none or they are withheld."""
        return None if self.withheld else self.placed

    @property
    def status(self) -> str:
        """Whether there are grades, and if not, why, in words for people."""
        if self.refusal:
            return f"no grades: {self.refusal}"
        if self.withheld:
            return f"no grades, they are withheld: {' '.join(self.withheld)}"
        return "grades" if self.ranking.is_final else "grades, not final: the ranking is not"


def grade(engine: Engine, name: str) -> Grades | Waiting:
    """Grade the essays of an assessment as its ranking stands.

    Returns:
        The grades, or why there are none; or what the ranking waits for.

    Raises:
        CjError: As `rank` does.
    """
    ranking = rank(engine, name)
    return ranking if isinstance(ranking, Waiting) else grade_ranking(ranking)


def grade_ranking(ranking: Ranking) -> Grades:
    """Grade the essays of a ranking."""
    essays = measured(ranking)
    placed = place_grades(essays)
    if not isinstance(placed, Placed):
        return Grades(ranking, essays, None, None, (placed,))
    evidence = gather_evidence(essays, placed, ranking.pairs.comparisons)
    return Grades(ranking, essays, placed, evidence, _withheld(essays, evidence))


def _withheld(essays: MeasuredEssays, evidence: AnchorEvidence | None) -> tuple[NoGrades, ...]:
    """Why grades that rest on these anchors are not given out."""
    assessment = essays.snapshot.assessment
    if evidence is None or assessment.grading.method not in RESTS_ON_ANCHORS:
        return ()
    reasons = [_inverted(essays, evidence)] if evidence.unexplained else []
    return (*reasons, _guessing(evidence)) if evidence.no_better_than_guessing else tuple(reasons)


def _inverted(essays: MeasuredEssays, evidence: AnchorEvidence) -> NoGrades:
    worst = evidence.unexplained[0]
    (lower, higher), levels = evidence.names(worst), essays.snapshot.assessment.scale.levels
    low, high = (levels[evidence.anchors.levels[i]] for i in (worst.lower, worst.higher))
    text = (
        f"{lower} ({low}) was judged better than {higher} ({high}) by {worst.gap:.2f} logits, with a standard "
        f"error of {worst.gap_error:.2f}: more than errors of measurement explain. Check the grades of both, or "
        "take one out of anchors.csv."
    )
    figures = {"lower": lower, "lower_grade": low, "higher": higher, "higher_grade": high}
    return NoGrades(ReasonKind.INVERSION, text, {**figures, "gap": worst.gap, "gap_error": worst.gap_error})


def _guessing(evidence: AnchorEvidence) -> NoGrades:
    error, guess = evidence.foretold.mean_error, evidence.foretold.guess_error
    text = (
        f"the anchors foretell each other no better (off by {error:.2f} grades on average) than guessing the commonest "
        f"grade would ({guess:.2f}). Check their grades, or add anchors."
    )
    return NoGrades(ReasonKind.NO_BETTER_THAN_GUESSING, text, {"error": error, "guess": guess})
