"""From verdicts to a fitted scale, with the essays' names where the verdicts do not hang together."""

from collections.abc import Sequence

import numpy as np

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.domain.pairing import components
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.scaling.bradley_terry import BradleyTerryFit, fit_bradley_terry


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


def fit_verdicts(snapshot: AssessmentSnapshot, verdicts: Sequence[ComparisonRecord]) -> BradleyTerryFit:
    """Fit the scale, essays in the order of the snapshot.

    Raises:
        DisconnectedError: The verdicts do not link all essays.
        NotConvergedError: The fit stopped short.
    """
    index = essay_index(snapshot)
    first = np.array([index[c.first_id] for c in verdicts], dtype=np.int64)
    second = np.array([index[c.second_id] for c in verdicts], dtype=np.int64)
    won = np.array([c.winner == "first" for c in verdicts], dtype=np.bool_)
    return fit_bradley_terry(first, second, won, len(snapshot.essays))


def reliability(fit: BradleyTerryFit) -> float:
    """Share of the measures' variance that is not error, 0 to 1.

    The measures are posterior means, so the variance of the essays is that of the means plus the mean posterior
    variance.
    """
    spread, error = float(fit.measures.var()), float(np.mean(fit.standard_errors**2))
    return spread / (spread + error)
