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


def forward_backward(links: Sequence[Floats]) -> tuple[float, Floats]:
    """Integrate a chain of thresholds over a grid whose first and last points stand for minus and plus infinity.

    Args:
        links: Per level, lowest first, the logarithm of its factor given its lower threshold (row) and upper one
            (column), shape (n_points, n_points); -inf where it is impossible.

    Returns:
        The logarithm of the whole integral (-inf if no arrangement is possible), and the probability of every point
        for every threshold between two levels, shape (n_levels - 1, n_points), zero if none is possible.
    """
    n = len(links[0])
    tops = [float(np.max(link)) for link in links]
    factors = [np.exp(link - top) for link, top in zip(links, tops, strict=True)]
    ahead, log_total = [np.eye(n)[0]], sum(tops)
    for factor in factors:
        step = ahead[-1] @ factor
        size = float(step.sum())
        if not size > 0:
            return -np.inf, np.zeros((len(links) - 1, n))
        ahead.append(step / size)
        log_total += np.log(size)
    back = [np.eye(n)[-1]]
    for factor in reversed(factors[1:]):
        step = factor @ back[-1]
        back.append(step / max(float(step.max()), np.finfo(float).tiny))
    joint = np.array([a * b for a, b in zip(ahead[1:-1], reversed(back[1:]), strict=True)])
    sums, end = joint.sum(axis=1, keepdims=True), float(ahead[-1][-1])
    if not end > 0 or not np.all(sums > 0):
        return -np.inf, np.zeros((len(links) - 1, n))
    return log_total + float(np.log(end)), joint / sums
