"""Who is shown first.

`eulerian`: first and second counts of every essay differ by at most one. Each pair is an edge; walking the edges along
Euler tours enters every essay as often as it leaves it, so an essay of even degree is first exactly as often as second,
and one of odd degree once more or once less.

`fair_complement`: the reference system's rule, pair by pair, for parity: docs/decisions/0014-orientation.md.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from cj_pipeline.domain.pairing import Pair

ORIENTATIONS: Final = ("eulerian", "fair_complement")
"""Names by which an assessment chooses."""

_EVEN: Final = 0.5


def orient_eulerian(n_essays: int, pairs: Sequence[Pair], rng: np.random.Generator) -> list[Pair]:
    """Return the pairs as (first, second), balanced for every essay, in the order given.

    Args:
        n_essays: Number of essays.
        pairs: Unordered pairs of essay indices.
        rng: Decides the direction in which each tour is walked.
    """
    return orient_eulerian_onto([0] * n_essays, pairs, rng)


def orient_eulerian_onto(surplus: list[int], pairs: Sequence[Pair], rng: np.random.Generator) -> list[Pair]:
    """Orient pairs along Euler tours on top of what essays have been shown so far.

    An essay with an odd number of new pairs is once more first or once more second; each trail that ends at such an
    essay is walked in the direction that makes the surpluses smaller.

    Args:
        surplus: Times first minus times second of every essay so far; updated in place.
        pairs: Unordered pairs of essay indices.
        rng: Decides the direction of tours where both are as good.
    """
    n = len(surplus)
    # A vertex beyond the essays is joined to every essay of odd degree, so that all degrees are even.
    degree = np.bincount(np.asarray(pairs, dtype=np.int64).reshape(-1), minlength=n)
    helper = [(int(v), n) for v in np.flatnonzero(degree % 2)]
    walk = _EulerWalk(n + 1, [*pairs, *helper])
    for vertex in [n, *rng.permutation(n).tolist()]:
        while trail := walk.trail(vertex):
            _orient_trail(walk.oriented, trail, surplus, rng)
    return walk.oriented[: len(pairs)]


def _orient_trail(
    oriented: list[Pair], trail: Sequence[tuple[int, int, int]], surplus: list[int], rng: np.random.Generator
) -> None:
    """Walk a trail in the better direction; steps to and from the helper are not shown to anybody."""
    n = len(surplus)
    real = [(edge, here, there) for edge, here, there in trail if here < n and there < n]
    if not real:
        return
    start, end = real[0][1], real[-1][2]
    forward = bool(rng.random() < _EVEN)
    if start != end:
        ahead = abs(surplus[start] + 1) + abs(surplus[end] - 1)
        back = abs(surplus[start] - 1) + abs(surplus[end] + 1)
        forward = forward if ahead == back else ahead < back
        surplus[start] += 1 if forward else -1
        surplus[end] -= 1 if forward else -1
    for edge, here, there in real:
        oriented[edge] = (here, there) if forward else (there, here)


class _EulerWalk:
    def __init__(self, n: int, edges: Sequence[Pair]) -> None:
        self._edges = edges
        self._unused = [True] * len(edges)
        self._incident: list[list[int]] = [[] for _ in range(n)]
        self.oriented: list[Pair] = list(edges)
        for k, (a, b) in enumerate(edges):
            self._incident[a].append(k)
            self._incident[b].append(k)

    def trail(self, start: int) -> list[tuple[int, int, int]]:
        """Walk from `start` until it is reached again, as (edge, from, to); by evenness it is. Empty: nothing left."""
        steps: list[tuple[int, int, int]] = []
        here, edge = start, self._pop(start)
        while edge is not None:
            a, b = self._edges[edge]
            there = b if here == a else a
            steps.append((edge, here, there))
            here = there
            edge = None if here == start else self._pop(here)
        return steps

    def _pop(self, vertex: int) -> int | None:
        incident = self._incident[vertex]
        while incident:
            edge = incident.pop()
            if self._unused[edge]:
                self._unused[edge] = False
                return edge
        return None


def orient_fair_complement(
    surplus: list[int], orders: Mapping[Pair, tuple[int, int]], pairs: Sequence[Pair], rng: np.random.Generator
) -> list[Pair]:
    """Orient pairs one by one: a pair seen in one order only is turned round; else the surpluses decide.

    An essay that was first more often goes second; where neither or both of a pair were, the order that leaves the
    smaller surpluses is taken, and a coin decides between equals.

    Args:
        surplus: Times first minus times second of every essay so far; updated in place, pair by pair.
        orders: How often each pair (low, high) was put with low first and with high first.
        pairs: Unordered pairs of essay indices.
        rng: Tosses the coins.
    """
    oriented = []
    for low, high in pairs:
        low_first, high_first = orders.get((low, high), (0, 0))
        seen_once = (low_first == 0) != (high_first == 0)
        swap = high_first == 0 if seen_once else _swaps(surplus[low], surplus[high], rng)
        first, second = (high, low) if swap else (low, high)
        surplus[first] += 1
        surplus[second] -= 1
        oriented.append((first, second))
    return oriented


def _swaps(low: int, high: int, rng: np.random.Generator) -> bool:
    """Whether the essay with the higher index is shown first."""
    coin = bool(rng.random() < _EVEN)
    as_is = abs(low + 1) + abs(high - 1)
    turned = abs(low - 1) + abs(high + 1)
    return coin if as_is == turned else turned < as_is
