"""The quality of an assessment's scale: figures with the essays' and judges' names, and what its design lets expect.

The figures themselves come from `scaling`. What does not belong here: what follows from them (the asset checks).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.domain.verdicts import STRENGTHS
from cj_pipeline.engine.fitting import VerdictScale, essay_index
from cj_pipeline.engine.people_arrays import PERSON
from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.expected_errors import ExpectedErrors, expected_errors
from cj_pipeline.scaling.fit_statistics import Misfit
from cj_pipeline.scaling.judge_agreement import agreement_between
from cj_pipeline.scaling.misfit_bands import Bands
from cj_pipeline.scaling.proportions import Share, share
from cj_pipeline.scaling.quality_flags import QualityThresholds, quality_flags
from cj_pipeline.scaling.scale_fit import ScaleFit
from cj_pipeline.scaling.scale_quality import ScaleQuality, scale_quality
from cj_pipeline.scaling.text_length import Correlation, correlation_beyond_quality, correlation_with_length

_ABOVE_OR_BELOW: Final = {1: "above", -1: "below", 0: ""}
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Quality:
    """What can be said about the quality of a ranking.

    Attributes:
        scale: Fit statistics and reliabilities.
        judges: Names of the judges, by judge index.
        expected: Standard errors that the planned comparisons let expect at the fitted spread, logits.
        flags: The reference system's flags.
        people_and_models: Agreement of people with models on pairs that both judged; None where there are none.
        length: Correlation of measures with numbers of words.
        length_beyond_quality: The same among anchors of the same grade.
        is_adaptive: Whether later pairs were chosen by earlier answers.
    """

    scale: ScaleQuality
    judges: tuple[str, ...]
    expected: ExpectedErrors
    flags: dict[str, bool]
    people_and_models: Share | None
    length: Correlation
    length_beyond_quality: Correlation
    is_adaptive: bool


def ranking_quality(
    snapshot: AssessmentSnapshot,
    planned: Sequence[ComparisonRecord],
    scale: VerdictScale,
    thresholds: QualityThresholds,
    max_waves: int | None,
) -> Quality:
    """Judge a fitted scale.

    Args:
        snapshot: Essays and settings.
        planned: Every planned comparison, with a verdict or without.
        scale: The scale and the verdicts it was fitted to.
        thresholds: Where the reference system's flags are raised.
        max_waves: Most waves; None: as many as the budget allows.
    """
    fit, data = scale.fit, scale.data
    rng = np.random.default_rng([snapshot.assessment.seed, len(data)])
    words = np.array([essay.n_words for essay in snapshot.essays], dtype=np.float64)
    return Quality(
        scale=scale_quality(fit, data, rng),
        judges=scale.judges,
        expected=_expected(snapshot, planned, fit, rng),
        flags=quality_flags(fit.standard_errors, fit.n_comparisons, thresholds),
        people_and_models=_people_and_models(scale),
        length=correlation_with_length(fit.measures, words),
        length_beyond_quality=correlation_beyond_quality(fit.measures, words, _known_grades(snapshot)),
        is_adaptive=is_adaptive(snapshot, planned, max_waves),
    )


def _people_and_models(scale: VerdictScale) -> Share | None:
    people = [name.startswith(PERSON) for name in scale.judges]
    if all(people) or not any(people):
        return None
    found = agreement_between(scale.data, np.array(people, dtype=np.int64))
    return next((each.same for each in found if each.one != each.other), None)


def is_adaptive(snapshot: AssessmentSnapshot, planned: Sequence[ComparisonRecord], max_waves: int | None) -> bool:
    """Whether later waves chose their pairs by the answers of earlier ones.

    With one wave only, what is planned later is for essays that were added, and follows no answers.
    """
    by_answers = snapshot.assessment.next_wave_design != "regular" and max_waves != 1
    return by_answers and len({c.wave for c in planned}) > 1


def _expected(
    snapshot: AssessmentSnapshot, planned: Sequence[ComparisonRecord], fit: ScaleFit, rng: np.random.Generator
) -> ExpectedErrors:
    index = essay_index(snapshot)
    first = np.array([index[c.first_id] for c in planned], dtype=np.int64)
    second = np.array([index[c.second_id] for c in planned], dtype=np.int64)
    sd = fit.prior_sd
    # What is planned is asked of models, who say how clearly; people only say which, in a format with fewer categories.
    cuts = max(fit.cut_points, key=len)
    return expected_errors(first, second, len(snapshot.essays), sd, rng, cuts=cuts, prior_sd=sd)


def _known_grades(snapshot: AssessmentSnapshot) -> Floats:
    """Place of every anchor's grade on the grade scale, NaN for other essays."""
    place = {grade: float(i) for i, grade in enumerate(snapshot.assessment.grades)}
    return np.array([place.get(essay.anchor_grade or "", np.nan) for essay in snapshot.essays])


