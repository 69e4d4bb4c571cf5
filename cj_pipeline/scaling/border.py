"""Second derivatives of the log-likelihood that belong to common parameters.

Every kind of common parameter moves the advantage of a row by its lean: 1 for a position effect, the stretched
distance for a log-discrimination. The widths of the categories move the cut points instead. The advantage is not
linear in a log-discrimination, so the score of a row enters there too; Gauss and Newton leave it out.
"""

from dataclasses import dataclass

import numpy as np

from cj_pipeline.scaling.arrays import Floats, Ints, sum_by
from cj_pipeline.scaling.posterior import Evaluation, Posterior


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of common parameter.

    Attributes:
        place: Where it stands among the common parameters.
        matrix: Group effects from free numbers, shape (n_groups, n_free).
        group: Group of every row.
        lean: Change of the advantage with the effect of the row's group, shape (n_rows,); None: 1.
    """

    place: slice
    matrix: Floats
    group: Ints
    lean: Floats | None

    def leaning(self, rows: Floats) -> Floats:
        return rows if self.lean is None else rows * self.lean

    def sum(self, rows: Floats) -> Floats:
        """Sum over the rows of every group, shape (n_groups,)."""
        n = len(self.matrix)
        return np.array([rows.sum()]) if n == 1 else sum_by(self.group, rows, n)


def border_and_corner(
    posterior: Posterior, at: Evaluation, balance: Floats, *, gauss_newton: bool = False
) -> tuple[Floats, Floats]:
    """Negative second derivatives between measures and common parameters, and among the latter.

    Args:
        posterior: What was evaluated.
        at: Where.
        balance: Information about the distance of an essay's comparisons, minus those where it stands second, shape
            (n_essays,): the border of a single position effect.
        gauss_newton: Whether the second derivatives of the advantage itself are left out.

    Returns:
        Shapes (n_essays, n_common) and (n_common, n_common).
    """
    n, n_common = posterior.layout.n_essays, posterior.layout.n_common
    border, corner = np.zeros((n, n_common)), np.zeros((n_common, n_common))
    kinds = _kinds(posterior, at)
    for kind in kinds:
        rows = kind.leaning(at.terms.curvature)
        single = len(kind.matrix) == 1 and at.slope is None
        spread = balance[:, None] if single else _spread(posterior, kind, _sloped(rows, at))
        border[:, kind.place] = spread @ kind.matrix
        for other in kinds:
            corner[kind.place, other.place] = kind.matrix.T @ _cross(kind, other, other.leaning(rows)) @ other.matrix
        if kind.lean is not None and not gauss_newton:
            border[:, kind.place] -= _spread(posterior, kind, _sloped(at.terms.score, at)) @ kind.matrix
            bent = kind.sum(kind.leaning(at.terms.score))
            corner[kind.place, kind.place] -= kind.matrix.T @ (bent[:, None] * kind.matrix)
    _put_widths(posterior, at, kinds, border, corner)
    return border, corner


def _kinds(posterior: Posterior, at: Evaluation) -> list[_Kind]:
    common, layout, kinds = posterior.common, posterior.layout, []
    if common.position_group is not None:
        kinds.append(_Kind(layout.position, common.position, common.position_group, None))
    if common.discrimination_group is not None and at.slope is not None and at.distance is not None:
        lean = at.slope * at.distance
        kinds.append(_Kind(layout.discrimination, common.discrimination, common.discrimination_group, lean))
    return kinds


def _sloped(rows: Floats, at: Evaluation) -> Floats:
    return rows if at.slope is None else rows * at.slope


def _spread(posterior: Posterior, kind: _Kind, rows: Floats) -> Floats:
    """Sum over the rows of every essay and group, rows where it stands second with a minus."""
    n, n_groups = posterior.layout.n_essays, len(kind.matrix)
    if n_groups == 1:
        return posterior.spread(rows)[:, None]
    found = sum_by(posterior.first * n_groups + kind.group, rows, n * n_groups)
    found -= sum_by(posterior.second * n_groups + kind.group, rows, n * n_groups)
    return found.reshape(n, n_groups)


def _cross(kind: _Kind, other: _Kind, rows: Floats) -> Floats:
    n, n_other = len(kind.matrix), len(other.matrix)
    if n == 1:
        return other.sum(rows)[None, :]
    if n_other == 1:
        return kind.sum(rows)[:, None]
    return sum_by(kind.group * n_other + other.group, rows, n * n_other).reshape(n, n_other)


def _put_widths(posterior: Posterior, at: Evaluation, kinds: list[_Kind], border: Floats, corner: Floats) -> None:
    place, cuts, terms = posterior.layout.widths, posterior.cuts, at.terms
    if terms.at_upper is None or terms.at_lower is None:
        return
    for i, column in enumerate(range(place.start, place.stop)):
        upper, lower = cuts.upper[:, i], cuts.lower[:, i]
        rows = -(terms.at_upper * upper[posterior.code] + terms.at_lower * lower[posterior.code])
        border[:, column] = posterior.spread(_sloped(rows, at))
        for kind in kinds:
            found = kind.matrix.T @ kind.sum(kind.leaning(rows))
            corner[kind.place, column] = corner[column, kind.place] = found
    _, _, up_up, low_low, up_low = terms.by_code
    mixed = cuts.upper.T @ (up_low[:, None] * cuts.lower)
    among = cuts.upper.T @ (up_up[:, None] * cuts.upper) + cuts.lower.T @ (low_low[:, None] * cuts.lower)
    corner[place, place] = among - mixed - mixed.T
