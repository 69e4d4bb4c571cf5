"""The information matrix of a scale: a weighted graph Laplacian plus the prior, bordered by the common parameters.

It is the exact negative Hessian of the log-posterior. That is positive definite everywhere unless discriminations are
fitted; then it need not be, far from the top. Gauss and Newton's, without the second derivatives of the advantage
itself, whose expectation is zero, never becomes indefinite, and is there to climb by.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse

from cj_pipeline.scaling.arrays import Floats, sum_by
from cj_pipeline.scaling.border import border_and_corner
from cj_pipeline.scaling.posterior import Evaluation, Posterior


class Links:
    """What links measures: the comparisons' weights as a symmetric matrix, never formed but where asked for."""

    def __init__(self, posterior: Posterior, weight: Floats) -> None:
        self._posterior, self._weight = posterior, weight

    @cached_property
    def _one_way(self) -> sparse.csr_array:
        """From the essay shown first to the second; rows of comparisons are in that order already."""
        model = self._posterior
        shape = (model.layout.n_essays, model.layout.n_essays)
        return sparse.csr_array((self._weight, model.second, model.row_start), shape=shape)

    def __call__(self, v: Floats) -> Floats:
        """The matrix times v, shape (n_essays,) or (n_essays, k)."""
        found: Floats = self._one_way @ v
        found += self._one_way.T @ v
        return found

    def squared(self, v: Floats) -> Floats:
        """The matrix of squared entries times v, shape (n_essays,); a pair put several times is one entry."""
        one_way = self._one_way.copy()
        one_way.sum_duplicates()
        both_ways = one_way.multiply(one_way.T.tocsr())
        one_way.data **= 2
        found: Floats = one_way @ v + one_way.T @ v + 2.0 * (both_ways @ v)
        return found

    def one_way_dense(self) -> Floats:
        """From first to second, shape (n_essays, n_essays); the matrix is this plus its transpose."""
        n, model = self._posterior.layout.n_essays, self._posterior
        return sum_by(model.first * n + model.second, self._weight, n * n).reshape(n, n)


@dataclass(frozen=True, slots=True)
class Information:
    """Negative second derivatives of the log-posterior at a point.

    Attributes:
        posterior: What was evaluated.
        row_weight: Information of every comparison about the distance of its essays, shape (n_rows,).
        likelihood_diagonal: Information of the comparisons about every measure, all others known, shape (n_essays,).
        precision: Prior precision of the measures.
        border: Between measures and common parameters, shape (n_essays, n_common).
        corner: Among the common parameters, shape (n_common, n_common).
        links: Off-diagonal part for the measures, with the sign turned.
    """

    posterior: Posterior
    row_weight: Floats
    likelihood_diagonal: Floats
    precision: float
    border: Floats
    corner: Floats
    links: Links = field(repr=False)

    @property
    def diagonal(self) -> Floats:
        """Diagonal for the measures, shape (n_essays,)."""
        return self.likelihood_diagonal + self.precision

    @property
    def is_floating(self) -> bool:
        """Whether nothing holds the origin: no prior, and no fixed measure."""
        return self.precision == 0 and self.posterior.free is None

    def times(self, v: Floats) -> Floats:
        """The matrix of the measures times v, shape (n_essays,) or (n_essays, k); fixed measures stay out."""
        diagonal = self.diagonal if v.ndim == 1 else self.diagonal[:, None]
        found = diagonal * v
        found -= self.links(v)
        if self.posterior.free is not None:
            found[~self.posterior.free] = 0.0
        return found

    def times_all(self, v: Floats) -> Floats:
        """The whole matrix times v, measures first, shape (n_essays + n_common,)."""
        n = len(self.border)
        return np.concatenate([self.times(v[:n]) + self.border @ v[n:], self.border.T @ v[:n] + self.corner @ v[n:]])

    def dense(self) -> Floats:
        """The whole matrix, fixed measures included, shape (n_essays + n_common, n_essays + n_common)."""
        n, g = self.border.shape
        found = np.empty((n + g, n + g))
        one_way = self.links.one_way_dense()
        np.add(one_way, one_way.T, out=found[:n, :n])
        np.negative(found[:n, :n], out=found[:n, :n])
        found[np.arange(n), np.arange(n)] = self.diagonal
        found[:n, n:], found[n:, :n], found[n:, n:] = self.border, self.border.T, self.corner
        return found


def information(posterior: Posterior, at: Evaluation, precision: float, *, gauss_newton: bool = False) -> Information:
    """The information matrix at a point, with a prior of the given precision (0: none) on the measures."""
    n, layout = posterior.layout.n_essays, posterior.layout
    weight = at.terms.curvature if at.slope is None else at.terms.curvature * at.slope**2
    as_first, as_second = sum_by(posterior.first, weight, n), sum_by(posterior.second, weight, n)
    border, corner = border_and_corner(posterior, at, as_first - as_second, gauss_newton=gauss_newton)
    corner[np.diag_indices(len(corner))] += posterior.common_precision
    if layout.n_prior_mean:
        free = np.ones(n) if posterior.free is None else posterior.free.astype(np.float64)
        border[:, -1], corner[-1, -1] = -precision * free, precision * free.sum()
    if posterior.free is not None:
        border[~posterior.free] = 0.0
    return Information(posterior, weight, as_first + as_second, precision, border, corner, Links(posterior, weight))
