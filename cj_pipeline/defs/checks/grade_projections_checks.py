"""Checks of the anchors that grades rest on. Whether they block grades is decided with the grades, not here.

A check that blocks in Dagster's sense fails the run and so whatever shares it. Grades are withheld instead, wherever
they are computed: by the daemon, from the command line or by hand. See docs/decisions/0021-grades-are-withheld.md.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from cj_pipeline.defs.assets.grade_projections import grade_projections
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import markdown_table
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.domain.grading import GradingMethod
from cj_pipeline.engine.grade_methods import RESTS_ON_ANCHORS, n_usable_anchors
from cj_pipeline.engine.grades import Grades, grade
from cj_pipeline.engine.rank import Waiting
from cj_pipeline.errors import EstimationError

_NO_NEED = "Boundaries do not rest on anchors here."
_NONE = "There are no anchors to be checked, and no grades that rest on them."

_WHAT: Mapping[str, str] = {
    "two_grades_are_anchored": "Anchors of at least two grades are there, or boundaries do not rest on anchors. A "
    "boundary is found between anchors on both of its sides. Fails where grades are refused for that; an assessment "
    "without any anchors passes, and has no grades.",
    "anchors_are_enough": "No grades are set from fewer anchors than `grading.min_anchors`. Fails where grades are "
    "refused for that.",
    "anchors_are_in_order": "Anchors of a higher grade have higher measures. Warns and names those that do not; where "
    "one lies lower by more than errors of measurement explain, the grades are withheld and this fails. The ranking "
    "stays.",
    "anchors_foretell_each_other": "Every anchor's grade, found from the other anchors alone, is at most one grade "
    "off. Warns where it is not; where guessing the commonest grade would do as well, the grades are withheld and this "
    "fails. The ranking stays.",
}


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(name, asset=grade_projections, description=text, partitions_def=ASSESSMENTS)
        for name, text in _WHAT.items()
    ],
    can_subset=True,
)
def anchor_checks(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> Iterator[dg.AssetCheckResult]:
    """Check the anchors of an assessment once, for all checks that were asked for."""
    with operator_failures():
        try:
            grades: Grades | Waiting | str = grade(pipeline.bench().engine, context.partition_key)
        except EstimationError as error:
            grades = str(error)
    for key in context.selected_asset_check_keys:
        yield _result(key, grades)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a check found: whether its statement holds, what to say if not, figures, and whether grades hang on it."""

    passed: bool
    text: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)
    blocks: bool = False


def _result(key: dg.AssetCheckKey, grades: Grades | Waiting | str) -> dg.AssetCheckResult:
    if isinstance(grades, str):
        found = _Found(passed=False, text=grades, blocks=True)
    elif isinstance(grades, Waiting):
        found = _Found(passed=False, text=f"Not ready yet: {grades.reason}")
    else:
        found = _JUDGED[key.name](grades)
    return dg.AssetCheckResult(
        passed=found.passed,
        asset_key=key.asset_key,
        check_name=key.name,
        severity=dg.AssetCheckSeverity.ERROR if found.blocks else dg.AssetCheckSeverity.WARN,
        description=found.text,
        metadata=found.figures,
    )


def _two_grades(grades: Grades) -> _Found:
    known = {essay.anchor_grade for essay in grades.essays.snapshot.essays} - {None}
    figures = {"n_anchored_grades": len(known), "evidence": _by_grade(grades)}
    if grades.method is not GradingMethod.ANCHORS:
        return _Found(passed=True, text=_NO_NEED, figures=figures)
    if not known:
        return _Found(passed=True, text=_NONE, figures=figures)
    return _Found(passed=len(known) > 1, text="" if len(known) > 1 else grades.status, figures=figures, blocks=True)


def _by_grade(grades: Grades) -> dg.MarkdownMetadataValue:
    """How many anchors each grade has, highest first."""
    counts = Counter(essay.anchor_grade for essay in grades.essays.snapshot.essays if essay.anchor_grade)
    others = sorted(set(counts) - set(grades.scale.levels))
    rows = [(label, counts[label]) for label in (*reversed(grades.scale.levels), *others)]
    return dg.MetadataValue.md(markdown_table(("grade", "anchors"), rows))


def _enough(grades: Grades) -> _Found:
    n_anchors, needed = n_usable_anchors(grades.essays), grades.essays.snapshot.assessment.grading.min_anchors
    figures = {"n_anchors": n_anchors, "min_anchors": needed, "evidence": _by_grade(grades)}
    if grades.method not in RESTS_ON_ANCHORS:
        return _Found(passed=True, text=_NO_NEED, figures=figures)
    if not n_anchors:
        return _Found(passed=True, text=_NONE, figures=figures)
    return _Found(n_anchors >= needed, "" if n_anchors >= needed else grades.status, figures, blocks=True)


def _in_order(grades: Grades) -> _Found:
    evidence = grades.evidence
    if evidence is None:
        return _Found(passed=True, text=_NONE)
    pairs = [evidence.names(found) for found in evidence.by_measure]
    figures = {
        "n_inversions_by_measure": len(pairs),
        "n_inversions_beyond_errors": len(evidence.unexplained),
        "n_direct_inversions": len(evidence.direct),
        "inverted": dg.MetadataValue.md("\n".join(f"- {lower} above {higher}" for lower, higher in pairs) or "none"),
    }
    blocks = bool(evidence.unexplained) and grades.method in RESTS_ON_ANCHORS
    text = grades.status if blocks else "Errors of measurement may explain every inversion. Check the anchors' grades."
    return _Found(not pairs, text if pairs else "", figures, blocks)


def _foretell(grades: Grades) -> _Found:
    evidence = grades.evidence
    if evidence is None or not evidence.foretold.tried.any():
        return _Found(passed=True, text=_NONE if evidence is None else "Too few anchors to leave one out.")
    figures = {
        "n_anchors_left_out": int(evidence.foretold.tried.sum()),
        "n_right": evidence.right,
        "mean_error": round(evidence.foretold.mean_error, 4),
        "mean_error_of_guessing": round(evidence.foretold.guess_error, 4),
    }
    if evidence.no_better_than_guessing and grades.method in RESTS_ON_ANCHORS:
        return _Found(passed=False, text=grades.status, figures=figures, blocks=True)
    far = ", ".join(evidence.far_off)
    text = f"More than one grade off: {far}. Check their grades, or add anchors of those grades." if far else ""
    return _Found(not far, text, figures)


_JUDGED: Mapping[str, Callable[[Grades], _Found]] = {
    "two_grades_are_anchored": _two_grades,
    "anchors_are_enough": _enough,
    "anchors_are_in_order": _in_order,
    "anchors_foretell_each_other": _foretell,
}
