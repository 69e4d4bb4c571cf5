"""The `regular` pair design: a random near-regular graph without repeats, connected.

Every essay meets nearly equally many others, so no essay is known much worse than the rest, and a random
regular graph is a good expander, so errors stay small everywhere. None of the designs
that were compared (chains, stars, optimal designs) is better at equal cost: docs/decisions/0009-pair-design.md.

A pair is an unordered couple of essay indices `(low, high)`. Which essay is shown first is decided in
`orientation`; which judge is asked, in `judge_panel`.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from cj_pipeline.domain.stub_matching import near_regular_degrees, stub_matching
from cj_pipeline.errors import DesignError

Pair: TypeAlias = tuple[int, int]

_LARGE, _SPARSE = 500, 10
"""From this many essays, and where at most a tenth of all pairs is drawn, graphs are drawn in whole arrays."""


def n_distinct_pairs(n_essays: int) -> int:
    """How many different pairs n essays form: n (n - 1) / 2."""
    return n_essays * (n_essays - 1) // 2


def components(n_essays: int, pairs: Iterable[Pair]) -> list[list[int]]:
    """Groups of essays connected by pairs, largest first; an essay without pairs is a group of its own."""
    neighbours: list[list[int]] = [[] for _ in range(n_essays)]
    for a, b in pairs:
        neighbours[a].append(b)
        neighbours[b].append(a)
    seen = [False] * n_essays
    groups = [_reach(start, neighbours, seen) for start in range(n_essays) if not seen[start]]
    return sorted(groups, key=len, reverse=True)


def _reach(start: int, neighbours: Sequence[Sequence[int]], seen: list[bool]) -> list[int]:
    if seen[start]:
        return []
    seen[start] = True
    group, queue = [start], deque([start])
    while queue:
        for other in neighbours[queue.popleft()]:
            if not seen[other]:
                seen[other] = True
                group.append(other)
                queue.append(other)
    return group


def regular_pairs(n_essays: int, n_pairs: int, rng: np.random.Generator) -> list[Pair]:
    """Draw a random connected graph whose degrees differ by at most one.

    Args:
        n_essays: Number of essays, at least 2.
        n_pairs: Number of pairs, from n - 1 (fewer cannot connect them) to n (n - 1) / 2.
        rng: Source of randomness; the same state gives the same pairs.

    Returns:
        Pairs `(low, high)` without repeats, in random order.

    Raises:
        DesignError: `n_pairs` is outside that range.
    """
    if not n_essays - 1 <= n_pairs <= n_distinct_pairs(n_essays):
        raise DesignError(
            f"{n_essays} essays need between {n_essays - 1} and {n_distinct_pairs(n_essays)} pairs, not {n_pairs}."
        )
    return _draw(n_essays, n_pairs, rng, connected=True)


def even_pairs(n_essays: int, n_pairs: int, rng: np.random.Generator) -> list[Pair]:
    """Draw a random graph whose degrees differ by at most one, connected or not: a second layer over a first one.

    Args:
        n_essays: Number of essays, at least 2.
        n_pairs: Number of pairs, from 0 to n (n - 1) / 2.
        rng: Source of randomness.
    """
    return _draw(n_essays, n_pairs, rng, connected=False)


def _draw(n_essays: int, n_pairs: int, rng: np.random.Generator, *, connected: bool) -> list[Pair]:
    if n_essays >= _LARGE and 2 * n_pairs <= n_essays * n_essays // _SPARSE:
        drawn = stub_matching(near_regular_degrees(n_essays, n_pairs, rng), rng)
        if drawn is not None:
            graph = _SwapGraph(drawn)
            if connected:
                graph.connect(n_essays)
            return graph.edges
    labels = rng.permutation(n_essays)
    graph = _SwapGraph(_near_regular(n_essays, n_pairs))
    graph.shuffle(rng)
    if connected:
        graph.connect(n_essays)
    pairs = [_ordered(int(labels[a]), int(labels[b])) for a, b in graph.edges]
    return [pairs[i] for i in rng.permutation(len(pairs))]


def _ordered(a: int, b: int) -> Pair:
    return (a, b) if a < b else (b, a)


def _near_regular(n: int, m: int) -> list[Pair]:
    """A graph with m edges and degrees differing by at most one (Havel-Hakimi: always join the neediest)."""
    base, extra = divmod(2 * m, n)
    need = [base + (i < extra) for i in range(n)]
    buckets: list[list[int]] = [[] for _ in range(base + 2)]
    for i, degree in enumerate(need):
        buckets[degree].append(i)
    edges: list[Pair] = []
    for level in range(base + 1, 0, -1):
        while buckets[level]:
            edges.extend(_serve(buckets, level))
    return edges


def _serve(buckets: list[list[int]], level: int) -> list[Pair]:
    """Join one vertex that needs `level` edges to the `level` others that need most."""
    vertex = buckets[level].pop()
    partners: list[tuple[int, int]] = []
    for need in range(level, 0, -1):
        while buckets[need] and len(partners) < level:
            partners.append((buckets[need].pop(), need))
    if len(partners) < level:
        raise DesignError("internal: degree sequence is not graphical")
    for other, need in partners:
        buckets[need - 1].append(other)
    return [_ordered(vertex, other) for other, _ in partners]


class _SwapGraph:
    """Edges that are exchanged two at a time, which leaves every degree as it is."""

    def __init__(self, edges: list[Pair]) -> None:
        self.edges = edges
        self._present = set(edges)

    def shuffle(self, rng: np.random.Generator, sweeps: int = 10) -> None:
        """Randomise by double edge swaps, `sweeps` tries per edge."""
        m = len(self.edges)
        for _ in range(sweeps):
            others = rng.integers(m, size=m)
            crossed = rng.random(m) < 0.5  # noqa: PLR2004 (a fair coin)
            for i in range(m):
                self._try_swap(i, int(others[i]), crossed=bool(crossed[i]))

    def connect(self, n: int) -> None:
        """Merge components: swap an edge that lies on a cycle with an edge of another component."""
        while len(groups := components(n, self.edges)) > 1:
            where = {vertex: k for k, group in enumerate(groups) for vertex in group}
            i = self._cycle_edge(n)
            home = where[self.edges[i][0]]
            j = next(k for k, (a, _) in enumerate(self.edges) if where[a] != home)
            self._try_swap(i, j, crossed=False)

    def _cycle_edge(self, n: int) -> int:
        """Index of an edge outside a spanning forest: removing it disconnects nothing."""
        root = list(range(n))

        def find(x: int) -> int:
            while root[x] != x:
                root[x] = root[root[x]]
                x = root[x]
            return x

        for i, (a, b) in enumerate(self.edges):
            ra, rb = find(a), find(b)
            if ra == rb:
                return i
            root[ra] = rb
        raise DesignError("internal: too few pairs to connect the essays")

    def _try_swap(self, i: int, j: int, *, crossed: bool) -> None:
        (a, b), (c, d) = self.edges[i], self.edges[j]
        if crossed:
            c, d = d, c
        if len({a, b, c, d}) < 4:  # noqa: PLR2004 (two edges have four ends)
            return
        new_i, new_j = _ordered(a, c), _ordered(b, d)
        if new_i in self._present or new_j in self._present:
            return
        self._present -= {self.edges[i], self.edges[j]}
        self._present |= {new_i, new_j}
        self.edges[i], self.edges[j] = new_i, new_j
