"""How an assessment's grades are set: by anchors, by linking, by percentages, or by a person's call."""

from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from cj_pipeline.domain.grade_scales import GradeScale
from cj_pipeline.domain.grading import GradingMethod
from cj_pipeline.engine.grade_reasons import NoGrades, ReasonKind
from cj_pipeline.engine.measured import MeasuredEssays
from cj_pipeline.scaling.anchors import Anchors
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.leave_one_out import LeftOut, leave_one_out
from cj_pipeline.scaling.linking import FEWEST_FOR_SLOPE, Link, link, project_linked
from cj_pipeline.scaling.ordinal_model import OrdinalModel, Shares
from cj_pipeline.scaling.projection import Projection
from cj_pipeline.scaling.set_boundaries import project_called, project_shares

RESTS_ON_ANCHORS = frozenset({GradingMethod.ANCHORS, GradingMethod.KNOWN_MEASURES})
"""Methods whose boundaries are wrong where the anchors are."""


@dataclass(frozen=True, slots=True)
class Placed:
    """Grades, before anyone has asked whether they can be trusted.

    Attributes:
        projection: The grades of all essays.
        anchors: Essays whose grade is known besides.
        foretold: Their grades, found without using them; None without anchors.
        remarks: What is to be known about how the boundaries were set.
    """

    projection: Projection
    anchors: Anchors
    foretold: LeftOut | None
    remarks: tuple[str, ...] = ()


def place_grades(essays: MeasuredEssays) -> Placed | NoGrades:
    """Grades by the method that the assessment chooses."""
    match essays.snapshot.assessment.grading.method:
        case GradingMethod.ANCHORS:
            return _by_anchors(essays)
        case GradingMethod.KNOWN_MEASURES:
            return _by_known_measures(essays)
        case GradingMethod.NATIONAL_PERCENTAGES:
            return _by_percentages(essays)
        case GradingMethod.BOUNDARY_CALL:
            return _by_call(essays)


def n_usable_anchors(essays: MeasuredEssays) -> int:
    """How many anchors the chosen method can use: those of known grade, or those of known measure."""
    linking = essays.snapshot.assessment.grading.method is GradingMethod.KNOWN_MEASURES
    known = (e.known_measure if linking else e.anchor_grade for e in essays.snapshot.essays)
    return sum(value is not None for value in known)


def graded_anchors(essays: MeasuredEssays) -> Anchors:
    """The essays whose grade is known."""
    scale = essays.snapshot.assessment.scale
    known = [(i, essay.anchor_grade) for i, essay in enumerate(essays.snapshot.essays)]
    found = [(i, scale.level(grade)) for i, grade in known if grade is not None]
    places, levels = np.array(found, dtype=np.int64).reshape(-1, 2).T
    return Anchors(places, levels)


def _by_anchors(essays: MeasuredEssays) -> Placed | NoGrades:
    assessment = essays.snapshot.assessment
    anchors, scale, grading = graded_anchors(essays), assessment.scale, assessment.grading
    n_anchors = len(anchors.places)
    if not n_anchors:
        return NoGrades(
            ReasonKind.NO_ANCHORS,
            "no anchors. Write essays of known grade into anchors.csv, or choose another grading.method.",
        )
    if n_anchors < grading.min_anchors:
        return _too_few(n_anchors, grading.min_anchors)
    if anchors.n_grades == 1:
        only = scale.levels[anchors.levels[0]]
        return NoGrades(
            ReasonKind.ONE_GRADE_ONLY,
            f"all {n_anchors} anchors have the grade {only}. A boundary needs anchors on both of its sides.",
            {"n": n_anchors, "grade": only},
        )
    shares = grading.shares(scale)
    known = Shares(np.array(shares), grading.percentages_weight) if shares else None
    model = OrdinalModel(essays.measures, essays.variances, len(scale.levels), known)
    likelihood = model.likelihood(anchors)
    thresholds = model.fit(likelihood)
    projection = thresholds.project(essays.measures, essays.variances)
    foretold = leave_one_out(model, likelihood)
    noise = thresholds.expected_noise
    remarks = [f"Beside errors of measurement, known grades and measures disagree by about {noise:.2f} logits."]
    if known is not None:
        remarks.append(f"The expected shares of the grades count for {known.weight:g} essays.")
    return Placed(projection, anchors, foretold, (*remarks, *_about_coverage(scale, anchors)))


def _too_few(n_anchors: int, needed: int) -> NoGrades:
    counted = f"{n_anchors} anchor{'s' * (n_anchors > 1)}"
    return NoGrades(
        ReasonKind.TOO_FEW_ANCHORS,
        f"{counted}, and grading.min_anchors asks for {needed}. Add anchors, or lower it.",
        {"n": n_anchors, "needed": needed},
    )


def _about_coverage(scale: GradeScale, anchors: Anchors) -> list[str]:
    """Which grades have no anchor, or only one, in words for people."""
    counts = np.bincount(anchors.levels, minlength=len(scale.levels))
    low, high = int(anchors.levels.min()), int(anchors.levels.max())
    missing = np.flatnonzero(counts == 0)
    between = [scale.levels[k] for k in missing if low < k < high]
    beyond = [scale.levels[k] for k in missing if not low < k < high]
    single = [scale.levels[k] for k in np.flatnonzero(counts == 1)]
    lines = []
    if between:
        lines.append(f"No anchor has the grade {_either(between)}: it is placed between its neighbours.")
    if beyond:
        lines.append(
            f"No anchor reaches the grade {_either(beyond)}: its band is taken to be about as wide as the average step "
            "between anchored grades."
        )
    if single:
        lines.append(f"Only one anchor has the grade {_either(single)}; a second one would make grades surer.")
    return lines


