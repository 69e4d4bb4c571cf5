"""Which pairs people are asked to judge, and which of them comes next.

People judge a share of the pair set, which the models judge too: so their agreement can be told, and both kinds of
decisions hang together on one scale.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from cj_pipeline.domain.orientation import orient_eulerian
from cj_pipeline.domain.pairing import Pair


def pairs_for_people(n_essays: int, pairs: Sequence[Pair], share: float, seed: int) -> list[Pair]:
    """Choose pairs of the pair set for people, spread over the essays as evenly as the pair set allows.

    Args:
        n_essays: Number of essays.
        pairs: Distinct pairs of the pair set, as (low, high).
        share: Share of them that people judge, 0 to 1; at least one pair where it is above 0.
        seed: Seed of the assessment.

    Returns:
        Ordered pairs (first, second), every essay as often first as second, or once more or less.
    """
    rng = np.random.default_rng([seed, 2, n_essays, len(pairs)])
    wanted = min(len(pairs), int(np.ceil(share * len(pairs) - 1e-9)))
    counts = [0] * n_essays
    left = [pairs[i] for i in rng.permutation(len(pairs))]
    chosen: list[Pair] = []
    while len(chosen) < wanted:
        chosen += _one_round(counts, left, wanted - len(chosen))
    return orient_eulerian(n_essays, chosen, rng)


def _one_round(counts: list[int], left: list[Pair], n_more: int) -> list[Pair]:
    """Pairs whose essays are the least chosen so far; taken out of `left`."""
    left.sort(key=lambda pair: max(counts[pair[0]], counts[pair[1]]))
    taken: list[Pair] = []
    rest: list[Pair] = []
    touched: set[int] = set()
    for pair in left:
        if len(taken) < n_more and touched.isdisjoint(pair):
            taken.append(pair)
            touched.update(pair)
            counts[pair[0]] += 1
            counts[pair[1]] += 1
        else:
            rest.append(pair)
    left[:] = rest
    return taken


def next_pair(
    assigned: Sequence[tuple[str, str]], judged_by: Mapping[frozenset[str], Collection[str]], judge: str
) -> tuple[str, str] | None:
    """The pair a person sees next: of those they have not judged, the one with the fewest decisions; None at the end.

    Args:
        assigned: Ordered pairs for people, by essay id.
        judged_by: Who has judged each pair, in either order.
        judge: Who asks.

    Returns:
        (first, second). Judges start at different places, so that several at once seldom see the same pair.
    """
    start = sum(judge.encode()) % max(len(assigned), 1)
    turned = [*assigned[start:], *assigned[:start]]
    open_ = [pair for pair in turned if judge not in judged_by.get(frozenset(pair), ())]
    counts = Counter({pair: len(judged_by.get(frozenset(pair), ())) for pair in open_})
    return min(open_, key=lambda pair: counts[pair], default=None)
