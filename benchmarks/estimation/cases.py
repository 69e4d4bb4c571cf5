"""The data that every contestant gets, and the optimum that binary ones are held to."""

from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import cg

from benchmarks.estimation.contestants import LOWER_HALF

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SIZES: Final = ((24, 288), (1_000, 20_000), (10_000, 200_000), (100_000, 2_000_000))
"""Essays and comparisons."""
SPREAD: Final = 1.5
"""Measures are uniform between plus and minus this, logits."""
CUTS: Final = (-2.5, -1.0, 0.0, 1.0, 2.5)
"""Cut points of the six categories."""
SEED: Final = 1


def make(n: int, m: int) -> dict[str, Any]:
    """Random rings through all essays, shown in random order, answered by the model; maximum likelihood exists.

    Args:
        n: Essays.
        m: Comparisons, a multiple of n.

    Returns:
        Arrays `first`, `second`, `grade` (0 to 5; 3 and above: the first essay won), and the seed that was taken.
    """
    for seed in range(SEED, SEED + 100):
        rng = np.random.default_rng(seed)
        truth = rng.uniform(-SPREAD, SPREAD, n)
        rings = [rng.permutation(n) for _ in range(m // n)]
        pairs = np.concatenate([np.stack([ring, np.roll(ring, 1)]) for ring in rings], axis=1)
        first, second = np.where(rng.random(m) < _HALF, pairs, pairs[::-1])
        latent = truth[first] - truth[second] + rng.logistic(size=m)
        grade = np.searchsorted(np.array(CUTS), latent)
        if _is_strong(first, second, grade > LOWER_HALF, n):
            return {"first": first, "second": second, "grade": grade, "seed": seed}
    raise ValueError(f"no seed gives {n} essays with {m} comparisons a maximum of the likelihood")


_HALF = 0.5


def _is_strong(first: Ints, second: Ints, won: NDArray[np.bool_], n: int) -> bool:
    winner, loser = np.where(won, first, second), np.where(won, second, first)
    graph = sparse.coo_array((np.ones(len(first)), (winner, loser)), shape=(n, n))
    return bool(connected_components(graph, directed=True, connection="strong")[0] == 1)


def optimum(first: Ints, second: Ints, won: Floats, n: int) -> tuple[Floats, float]:
    """Maximum likelihood by Newton's method, apart from the package that is measured.

    Returns:
        Measures with mean zero, and the largest component of the gradient.
    """
    theta, gradient = np.zeros(n), np.full(n, np.inf)
    for _ in range(40):
        p = 1 / (1 + np.exp(theta[second] - theta[first]))
        residual, weight = won - p, p * (1 - p)
        gradient = np.bincount(first, residual, n) - np.bincount(second, residual, n)
        if np.max(np.abs(gradient)) < _FLAT:
            break
        links = sparse.coo_array((weight, (first, second)), shape=(n, n)).tocsr()
        links = links + links.T
        degree: Floats = np.asarray(links.sum(axis=1), dtype=np.float64).ravel()
        laplacian = sparse.diags_array(degree).tocsr() - links
        step, _ = cg(laplacian, gradient, rtol=1e-10, M=sparse.diags_array(1 / degree).tocsr())
        theta = theta + step * min(1.0, 2.0 / float(np.max(np.abs(step))))
        theta -= theta.mean()
    return theta, float(np.max(np.abs(gradient)))


_FLAT = 1e-11


def save(n: int, m: int, folder: Path) -> Path:
    """Write the data of one size with their optimum."""
    path = folder / f"{n}.npz"
    made = make(n, m)
    best, gradient = optimum(made["first"], made["second"], (made["grade"] > LOWER_HALF).astype(float), n)
    np.savez(path, **made, optimum=best, gradient=gradient)
    return path
