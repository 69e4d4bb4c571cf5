"""Standard errors of many measures without inverting anything: a short series in closed form, the rest by probes.

With D the diagonal of the measures' part A of the information matrix and W what is off it, A^-1 = L + rest, where
L = D^-1 + D^-1 W D^-1 + D^-1 W D^-1 W D^-1 are walks of at most two steps on the graph. The diagonal of L is a sum
over comparisons. The diagonal of the rest, which is small where pairs are drawn widely, is the mean of z * (rest z)
over probes z of random signs, rest z from conjugate gradients. Everything is taken in the gauge of the scale (minus
the mean), and what the common parameters add is exact.

On chains of neighbours the rest is large and the probes are poor. Their own Monte-Carlo error says so: probes are
added until it is small, and where it does not become small there are no errors.

References:
    Bekas, Kokiopoulou and Saad (2007), "An estimator for the diagonal of a matrix", Appl. Numer. Math. 57, 1214-1229,
    https://doi.org/10.1016/j.apnum.2007.01.003.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.elimination import eliminate
from cj_pipeline.scaling.information import Information
from cj_pipeline.scaling.standard_errors import Errors
from cj_pipeline.scaling.steps import solve_measures

TARGET_MONTE_CARLO: Final = 0.005
"""Relative Monte-Carlo error of the standard errors, root mean square over the essays, at which probing ends."""
ACCEPTED_MONTE_CARLO: Final = 0.01
"""The same, above which the errors are refused."""
MOST_PROBES: Final = 256
_FEWEST, _AT_ONCE = 8, 8
_TOLERANCE = 1e-2
"""Share of the rest, itself some per cent of a variance, that conjugate gradients leave."""


def probe_errors(info: Information, rng: np.random.Generator) -> Errors:
    """Estimate the standard errors of all measures.

    Args:
        info: The information matrix at the top of the log-posterior.
        rng: Source of the probes.

    Raises:
        EstimationError: The Monte-Carlo error would stay above `ACCEPTED_MONTE_CARLO` with `MOST_PROBES` probes.
        NotConvergedError: The equations were not solved.
    """
    walks = _Walks(info)
    common = eliminate(info)
    known = walks.diagonal() + np.einsum("ij,jk,ik->i", common.response, common.covariance, common.response)
    total, squares, n_probes, monte_carlo = np.zeros_like(known), np.zeros_like(known), 0, np.inf
    # The error falls with the root of the number of probes: once it cannot become small enough, no more are drawn.
    while n_probes < _FEWEST or (
        monte_carlo > TARGET_MONTE_CARLO
        and n_probes < MOST_PROBES
        and monte_carlo * np.sqrt(n_probes / MOST_PROBES) <= ACCEPTED_MONTE_CARLO
    ):
        rest = walks.probed(rng.choice(np.array([-1.0, 1.0]), size=(len(known), _AT_ONCE)))
        total += rest.sum(axis=1)
        squares += np.einsum("ij,ij->i", rest, rest)
        n_probes += _AT_ONCE
        monte_carlo = _monte_carlo(known + total / n_probes, total, squares, n_probes)
    if monte_carlo > ACCEPTED_MONTE_CARLO:
        raise _unreliable(len(known), monte_carlo, n_probes)
    return Errors(np.sqrt(known + total / n_probes), None, common.covariance, "probe", monte_carlo)


def _unreliable(n_essays: int, monte_carlo: float, n_probes: int) -> EstimationError:
    return EstimationError(
        f"standard errors of {n_essays} measures have a Monte-Carlo error of {monte_carlo:.1%} after {n_probes} "
        f"probes (accepted: {ACCEPTED_MONTE_CARLO:.1%}): the comparisons form chains of neighbours. Compare essays "
        "that are further apart, ask for exact errors, which need 8 bytes times the square of the number of essays, "
        "or fit without errors."
    )


def _monte_carlo(variance: Floats, total: Floats, squares: Floats, n_probes: int) -> float:
    """Root mean square of the relative error of the standard errors; infinite where a variance came out negative."""
    free = variance != 0
    if np.any(variance < 0):
        return np.inf
    spread = (squares - total**2 / n_probes)[free] / (n_probes - 1) / n_probes
    return float(np.sqrt(np.mean(np.maximum(spread, 0.0) / (2 * variance[free]) ** 2)))


@dataclass(frozen=True, slots=True)
class _Walks:
    """Walks of at most two steps, and what they leave."""

    info: Information

    @property
    def _inverse(self) -> Floats:
        free, inverse = self.info.posterior.free, 1.0 / self.info.diagonal
        return inverse if free is None else np.where(free, inverse, 0.0)

    def times(self, v: Floats) -> Floats:
        """L v, shape of v."""
        inverse: Floats = self._inverse if v.ndim == 1 else self._inverse[:, None]
        one = inverse * v
        two = inverse * (v + self.info.links(one))
        return np.asarray(inverse * (v + self.info.links(two)), dtype=np.float64)

    def centred(self, v: Floats) -> Floats:
        """In the gauge of the scale: minus the mean, unless measures are fixed."""
        return v - v.mean(axis=0) if self.info.posterior.free is None else v

    def diagonal(self) -> Floats:
        """Diagonal of L in the gauge of the scale, shape (n_essays,)."""
        inverse = self._inverse
        own = inverse + inverse**2 * self.info.links.squared(inverse)
        if self.info.posterior.free is not None:
            return own
        mean = self.times(np.ones(len(own))) / len(own)
        return np.asarray(own - 2 * mean + mean.mean(), dtype=np.float64)

    def probed(self, probes: Floats) -> Floats:
        """One estimate per probe of the diagonal of the rest, shape of the probes."""
        free = self.info.posterior.free
        signs = self.centred(probes if free is None else probes * free[:, None])
        walked = self.centred(self.times(signs))
        rest = solve_measures(self.info, signs - self.info.times(walked), _TOLERANCE)
        return np.asarray(probes * rest, dtype=np.float64)
