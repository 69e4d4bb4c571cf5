"""How well two orderings or two sets of grades agree.

Grades are given as ranks on their scale, 0 for the lowest. What does not belong here: making grades.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats


def quadratic_weighted_kappa(a: ArrayLike, b: ArrayLike, n_grades: int) -> float:
    """Agreement of two sets of grades beyond chance, where a miss counts by the square of its steps.

    One minus the mean squared difference over the mean squared difference expected if the two sets were paired at
    random.

    Args:
        a: Grade ranks, shape (n,), values 0 to n_grades - 1.
        b: Grade ranks of the same essays.
        n_grades: Number of grades on the scale.

    Returns:
        1 for equal grades, 0 for chance, negative below it; NaN where both sets know only one and the same grade,
        since then nothing can disagree.

    Raises:
        ValueError: The sets are empty, differ in length, or hold what is no rank on the scale.

    References:
        Cohen (1968), Psychological Bulletin 70, 213-220, https://doi.org/10.1037/h0026256.
    """
    left, right = _paired(a, b)
    if min(left.min(), right.min()) < 0 or max(left.max(), right.max()) >= n_grades:
        raise ValueError(f"grade ranks must lie between 0 and {n_grades - 1}")
    seen = np.mean((left - right) ** 2)
    # Of independent draws from the two sets: variances add, and so does the square of the difference of means.
    expected = left.var() + right.var() + (left.mean() - right.mean()) ** 2
    return float(1 - seen / expected) if expected > 0 else float("nan")


def exact_agreement(a: ArrayLike, b: ArrayLike) -> float:
    """Share of essays with the same grade in both sets, 0 to 1.

    Raises:
        ValueError: The sets are empty or differ in length.
    """
    left, right = _paired(a, b)
    return float(np.mean(left == right))


def within_one(a: ArrayLike, b: ArrayLike) -> float:
    """Share of essays whose two grades are at most one step apart, 0 to 1.

    Raises:
        ValueError: The sets are empty or differ in length.
    """
    left, right = _paired(a, b)
    return float(np.mean(np.abs(left - right) <= 1))


def kendall_tau_b(x: ArrayLike, y: ArrayLike) -> float:
    """Kendall's rank correlation, corrected for ties, -1 to 1.

    Returns:
        The correlation; NaN where one of the two does not vary.

    Raises:
        ValueError: There are fewer than two essays, or the sets differ in length.

    References:
        Kendall (1945), Biometrika 33, 239-251, https://doi.org/10.2307/2332303.
    """
    left, right = _paired(x, y)
    if len(left) < 2:  # noqa: PLR2004 (an order needs two)
        raise ValueError("a rank correlation needs at least two essays")
    return float(stats.kendalltau(left, right, variant="b").statistic)


def _paired(a: ArrayLike, b: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    left, right = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if left.ndim != 1 or left.shape != right.shape or not len(left):
        raise ValueError(f"two sets of the same essays are needed, not of the shapes {left.shape} and {right.shape}")
    return left, right
