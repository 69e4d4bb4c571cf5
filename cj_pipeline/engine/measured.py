"""Essays with their measures, as grading needs them: the one place where it reads the fitted scale."""

from dataclasses import dataclass

import numpy as np

from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.quasi_variances import error_variances


@dataclass(frozen=True, slots=True)
class MeasuredEssays:
    """Essays and their places on the scale, in the order of the snapshot.

    Attributes:
        snapshot: The essays, and what the assessment chooses.
        measures: Logits, shape (n_essays,).
        standard_errors: Logits, same shape.
        variances: Error variances, to be added up for differences, same shape.
        n_comparisons: Comparisons of each, same shape.
        n_wins: Comparisons won by each, same shape.
    """

    snapshot: AssessmentSnapshot
    measures: Floats
    standard_errors: Floats
    variances: Floats
    n_comparisons: Floats
    n_wins: Floats

    def place(self, essay_id: str) -> int:
        """Place of an essay among the others.

        Raises:
            ValueError: There is no such essay.
        """
        return [essay.essay_id for essay in self.snapshot.essays].index(essay_id)


def measured(ranking: Ranking) -> MeasuredEssays:
    """The essays of a ranking with their measures."""
    fit = ranking.fit
    return MeasuredEssays(
        snapshot=ranking.pairs.snapshot,
        measures=fit.measures,
        standard_errors=fit.standard_errors,
        variances=error_variances(fit.standard_errors, fit.covariance),
        n_comparisons=np.asarray(fit.n_comparisons, dtype=np.float64),
        n_wins=np.asarray(fit.n_wins, dtype=np.float64),
    )
