"""Which pairs are put again in the other order, so that no essay is shown first more often than second."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cj_pipeline.domain.pairing import Pair

_WINDOW: Final = 400
"""Most pairs that are looked at for each choice, so that large nets stay quick."""


def repeat_pairs(n_essays: int, oriented: Sequence[Pair], n_more: int, rng: np.random.Generator) -> list[Pair]:
    """Choose pairs to put again, and put them in the other order.

    Putting (a, b) again as (b, a) takes one from the surplus of a, times first minus times second, and gives one to b.
    So pairs are taken that lead from an essay with a surplus to one that lacks, by fewest repeats so far.

    Args:
        n_essays: Number of essays.
        oriented: The pairs as they were put, (first, second), each once.
        n_more: How many to put again, at most all of them.
        rng: Breaks ties.

    Returns:
        The chosen pairs as (first, second), turned round.
    """
    surplus, again = [0] * n_essays, [0] * n_essays
    for first, second in oriented:
        surplus[first] += 1
        surplus[second] -= 1
    left = [oriented[i] for i in rng.permutation(len(oriented))]
    chosen: list[Pair] = []
    for _ in range(min(n_more, len(left))):
        best = min(range(min(_WINDOW, len(left))), key=lambda k: _cost(left[k], surplus, again))
        left[best], left[-1] = left[-1], left[best]
        first, second = left.pop()
        surplus[first] -= 1
        surplus[second] += 1
        again[first] += 1
        again[second] += 1
        chosen.append((second, first))
    return chosen


def _cost(pair: Pair, surplus: Sequence[int], again: Sequence[int]) -> tuple[int, int]:
    first, second = pair
    repeats = max(again[first], again[second])
    return repeats, abs(surplus[first] - 1) + abs(surplus[second] + 1) - abs(surplus[first]) - abs(surplus[second])
