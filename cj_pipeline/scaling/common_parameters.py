"""The parameters that many comparisons share: position effect, judges' effects, widths of the categories.

Judges' effects are differences between judges: they sum to zero over the judges that answered, so the common position
effect and the unit of the scale stay what they are. They are fitted as contrasts, which are free numbers.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import linalg

from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.scale_fit import ScaleOptions

POSITION_PRIOR_SD: Final = 2.0
"""Standard deviation of the prior on the position effect, logits: wide beside the effects of up to 1.6 seen with model
judges, and enough to keep it finite where the essay shown first won everything."""
JUDGE_POSITION_PRIOR_SD: Final = 1.0
"""Standard deviation of the prior on a judge's position effect beside the common one, logits."""
JUDGE_DISCRIMINATION_PRIOR_SD: Final = 0.5
"""Standard deviation of the prior on the natural logarithm of a judge's discrimination: two judges in three within a
factor of 1.6."""

_NO_GROUPS: Final[Ints] = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class CommonParameters:
    """How free numbers make the position effects and log-discriminations of all judges.

    Attributes:
        position_group: Position effect of every row, by index; empty for a single one; None: none is fitted.
        position: Position effects from free numbers, shape (n_groups, n_free).
        discrimination_group: Log-discrimination of every row, by index; None where none is fitted.
        discrimination: Log-discriminations from free numbers, shape (n_judges, n_free).
        with_common_position: Whether the first free number of `position` is the common position effect.
    """

    position_group: Ints | None
    position: Floats
    discrimination_group: Ints | None
    discrimination: Floats
    with_common_position: bool

    @property
    def precision(self) -> Floats:
        """Prior precision of all free numbers: position effects, then log-discriminations."""
        n_own = self.position.shape[1] - self.with_common_position
        sds = [POSITION_PRIOR_SD] * self.with_common_position + [JUDGE_POSITION_PRIOR_SD] * n_own
        sds += [JUDGE_DISCRIMINATION_PRIOR_SD] * self.discrimination.shape[1]
        return np.asarray(sds, dtype=np.float64) ** -2


def common_parameters(data: ComparisonData, options: ScaleOptions, order: Ints) -> CommonParameters:
    """The free numbers that the options ask for, with the rows in a given order."""
    contrasts = _contrasts(data)
    own_position = options.judge_effects in {"position", "both"} and data.n_judges > 1
    own_discrimination = options.judge_effects in {"discrimination", "both"} and data.n_judges > 1
    n_groups = data.n_judges if own_position else 1
    columns = [np.ones((n_groups, 1))] if options.position_effect else []
    columns += [contrasts] if own_position else []
    return CommonParameters(
        position_group=(data.judge[order] if own_position else _NO_GROUPS) if columns else None,
        position=np.hstack(columns) if columns else np.zeros((n_groups, 0)),
        discrimination_group=data.judge[order] if own_discrimination else None,
        discrimination=contrasts if own_discrimination else np.zeros((data.n_judges, 0)),
        with_common_position=options.position_effect,
    )


def _contrasts(data: ComparisonData) -> Floats:
    """Orthonormal contrasts between the judges that answered; zero for the others. Shape (n_judges, n_answered - 1)."""
    answered = np.flatnonzero(np.bincount(data.judge, minlength=data.n_judges))
    found = np.zeros((data.n_judges, max(len(answered) - 1, 0)))
    if len(answered) > 1:
        found[answered] = linalg.helmert(len(answered)).T
    return found
