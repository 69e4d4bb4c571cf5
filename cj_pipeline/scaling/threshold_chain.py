"""Exact inference for ordered thresholds by numerical integration on a grid.

Grade boundaries form a chain: what is known about a grade involves the boundary below it and the one above it, and no
other. So the joint distribution of all boundaries, however many, is integrated by one pass forward and one backward
over a grid, and nothing depends on a starting point or on random numbers.

References:
    Rabiner (1989), Proceedings of the IEEE 77, 257-286, https://doi.org/10.1109/5.18626 (forward-backward).
"""

from collections.abc import Sequence

import numpy as np

from cj_pipeline.scaling.arrays import Floats


def possible(n_points: int, level: int, n_levels: int) -> Floats:
    """Zero where a level may lie between two points of the grid (lower in the row, upper in the column), else -inf.

    The first and the last point stand for minus and plus infinity: the lowest level begins and the highest ends there,
    and no other does.
    """
    rising = np.triu(np.ones((n_points, n_points), dtype=bool), k=1)
    rising[1:, :] &= level > 0
    rising[0, :] &= level == 0
    rising[:, :-1] &= level < n_levels - 1
    rising[:, -1] &= level == n_levels - 1
    return np.where(rising, 0.0, -np.inf)


def forward_backward(links: Sequence[Floats]) -> tuple[float, Floats]:
    """Integrate a chain of thresholds over a grid.

    Args:
        links: Per level, lowest first, the logarithm of its factor given its lower threshold (row) and upper one
            (column), shape (n_points, n_points), -inf where `possible` forbids it.

    Returns:
        The logarithm of the whole integral (-inf if no arrangement is possible), and the probability of every point
        for every threshold between two levels, shape (n_levels - 1, n_points), zero if none is possible.
    """
    tops = [float(np.max(link)) for link in links]
    if -np.inf in tops:
        return -np.inf, np.zeros((len(links) - 1, len(links[0])))
    factors = [np.exp(link - top) for link, top in zip(links, tops, strict=True)]
    n = len(factors[0])
    ahead, log_total = [np.eye(n)[0]], sum(tops)
    for factor in factors:
        step = ahead[-1] @ factor
        size = float(step.sum())
        if not size > 0:
            return -np.inf, np.zeros((len(factors) - 1, n))
        ahead.append(step / size)
        log_total += float(np.log(size))
    back = [np.eye(n)[-1]]
    for factor in reversed(factors[1:]):
        step = factor @ back[-1]
        back.append(step / float(step.max()))
    joint = np.array([a * b for a, b in zip(ahead[1:-1], reversed(back[1:]), strict=True)])
    return log_total, joint / joint.sum(axis=1, keepdims=True)
