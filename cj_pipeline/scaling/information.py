"""The information matrix of a scale: a weighted graph Laplacian plus the prior, bordered by the common parameters.

With discriminations the second derivatives of the advantage itself are left out (Gauss-Newton): their expectation is
zero, and what remains cannot become indefinite. Without them the matrix is the exact negative Hessian.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from cj_pipeline.scaling.arrays import Floats, sum_by
from cj_pipeline.scaling.border import border_and_corner
from cj_pipeline.scaling.posterior import Evaluation, Posterior


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
    """

    posterior: Posterior
    row_weight: Floats
    likelihood_diagonal: Floats
    precision: float
    border: Floats
    corner: Floats
    _links: sparse.csr_array = field(repr=False)

    @property
    def diagonal(self) -> Floats:
        """Diagonal for the measures, shape (n_essays,)."""
        return self.likelihood_diagonal + self.precision

    @property
    def is_floating(self) -> bool:
        """Whether nothing holds the origin: no prior, and no fixed measure."""
        return self.precision == 0 and self.posterior.free is None

    def links(self, v: Floats) -> Floats:
        """Off-diagonal part, with the sign turned, times v: shape (n_essays,) or (n_essays, k)."""
        return np.asarray(self._links @ v + self._links.T @ v, dtype=np.float64)

    def merged_links(self) -> sparse.csr_array:
        """Off-diagonal part, with the sign turned: one symmetric matrix, each pair of essays once in either half."""
        return sparse.csr_array(self._links + self._links.T)

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
        links = self._links.toarray()
        np.negative(links + links.T, out=found[:n, :n])
        found[np.arange(n), np.arange(n)] = self.diagonal
        found[:n, n:], found[n:, :n], found[n:, n:] = self.border, self.border.T, self.corner
        return found


def information(posterior: Posterior, at: Evaluation, precision: float) -> Information:
    """The information matrix at a point, with a prior of the given precision (0: none) on the measures."""
    n, layout = posterior.layout.n_essays, posterior.layout
    weight = at.terms.curvature if at.slope is None else at.terms.curvature * at.slope**2
    links = sparse.csr_array((weight, posterior.second, posterior.row_start), shape=(n, n))
    degree = sum_by(posterior.first, weight, n) + sum_by(posterior.second, weight, n)
    border, corner = border_and_corner(posterior, at)
    corner[np.diag_indices(len(corner))] += posterior.common_precision()
    if layout.n_prior_mean:
        free = np.ones(n) if posterior.free is None else posterior.free.astype(np.float64)
        border[:, -1], corner[-1, -1] = -precision * free, precision * free.sum()
    if posterior.free is not None:
        border[~posterior.free] = 0.0
    return Information(posterior, weight, degree, precision, border, corner, links)
