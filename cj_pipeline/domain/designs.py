"""Pair designs by name: which essays meet.

A design is a function from what exists (comparisons by essay, pairs already put, current measures) to new pairs. It is
seeded, puts no pair twice, and never returns more than it is asked for. Who is shown first is decided in `orientation`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import numpy as np

from cj_pipeline.domain.extension import extend_pairs, link_pairs
from cj_pipeline.domain.matching import matched_pairs
from cj_pipeline.domain.neighbours import neighbour_pairs
from cj_pipeline.domain.pairing import Pair, even_pairs, n_distinct_pairs, regular_pairs
from cj_pipeline.errors import DesignError


@dataclass(frozen=True, slots=True)
class DesignRequest:
    """What a design is asked for.

    Attributes:
        n_essays: Number of essays, at least 2.
        n_pairs: Most pairs to add.
        counts: Comparisons every essay has already, by essay index.
        taken: Pairs (low, high) that have been put already.
        measures: Current measures, logits; None before there are any.
        must_connect: Whether old and new pairs together have to link all essays.
    """

    n_essays: int
    n_pairs: int
    counts: Sequence[int]
    taken: frozenset[Pair] = frozenset()
    measures: Sequence[float] | None = None
    must_connect: bool = True

    @property
    def n_free(self) -> int:
        """Pairs that have not been put, at most as many as are asked for."""
        return max(0, min(self.n_pairs, n_distinct_pairs(self.n_essays) - len(self.taken)))


PairDesign: TypeAlias = Callable[[DesignRequest, np.random.Generator], list[Pair]]


def regular(request: DesignRequest, rng: np.random.Generator) -> list[Pair]:
    """Random pairs that leave every essay nearly equally often compared."""
    if not request.taken:
        draw_pairs = regular_pairs if request.must_connect else even_pairs
        return draw_pairs(request.n_essays, request.n_free, rng)
    return extend_pairs(request.counts, set(request.taken), target_degree=None, max_new=request.n_free, rng=rng)


def nearest_neighbour(request: DesignRequest, rng: np.random.Generator) -> list[Pair]:
    """Pairs of essays that the answers so far place near each other; without answers, regular ones."""
    if request.measures is None:
        return regular(request, rng)
    return neighbour_pairs(request.measures, request.counts, set(request.taken), request.n_free, rng)


def optimal_graph(request: DesignRequest, rng: np.random.Generator) -> list[Pair]:
    """Matchings of greatest fairness and proximity, one after the other: the reference system's design."""
    measures = request.measures or [0.0] * request.n_essays
    return matched_pairs(measures, request.counts, set(request.taken), request.n_free, rng)


def all_pairs(request: DesignRequest, rng: np.random.Generator) -> list[Pair]:
    """Every pair that has not been put, in random order; an even draw of them where fewer are asked for."""
    n = request.n_essays
    free = [(a, b) for a in range(n) for b in range(a + 1, n) if (a, b) not in request.taken]
    if request.n_free < len(free):
        return regular(request, rng)
    return [free[i] for i in rng.permutation(len(free))]


DESIGNS: Final[Mapping[str, PairDesign]] = {
    "regular": regular,
    "optimal_graph": optimal_graph,
    "nearest_neighbour": nearest_neighbour,
    "all_pairs": all_pairs,
}


def draw(name: str, request: DesignRequest, rng: np.random.Generator) -> list[Pair]:
    """Draw pairs by the design of that name.

    Groups of essays that no pair links are linked first, where that is asked for and there is something to link.

    Raises:
        DesignError: There is no such design, or so few pairs cannot link all essays.
    """
    if name not in DESIGNS:
        raise DesignError(f"there is no pair design {name!r}; choose one of: {', '.join(DESIGNS)}.")
    design = DESIGNS[name]
    if not request.must_connect or (design in {regular, all_pairs} and not request.taken):
        return design(request, rng)
    drawn = design(replace(request, must_connect=False), rng)
    return _connected(request, drawn, rng)


def _connected(request: DesignRequest, drawn: list[Pair], rng: np.random.Generator) -> list[Pair]:
    """Give up as many of the drawn pairs as are needed to link all essays."""
    for _ in range(request.n_essays):
        counts = list(request.counts)
        for a, b in drawn:
            counts[a] += 1
            counts[b] += 1
        links = link_pairs(counts, [*request.taken, *drawn], max_new=request.n_essays, rng=rng)
        if len(drawn) + len(links) <= request.n_free:
            return drawn + links
        drawn = drawn[: request.n_free - len(links)] if len(links) < request.n_free else []
        if not drawn:
            break
    raise DesignError(f"{request.n_free} pairs cannot link {request.n_essays} essays; allow more comparisons.")