def _either(labels: list[str]) -> str:
    return " or ".join([", ".join(labels[:-1]), labels[-1]]) if len(labels) > 1 else labels[0]


def _by_known_measures(essays: MeasuredEssays) -> Placed | NoGrades:
    assessment = essays.snapshot.assessment
    scale, grading = assessment.scale, assessment.grading
    linked = [(i, e) for i, e in enumerate(essays.snapshot.essays) if e.known_measure is not None]
    if not linked:
        return NoGrades(
            ReasonKind.NO_KNOWN_MEASURES, "no anchors with a known measure. Add the column `measure` to anchors.csv."
        )
    if len(linked) < grading.min_anchors:
        return _too_few(len(linked), grading.min_anchors)
    boundaries = np.array([float(grading.boundaries[label]) for label in scale.levels[1:]])
    known = np.array([e.known_measure for _, e in linked], dtype=np.float64)
    levels = [
        int(np.searchsorted(boundaries, value, side="right")) if e.anchor_grade is None else scale.level(e.anchor_grade)
        for value, (_, e) in zip(known, linked, strict=True)
    ]
    anchors = Anchors(np.array([i for i, _ in linked]), np.array(levels, dtype=np.int64))
    errors = np.array([e.known_measure_error for _, e in linked])
    try:
        found = link(known, errors, anchors.places, essays.measures, essays.variances)
    except ValueError as error:
        return NoGrades(
            ReasonKind.NOT_LINKED,
            f"{error}. The anchors' known measures cannot be of this kind of essay; check anchors.csv.",
        )
    projection = project_linked(found, boundaries, essays.measures, essays.variances)
    foretold = _linked_without(essays, boundaries, known, errors, anchors)
    return Placed(projection, anchors, foretold, (_about_link(found, len(linked)),))


def _linked_without(
    essays: MeasuredEssays, boundaries: Floats, known: Floats, errors: Floats, anchors: Anchors
) -> LeftOut:
    """Every anchor graded through a link that was made without it, where the others make one of the same kind."""
    rows = np.full((len(known), len(boundaries) + 1), np.nan)
    for i, place in enumerate(anchors.places):
        rest, one = np.arange(len(known)) != i, slice(place, place + 1)
        if rest.sum() < FEWEST_FOR_SLOPE <= len(known):
            continue
        with suppress(ValueError):
            found = link(known[rest], errors[rest], anchors.places[rest], essays.measures, essays.variances)
            graded = project_linked(found, boundaries, essays.measures[one], essays.variances[one])
            rows[i] = graded.probabilities[0]
    return LeftOut(anchors.levels, rows)


def _about_link(found: Link, n_anchors: int) -> str:
    slope = (
        f"{found.slope:.2f} units of the known scale to a logit"
        if n_anchors >= FEWEST_FOR_SLOPE
        else f"a logit taken as one unit of the known scale (fewer than {FEWEST_FOR_SLOPE} anchors)"
    )
    return f"Linked through {n_anchors} anchors: {slope}, scatter beyond the errors {found.scatter:.2f} units."


def _by_percentages(essays: MeasuredEssays) -> Placed | NoGrades:
    assessment = essays.snapshot.assessment
    students = np.array([not essay.is_anchor for essay in essays.snapshot.essays])
    if not students.any():
        return NoGrades(
            ReasonKind.NO_STUDENTS, "all essays are anchors, so there is no cohort to have the percentages."
        )
    shares = np.array(assessment.grading.shares(assessment.scale))
    rng = np.random.default_rng(assessment.seed)
    projection = project_shares(essays.measures, essays.variances, students, shares, rng)
    return _beside_known(
        essays, projection, f"Cut so that the {int(students.sum())} essays have the percentages named."
    )


def _by_call(essays: MeasuredEssays) -> Placed | NoGrades:
    assessment = essays.snapshot.assessment
    scale, calls = assessment.scale, assessment.grading.boundaries
    at = [calls[label] for label in scale.levels[1:]]
    called = np.array([essays.place(value) if isinstance(value, str) else -1 for value in at], dtype=np.int64)
    boundaries = np.array([essays.measures[i] if i >= 0 else value for i, value in zip(called, at, strict=True)], float)
    falling = np.flatnonzero(np.diff(boundaries) < 0)
    if len(falling):
        k = int(falling[0]) + 1
        return NoGrades(
            ReasonKind.CALLED_OUT_OF_ORDER,
            f"the boundary called for {scale.levels[k + 1]} ({at[k]}, {boundaries[k]:+.2f}) lies below that for "
            f"{scale.levels[k]} ({at[k - 1]}, {boundaries[k - 1]:+.2f}). Call them in the order of the ranking.",
            {
                "upper_grade": scale.levels[k + 1],
                "upper_at": float(boundaries[k]),
                "lower_grade": scale.levels[k],
                "lower_at": float(boundaries[k - 1]),
            },
        )
    projection = project_called(essays.measures, essays.variances, boundaries, called)
    return _beside_known(essays, projection, "Boundaries as a person called them.")


def _beside_known(essays: MeasuredEssays, projection: Projection, remark: str) -> Placed:
    """Grades that did not use the anchors' grades, which they therefore foretell."""
    anchors = graded_anchors(essays)
    foretold = LeftOut(anchors.levels, projection.probabilities[anchors.places]) if len(anchors.places) else None
    return Placed(projection, anchors, foretold, (remark,))
