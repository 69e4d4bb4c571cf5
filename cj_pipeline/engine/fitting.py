"""From verdicts to a fitted scale, with the essays' names where the verdicts do not hang together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.domain.pairing import components
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.domain.verdicts import STRENGTHS
from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.scaling.comparison_data import ComparisonData, comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions

VERDICTS_FOR_OWN_EFFECT: Final = 30
"""Verdicts from which a judge's own position effect is worth fitting: its standard error is then near 0.4 logits."""

STOPPING_PRIOR_SD: Final = 2.0
"""Least standard deviation of the prior where a rule for stopping is judged, logits."""


def judged(comparisons: Sequence[ComparisonRecord]) -> list[ComparisonRecord]:
    """Comparisons that have a verdict."""
    return [c for c in comparisons if c.status == Outcome.OK]


def essay_index(snapshot: AssessmentSnapshot) -> dict[str, int]:
    """Place of every essay in the snapshot, by id."""
    return {essay.essay_id: i for i, essay in enumerate(snapshot.essays)}


def cut_off(snapshot: AssessmentSnapshot, verdicts: Sequence[ComparisonRecord]) -> tuple[str, ...]:
    """Ids of the essays that no verdict links, directly or through others, with the largest group."""
    index = essay_index(snapshot)
    _, *others = components(len(index), [(index[c.first_id], index[c.second_id]) for c in verdicts])
    return tuple(sorted(snapshot.essays[i].essay_id for group in others for i in group))


@dataclass(frozen=True, slots=True)
class VerdictScale:
    """A scale fitted to verdicts, with what it was fitted to.

    Attributes:
        data: The verdicts as arrays, essays in the order of the snapshot.
        judges: Names of the judges, in the order of `data`.
        options: What was fitted.
        fit: The scale.
    """

    data: ComparisonData
    judges: tuple[str, ...]
    options: ScaleOptions
    fit: ScaleFit


def verdict_data(
    snapshot: AssessmentSnapshot, verdicts: Sequence[ComparisonRecord]
) -> tuple[ComparisonData, tuple[str, ...]]:
    """Verdicts as arrays, six ordered categories each (who won, how clearly), and the judges' names in their order."""
    index, judges = essay_index(snapshot), tuple(sorted({c.judge for c in verdicts}))
    place = {name: i for i, name in enumerate(judges)}
    n_strengths = len(STRENGTHS)
    data = comparison_data(
        [index[c.first_id] for c in verdicts],
        [index[c.second_id] for c in verdicts],
        [n_strengths - 1 + c.strength if c.winner == "first" else n_strengths - c.strength for c in verdicts],
        len(snapshot.essays),
        n_categories=(2 * n_strengths,),
        judge=[place[c.judge] for c in verdicts],
        n_judges=max(len(judges), 1),
    )
    return data, judges


def verdict_options(data: ComparisonData) -> ScaleOptions:
    """What is fitted: the position effect, and one for every judge where several judges gave enough verdicts."""
    per_judge = np.bincount(data.judge, minlength=data.n_judges)
    several = np.count_nonzero(per_judge >= VERDICTS_FOR_OWN_EFFECT) > 1
    return ScaleOptions(judge_effects="position" if several else "none")


def fit_verdicts(snapshot: AssessmentSnapshot, verdicts: Sequence[ComparisonRecord]) -> VerdictScale:
    """Fit the scale, essays in the order of the snapshot.

    Raises:
        DisconnectedError: The verdicts do not link all essays.
        NotConvergedError: The fit stopped short.
    """
    data, judges = verdict_data(snapshot, verdicts)
    options = verdict_options(data)
    return VerdictScale(data, judges, options, fit_scale(data, options))


def fit_for_stopping(snapshot: AssessmentSnapshot, verdicts: Sequence[ComparisonRecord], spread: float) -> ScaleFit:
    """Fit as rules for stopping need it, with a prior that is wide whatever the verdicts say so far.

    Where few verdicts do not yet tell the essays apart, their estimated spread is close to zero: all measures are, and
    so are their errors and changes. A rule that believed that would stop before anything is known.

    Args:
        snapshot: The essays.
        verdicts: The verdicts, or those of earlier waves.
        spread: Standard deviation of the prior of the scale that is judged, logits; at least `STOPPING_PRIOR_SD` is
            taken.

    Raises:
        DisconnectedError: The verdicts do not link all essays.
        NotConvergedError: The fit stopped short.
    """
    data, _ = verdict_data(snapshot, verdicts)
    return fit_scale(data, replace(verdict_options(data), prior_sd=max(spread, STOPPING_PRIOR_SD)))
