"""The chain of thresholds, against enumeration of every arrangement."""

# ruff: noqa: D103 - the name of a test is its sentence

from itertools import product

import numpy as np
import pytest

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.threshold_chain import forward_backward

N_POINTS = 6


def random_links(n_levels: int, seed: int) -> list[Floats]:
    """Return factors of ordered thresholds, open at the ends only."""
    rng = np.random.default_rng(seed)
    links = []
    for level in range(n_levels):
        link = rng.normal(size=(N_POINTS, N_POINTS)) * 3
        allowed = np.triu(np.ones((N_POINTS, N_POINTS), dtype=bool), 1)
        allowed[1:] &= level > 0
        allowed[0] &= level == 0
        allowed[:, :-1] &= level < n_levels - 1
        allowed[:, -1] &= level == n_levels - 1
        links.append(np.where(allowed, link, -np.inf))
    return links


@pytest.mark.parametrize("n_levels", [2, 3, 4])
def test_it_integrates_what_enumeration_adds_up(n_levels: int) -> None:
    links = random_links(n_levels, seed=n_levels)
    total, marginals = forward_backward(links)
    expected, counts = 0.0, np.zeros((n_levels - 1, N_POINTS))
    for inner in product(range(N_POINTS), repeat=n_levels - 1):
        ends = (0, *inner, N_POINTS - 1)
        weight = np.exp(sum(link[a, b] for link, a, b in zip(links, ends[:-1], ends[1:], strict=True)))
        expected += weight
        counts[np.arange(n_levels - 1), inner] += weight

    assert total == pytest.approx(np.log(expected))
    assert marginals == pytest.approx(counts / expected)


def test_an_impossible_chain_has_no_weight() -> None:
    links = random_links(3, seed=1)
    links[1] = np.full_like(links[1], -1e3)
    links[1][1:3] = -np.inf
    links[0][0, 3:] = -np.inf
    total, marginals = forward_backward(links)

    assert total == -np.inf
    assert not marginals.any()
