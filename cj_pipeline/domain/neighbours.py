"""Later waves: essays that the answers so far place near each other meet.

A comparison of two essays that are far apart tells little. Sorting by measure and pairing within a short distance costs
n log n, and finds as good pairs as matching algorithms that take a thousand times longer: docs/efficiency.md.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from cj_pipeline.domain.extension import extend_pairs
from cj_pipeline.domain.pairing import Pair

_REACH: Final = 24
"""Places away in the order of measures within which a partner is looked for, before any other is taken."""


def neighbour_pairs(
    measures: Sequence[float], counts: Sequence[int], taken: set[Pair], n_pairs: int, rng: np.random.Generator
) -> list[Pair]:
    """Pair near essays, in rounds in which every essay meets one other.

    Args:
        measures: Current measures, logits.
        counts: Comparisons every essay has already.
        taken: Pairs that may not be drawn again.
        n_pairs: How many to draw; the caller makes sure that so many are left.
        rng: Breaks ties of measures, and picks what remains where no near pair is left.
    """
    n = len(measures)
    jitter = rng.random(n)
    order = sorted(range(n), key=lambda i: (measures[i], jitter[i]))
    degrees, used, new = list(counts), set(taken), list[Pair]()
    while len(new) < n_pairs:
        found = _round(order, degrees, used, n_pairs - len(new))
        if not found:
            break
        new += found
    if len(new) < n_pairs:
        new += extend_pairs(degrees, used, target_degree=None, max_new=n_pairs - len(new), rng=rng)
    return new


def _round(order: Sequence[int], degrees: list[int], used: set[Pair], most: int) -> list[Pair]:
    """One partner for as many essays as can be, from the lowest measure up; `degrees` and `used` are updated.

    With an odd number somebody is left over: the essay with the most comparisons stands back.
    """
    left_out = max(order, key=lambda i: degrees[i]) if len(order) % 2 else -1
    line = [i for i in order if i != left_out]
    if most < len(line) // 2:
        fewest = sorted(line, key=lambda i: degrees[i])[: 2 * most]
        chosen = set(fewest)
        line = [i for i in line if i in chosen]
    free = [True] * len(line)
    found: list[Pair] = []
    for place, essay in enumerate(line):
        if free[place] and len(found) < most:
            partner = _partner(line, free, place, used)
            if partner is not None:
                free[place] = free[partner] = False
                found.append(_pair(essay, line[partner]))
                used.add(found[-1])
    for a, b in found:
        degrees[a] += 1
        degrees[b] += 1
    return found


def _partner(line: Sequence[int], free: Sequence[bool], place: int, used: set[Pair]) -> int | None:
    for other in range(place + 1, min(place + 1 + _REACH, len(line))):
        if free[other] and _pair(line[place], line[other]) not in used:
            return other
    return None


def _pair(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)
