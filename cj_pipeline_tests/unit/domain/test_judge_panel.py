"""Dealing comparisons to judges by their shares."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections import Counter

import numpy as np
import pytest

from cj_pipeline.domain.judge_panel import deal_judges


def counts(shares: list[float], n: int, seed: int = 0) -> list[int]:
    """Return how many comparisons each judge gets."""
    dealt = Counter(deal_judges(shares, n, np.random.default_rng(seed)))
    return [dealt[judge] for judge in range(len(shares))]


@pytest.mark.parametrize(
    ("shares", "n", "expected"),
    [
        ([1.0], 7, [7]),
        ([1.0, 1.0], 8, [4, 4]),
        ([1.0, 1.0], 9, [5, 4]),
        ([2.0, 1.0], 9, [6, 3]),
        ([2.0, 1.0], 10, [7, 3]),
        ([0.5, 0.3, 0.2], 7, [4, 2, 1]),
        ([1.0, 1.0, 1.0], 11, [4, 4, 3]),
        ([98.0, 1.0, 1.0], 10, [10, 0, 0]),
        ([1.0, 1.0], 0, [0, 0]),
        ([1.0, 1.0, 1.0], 1, [1, 0, 0]),
    ],
)
def test_left_over_comparisons_go_to_the_largest_remainders(shares: list[float], n: int, expected: list[int]) -> None:
    assert counts(shares, n) == expected


def test_only_the_ratio_of_the_shares_counts() -> None:
    assert counts([0.2, 0.1], 100) == counts([20.0, 10.0], 100)


def test_the_order_is_random_and_follows_the_seed() -> None:
    orders = [deal_judges([1.0, 1.0], 40, np.random.default_rng(seed)) for seed in (1, 1, 2)]

    assert orders[0] == orders[1]
    assert orders[0] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])
