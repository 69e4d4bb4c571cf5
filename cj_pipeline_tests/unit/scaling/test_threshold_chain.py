"""The chain of thresholds, against enumeration of every arrangement."""

# ruff: noqa: D103 - the name of a test is its sentence

from itertools import product

import numpy as np
import pytest

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.threshold_chain import forward_backward, possible

N_POINTS = 6


def random_links(n_levels: int, seed: int) -> list[Floats]:
    """Return log-factors of ordered thresholds, open at the ends only."""
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(N_POINTS, N_POINTS)) * 3 + possible(N_POINTS, k, n_levels) for k in range(n_levels)]


@pytest.mark.parametrize("n_levels", [2, 3, 4])
def test_it_integrates_what_enumeration_adds_up(n_levels: int) -> None:
    links = random_links(n_levels, seed=n_levels)
    total, marginals = forward_backward(links)
    expected, counts = 0.0, np.zeros((n_levels - 1, N_POINTS))
    for inner in product(range(N_POINTS), repeat=n_levels - 1):
        ends = (0, *inner, N_POINTS - 1)
        weight = float(np.exp(sum(link[a, b] for link, a, b in zip(links, ends[:-1], ends[1:], strict=True))))
        expected += weight
        counts[np.arange(n_levels - 1), inner] += weight

    assert total == pytest.approx(np.log(expected))
    assert marginals == pytest.approx(counts / expected)


def test_an_impossible_chain_has_no_weight() -> None:
    links = random_links(3, seed=1)
    links[1][:] = -np.inf
    total, marginals = forward_backward(links)

    assert total == -np.inf
    assert not marginals.any()


def test_a_chain_whose_links_do_not_meet_has_no_weight() -> None:
    links = random_links(3, seed=1)
    links[0][0, 2:] = -np.inf
    links[1][1] = -np.inf

    assert forward_backward(links)[0] == -np.inf


def test_only_the_outer_levels_reach_the_outer_points() -> None:
    lowest, middle, highest = (np.isfinite(possible(N_POINTS, level, 3)) for level in range(3))

    assert np.argwhere(lowest).tolist() == [[0, 1], [0, 2], [0, 3], [0, 4]]
    assert np.argwhere(middle).tolist() == [[1, 2], [1, 3], [1, 4], [2, 3], [2, 4], [3, 4]]
    assert np.argwhere(highest).tolist() == [[1, 5], [2, 5], [3, 5], [4, 5]]
