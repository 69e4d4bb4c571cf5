"""Whether common parameters run away without a prior, as a linear programme.

A direction in which no answer becomes less likely, and some more, has no end: the most likely point lies at infinity.
With a direction of measures, position effects and widths, the advantage d changes by d', the cut points around an
answer by l' and u', and no answer suffers where d' >= l' (unless l is -inf) and d' <= u' (unless u is inf).

References:
    Albert and Anderson (1984), "On the existence of maximum likelihood estimates in logistic regression models",
    Biometrika 71, 1-10, https://doi.org/10.1093/biomet/71.1.1.
"""

from typing import Final

import numpy as np
from scipy import sparse

from cj_pipeline.errors import SeparatedError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.posterior import Posterior

FAR: Final = 12.0
"""An advantage of so many logits is looked into: answers there are decided but for one in 160,000."""
_GAIN = 1e-6


def require_bounded(model: Posterior, x: Floats) -> None:
    """Refuse a fit without a prior that was on its way to infinity.

    Args:
        model: What was fitted.
        x: Where the fit ended; only a point with an advantage beyond `FAR` is looked into.

    Raises:
        SeparatedError: The position effect or the widths of categories have no finite most likely value.
    """
    advantage, _, _ = model.advantage(x)
    if np.max(np.abs(advantage), initial=0.0) > FAR:
        refuse_separated(model)


def refuse_separated(model: Posterior) -> None:
    """Refuse comparisons that have no finite most likely scale.

    Raises:
        SeparatedError: The position effect or the widths of categories have no finite most likely value.
    """
    if _gain(model) > _GAIN:
        raise SeparatedError(
            "maximum likelihood has no finite scale: every comparison agrees with some order of the essays once the "
            "advantage of being shown first (or of a strong answer) is large enough. Give the measures a prior "
            "(prior_sd above 0), or leave the position effect out."
        )


def _gain(model: Posterior) -> float:
    """How much answers gain along the best direction, each counted up to one."""
    from scipy.optimize import linprog  # noqa: PLC0415 (a quarter of a second, and hardly ever needed)

    constraint = sparse.csr_array(sparse.vstack(_sides(model)))
    n_rows, n_columns = constraint.shape
    # Gains t of every side are bought by the direction v: t <= A v, 0 <= t <= 1.
    matrix = sparse.hstack([-constraint, sparse.eye_array(n_rows)])
    n_signed = n_columns - model.layout.n_widths
    bounds = [(-1e3, 1e3)] * n_signed + [(0, 1e3)] * model.layout.n_widths + [(0, 1)] * n_rows
    cost = np.concatenate([np.zeros(n_columns), -np.ones(n_rows)])
    found = linprog(  # type: ignore[call-overload] # the stubs do not know that sparse matrices are taken
        cost, A_ub=matrix, b_ub=np.zeros(n_rows), bounds=bounds, method="highs"
    )
    return -float(found.fun)


def _sides(model: Posterior) -> list[sparse.csr_array]:
    """Change of d - l and of u - d with a direction, for the sides that are finite."""
    m, layout, cuts = len(model.first), model.layout, model.cuts
    rows = np.arange(m)
    measures = sparse.coo_array(
        (np.repeat([1.0, -1.0], m), (np.tile(rows, 2), np.concatenate([model.first, model.second]))),
        shape=(m, layout.n_essays),
    )
    position, group = model.common.position, model.common.position_group
    position = np.repeat(position, m, axis=0) if len(position) == 1 else position[group]
    above, below = cuts.lower_base[model.code] == 0, cuts.upper_base[model.code] == 0
    moved: sparse.csr_array = sparse.csr_array(sparse.hstack([measures, sparse.csr_array(position)]))
    lower, upper = sparse.csr_array(-cuts.lower[model.code][above]), sparse.csr_array(cuts.upper[model.code][below])
    return [
        sparse.csr_array(sparse.hstack([moved[above], lower])),
        sparse.csr_array(sparse.hstack([-moved[below], upper])),
    ]
