"""Newton's equations: dense for few essays, preconditioned conjugate gradients for many."""

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy import linalg

from cj_pipeline.errors import NotConvergedError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.information import Information

DENSE_UP_TO: Final = 120
"""Most essays for which a Cholesky factor is quicker than conjugate gradients."""

_MAX_PRODUCTS: Final = 20_000


def held(info: Information) -> Floats:
    """The whole information matrix, made regular.

    Nothing holds the origin of a scale without a prior: its mean is then held by the mean diagonal, which changes no
    difference. Fixed measures get a diagonal of their own.
    """
    matrix = info.dense()
    n = len(info.likelihood_diagonal)
    if info.is_floating:
        matrix[:n, :n] += info.likelihood_diagonal.mean() / n
    if info.posterior.free is not None:
        stiff = np.flatnonzero(~info.posterior.free)
        matrix[stiff, :] = matrix[:, stiff] = 0.0
        matrix[stiff, stiff] = 1.0
    return matrix


def newton_step(info: Information, gradient: Floats, tolerance: float) -> Floats:
    """Solve information times step = gradient, zero for fixed measures.

    Args:
        info: The information matrix.
        gradient: Right-hand side.
        tolerance: Relative norm of the residual to stop at; many essays only.

    Raises:
        NotConvergedError: The matrix is singular, or the residual did not fall.
    """
    if len(info.likelihood_diagonal) <= DENSE_UP_TO:
        return _dense_step(info, gradient)
    return _conjugate_step(info, gradient, tolerance)


def _dense_step(info: Information, gradient: Floats) -> Floats:
    _, step, failed = linalg.lapack.dposv(held(info), gradient, overwrite_a=True)
    if failed:
        raise NotConvergedError(
            "the information matrix is singular: the comparisons do not determine all parameters. Fit fewer judge "
            "effects, or give the measures a prior."
        )
    return np.asarray(step, dtype=np.float64)


def _conjugate_step(info: Information, gradient: Floats, tolerance: float) -> Floats:
    n = len(info.likelihood_diagonal)
    corner = linalg.cho_factor(info.corner) if len(info.corner) else None
    inverse = 1.0 / np.where(info.diagonal > 0, info.diagonal, 1.0)

    def precondition(r: Floats) -> Floats:
        own = linalg.cho_solve(corner, r[n:]) if corner is not None else r[n:]
        return np.concatenate([inverse * r[:n], own])

    step = conjugate_gradients(info.times_all, precondition, gradient, tolerance)
    if info.is_floating:
        step[:n] -= step[:n].mean()
    return step


def solve_measures(info: Information, target: Floats, tolerance: float) -> Floats:
    """Solve the part of the information that belongs to the measures, the common parameters held.

    Args:
        info: The information matrix.
        target: Right-hand sides, shape (n_essays, k), zero for fixed measures, summing to zero where nothing holds the
            origin.
        tolerance: Relative norm of the residual to stop at.

    Raises:
        NotConvergedError: The residual did not fall.
    """
    inverse = (1.0 / np.where(info.diagonal > 0, info.diagonal, 1.0))[:, None]
    found = conjugate_gradients(info.times, lambda r: inverse * r, target, tolerance)
    return found - found.mean(axis=0) if info.is_floating else found


def conjugate_gradients(
    times: Callable[[Floats], Floats], precondition: Callable[[Floats], Floats], target: Floats, tolerance: float
) -> Floats:
    """Solve a positive (semi-)definite system for one or several right-hand sides at once.

    Args:
        times: The matrix times a vector, or times the columns of an array.
        precondition: An approximate inverse, in the same way.
        target: Right-hand side, shape (n,), or several, shape (n, k), each with steps of its own.
        tolerance: Stops when no column's residual is longer than this share of the target's, in the
            preconditioner's norm.

    Returns:
        The solution, of the target's shape.

    Raises:
        NotConvergedError: The residual did not fall far enough, or the matrix is indefinite.

    References:
        Hestenes and Stiefel (1952), J. Res. Natl. Bur. Stand. 49, 409-436, https://doi.org/10.6028/jres.049.044.
    """
    found, residual = np.zeros_like(target), target.copy()
    ready = precondition(residual)
    direction = ready.copy()
    energy = _dot(residual, ready)
    goal = tolerance**2 * energy
    for _ in range(_MAX_PRODUCTS):
        if np.all(energy <= goal):
            return found
        image = times(direction)
        bend = _dot(direction, image)
        if np.any(bend < 0):
            raise NotConvergedError("Newton's equations have no solution: the log-posterior is not concave here.")
        length = energy / _positive(bend)
        found += length * direction
        residual -= length * image
        ready = precondition(residual)
        energy, before = _dot(residual, ready), energy
        direction *= energy / _positive(before)
        direction += ready
    raise NotConvergedError(
        f"Newton's equations were not solved within {_MAX_PRODUCTS} steps: the comparisons form a chain too long for "
        "one scale. Compare essays that are further apart."
    )


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.einsum("i...,i...->...", a, b), dtype=np.float64)


def _positive(x: Floats) -> Floats:
    return np.where(x > 0, x, 1.0)