def fit_columns(found: Misfit, bands: Bands) -> dict[str, object]:
    """Columns of a table: infit and outfit with their bands, and on which side of them a row lies."""
    return {
        "infit": found.infit,
        "infit_low": bands.infit_low,
        "infit_high": bands.infit_high,
        "outfit": found.outfit,
        "outfit_low": bands.outfit_low,
        "outfit_high": bands.outfit_high,
        "misfit": [_ABOVE_OR_BELOW[side] for side in bands.outside(found).tolist()],
    }


def judges_table(quality: Quality, verdicts: VerdictScale) -> pd.DataFrame:
    """One row per judge with a verdict: fit, agreement, and how often it preferred the essay shown first."""
    scale, others, fit, data = quality.scale, _with_others(quality), verdicts.fit, verdicts.data
    return pd.DataFrame(
        {
            "judge": list(quality.judges),
            "n_comparisons": np.rint(np.bincount(data.judge, data.weight, data.n_judges)).astype(np.int64),
            **fit_columns(scale.judges, scale.judge_bands),
            "agrees_with_scale": [row.observed.value for row in scale.with_scale],
            "agreement_expected": [row.expected for row in scale.with_scale],
            "agrees_with_others": [s.value for s in others],
            "n_common_pairs": [s.n for s in others],
            "first_share": _first_share(data),
            "position_effect": fit.position_effect + fit.judge_position,
            "discrimination": fit.judge_discrimination,
        }
    )


def _with_others(quality: Quality) -> list[Share]:
    """Agreement of every judge with all other judges together, on common pairs."""
    n, same = np.zeros(len(quality.judges)), np.zeros(len(quality.judges))
    for pair in quality.scale.between:
        for judge in (pair.one, pair.other):
            n[judge] += pair.same.n
            same[judge] += pair.same.n * pair.same.value
    return [share(s, m) for s, m in zip(same.tolist(), n.tolist(), strict=True)]


def _first_share(data: ComparisonData) -> Floats:
    won = _HALF + _HALF * np.sign(data.share - _HALF)
    with np.errstate(invalid="ignore"):
        every = np.bincount(data.judge, data.weight, data.n_judges)
        return np.asarray(np.bincount(data.judge, data.weight * won, data.n_judges) / every, dtype=np.float64)


def _strengths(data: ComparisonData, rows: Ints) -> list[str]:
    """Strength of the verdict in every row; empty for people, who are not asked for it."""
    n = len(STRENGTHS)
    category, kinds = data.category[rows], np.asarray(data.n_categories)[data.response_format[rows]]
    steps = np.where(category >= n, category - n, n - 1 - category)
    return [STRENGTHS[k] if kind == 2 * n else "" for k, kind in zip(steps.tolist(), kinds.tolist(), strict=True)]


def surprising_comparisons(quality: Quality, verdicts: VerdictScale, snapshot: AssessmentSnapshot) -> pd.DataFrame:
    """The comparisons that the scale expected least, most surprising first."""
    found, fit, data = quality.scale.surprises, verdicts.fit, verdicts.data
    names = [essay.essay_id for essay in snapshot.essays]
    rows = found.row
    preferred_first = data.share[rows] > _HALF
    return pd.DataFrame(
        {
            "preferred": [names[i] for i in np.where(preferred_first, data.first[rows], data.second[rows])],
            "other": [names[i] for i in np.where(preferred_first, data.second[rows], data.first[rows])],
            "judge": [quality.judges[j] for j in data.judge[rows]],
            "strength": _strengths(data, rows),
            "chance": found.chance,
            "distance": np.abs(fit.measures[data.first[rows]] - fit.measures[data.second[rows]]),
            "residual": np.abs(found.residual),
        }
    )
