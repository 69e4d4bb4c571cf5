"""The reference system's design, for parity: maximum-weight matchings by fairness and proximity, wave upon wave.

Beside it stands `neighbours`, which gives as good pairs in a fraction of the time: docs/efficiency.md.
"""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from cj_pipeline.domain.pairing import Pair
from cj_pipeline.errors import DesignError

MOST_ESSAYS: Final = 300
"""Beyond this a matching takes minutes."""

_FAIRNESS, _PROXIMITY, _FAR, _JITTER = 1.0, 0.5, 2.0, 1e-3


def matched_pairs(
    measures: Sequence[float], counts: Sequence[int], taken: set[Pair], n_pairs: int, rng: np.random.Generator
) -> list[Pair]:
    """Match essays in waves of one partner each.

    The weight of a pair is 1/(1 + n_i) + 1/(1 + n_j), n being comparisons so far, plus exp(-|gap|) / 2 where the
    measures are less than 2 logits apart, plus a random tie-breaker below 0.001. With an odd number the essay with the
    most comparisons stands back.

    Args:
        measures: Current measures, logits.
        counts: Comparisons every essay has already.
        taken: Pairs that may not be drawn again.
        n_pairs: How many to draw.
        rng: Breaks ties.

    Raises:
        DesignError: More than `MOST_ESSAYS` essays.
    """
    if len(measures) > MOST_ESSAYS:
        raise DesignError(
            f"pair design optimal_graph is for at most {MOST_ESSAYS} essays, not {len(measures)}: choose regular, or "
            "nearest_neighbour for later waves."
        )
    degrees, used, new = list(counts), set(taken), list[Pair]()
    while len(new) < n_pairs:
        wave = _wave(measures, degrees, used, rng)[: n_pairs - len(new)]
        if not wave:
            break
        for a, b in wave:
            degrees[a] += 1
            degrees[b] += 1
        used.update(wave)
        new += wave
    return new


def _wave(measures: Sequence[float], degrees: Sequence[int], used: set[Pair], rng: np.random.Generator) -> list[Pair]:
    import networkx as nx  # noqa: PLC0415 (half a second to import, for a design that is seldom chosen)

    n = len(measures)
    back = max(range(n), key=lambda i: (degrees[i], -i)) if n % 2 else -1
    graph = nx.Graph()
    for a in range(n):
        for b in range(a + 1, n):
            if back not in {a, b} and (a, b) not in used:
                graph.add_edge(a, b, weight=_weight(measures, degrees, a, b) + _JITTER * float(rng.random()))
    matching = nx.max_weight_matching(graph, maxcardinality=True)
    return sorted((min(pair), max(pair)) for pair in matching)


def _weight(measures: Sequence[float], degrees: Sequence[int], a: int, b: int) -> float:
    gap = abs(measures[a] - measures[b])
    near = math.exp(-gap) if gap < _FAR else 0.0
    return _FAIRNESS * (1 / (1 + degrees[a]) + 1 / (1 + degrees[b])) + _PROXIMITY * near
