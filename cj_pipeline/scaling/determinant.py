"""The log-determinant of the information matrix: exactly for few essays, by Lanczos quadrature for many.

With D the diagonal of the measures' part and W what is off it, log det(D - W) = sum log D + tr log(I - M) with
M = D^(-1/2) W D^(-1/2), and tr M = 0. The trace is the mean of z' (log(I - M) + M) z over probes z of random signs,
and Lanczos' recursion turns each into a sum over few nodes (stochastic Lanczos quadrature). On graphs like those of
pair designs the eigenvalues of M keep well inside (-1, 1), so some ten products with M do. The common parameters
follow exactly from what remains of them once the measures are eliminated.

References:
    Ubaru, Chen and Saad (2017), "Fast estimation of tr(f(A)) via stochastic Lanczos quadrature", SIAM J. Matrix Anal.
    Appl. 38, 1075-1099, https://doi.org/10.1137/16M1104974.
"""

from typing import Final

import numpy as np
from scipy import linalg

from cj_pipeline.errors import NotConvergedError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.information import Information
from cj_pipeline.scaling.steps import held

EXACT_UP_TO: Final = 500
"""Most essays for which a Cholesky factor is quicker than probes."""

_ENTRIES: Final = 32_000
"""Probes times essays: the error of the trace relative to the number of essays falls with the root of this."""
_MAX_PRODUCTS: Final = 400
_SETTLED: Final = 1e-7
"""Change of the log-determinant per essay, over some more products, at which the quadrature has settled."""
_CHECK_EVERY: Final = 4


def trace_probes(n_essays: int, rng: np.random.Generator) -> Floats:
    """Random signs, shape (n_essays, k), k falling with the number of essays."""
    k = int(np.clip(np.ceil(_ENTRIES / n_essays), 1, 32))
    return rng.choice(np.array([-1.0, 1.0]), size=(n_essays, k))


def exact_log_determinant(info: Information) -> float:
    """Of the whole information matrix, fixed measures left out, natural log; time grows with the cube of the essays."""
    factor, _ = linalg.lapack.dpotrf(held(info), lower=True, overwrite_a=True)
    return 2.0 * float(np.log(np.diagonal(factor)).sum())


def probed_log_determinant(info: Information, probes: Floats) -> float:
    """Of the measures' part of the information matrix, fixed measures left out, natural log.

    Args:
        info: The information matrix, with a prior on the measures.
        probes: What `trace_probes` gave; the same probes for several priors make the error common to all.

    Raises:
        NotConvergedError: The quadrature did not settle.
    """
    free = info.posterior.free
    root = 1.0 / np.sqrt(info.diagonal) if free is None else np.where(free, 1.0 / np.sqrt(info.diagonal), 0.0)
    start = probes if free is None else probes * free[:, None]
    trace = _trace_of_log(info, root[:, None], start)
    return trace - 2.0 * float(np.log(root[root > 0]).sum())


def _trace_of_log(info: Information, root: Floats, start: Floats) -> float:
    """Trace of log(I - M), by Lanczos' recursion on all probes at once."""
    length = np.sqrt(np.einsum("ij,ij->j", start, start))
    now, before, beta = start / length, np.zeros_like(start), np.zeros(start.shape[1])
    diagonal: list[Floats] = []
    beside: list[Floats] = []
    last = np.inf
    for n_products in range(1, _MAX_PRODUCTS + 1):
        after = root * info.links(root * now) - beta * before
        diagonal.append(np.einsum("ij,ij->j", now, after))
        after -= diagonal[-1] * now
        beta = np.sqrt(np.einsum("ij,ij->j", after, after))
        if n_products % _CHECK_EVERY == 0 or np.any(beta < _EXHAUSTED):
            trace = _quadrature(diagonal, beside, length)
            if abs(trace - last) <= _SETTLED * len(root) or np.any(beta < _EXHAUSTED):
                return trace
            last = trace
        beside.append(beta)
        before, now = now, after / beta
    raise NotConvergedError(
        f"the marginal likelihood did not settle within {_MAX_PRODUCTS} steps: the comparisons form a chain too long "
        "for one scale. Name a standard deviation of the prior, or compare essays that are further apart."
    )


_EXHAUSTED: Final = 1e-12


def _quadrature(diagonal: list[Floats], beside: list[Floats], length: Floats) -> float:
    """Gauss quadrature of log(1 - x) + x for every probe, averaged: the trace of M itself is known to be zero."""
    total = 0.0
    for i, size in enumerate(length):
        off = np.array([beta[i] for beta in beside[: len(diagonal) - 1]])
        nodes, vectors = linalg.eigh_tridiagonal(np.array([alpha[i] for alpha in diagonal]), off)
        total += size**2 * float(vectors[0] ** 2 @ (np.log1p(-np.minimum(nodes, _LARGEST_NODE)) + nodes))
    return total / len(length)


_LARGEST_NODE: Final = 1.0 - 1e-15
