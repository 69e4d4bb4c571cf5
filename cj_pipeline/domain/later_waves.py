"""Adding to a pair set: later waves, and comparisons for essays that came later. Nothing old is drawn again.

What does not belong here: the first wave (pair_set), deciding whether there is another one (continuation).
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from cj_pipeline.domain.designs import DesignRequest, draw
from cj_pipeline.domain.extension import extend_pairs, link_pairs
from cj_pipeline.domain.pair_set import PlannedComparison, PlanRules, every_pair, numbered, oriented
from cj_pipeline.domain.pairing import Pair, components, n_distinct_pairs
from cj_pipeline.domain.repeats import repeat_pairs


@dataclass(frozen=True, slots=True)
class Evidence:
    """What earlier waves have shown.

    Attributes:
        linked: Pairs that have a verdict: only these connect essays.
        measures: Current measures, logits; None before there are any.
    """

    linked: frozenset[Pair] = frozenset()
    measures: Sequence[float] | None = None


class _SoFar:
    """A pair set that grows: what was put, in which orders, and how to draw the next."""

    def __init__(self, n: int, existing: Sequence[PlannedComparison], rules: PlanRules) -> None:
        self.n, self.rules, self.added = n, rules, list[PlannedComparison]()
        self.rng = np.random.default_rng([rules.seed, len(existing), n])
        self.counts, self.surplus = [0] * n, [0] * n
        self.orders: dict[Pair, tuple[int, int]] = {}
        self._all: list[PlannedComparison] = []
        self._note(existing)

    def _note(self, comparisons: Sequence[PlannedComparison]) -> None:
        for c in comparisons:
            self.counts[c.first] += 1
            self.counts[c.second] += 1
            self.surplus[c.first] += 1
            self.surplus[c.second] -= 1
            low, high = self.orders.get(c.pair, (0, 0))
            self.orders[c.pair] = (low + 1, high) if c.first < c.second else (low, high + 1)
        self._all += comparisons

    def put(self, pairs: Sequence[Pair]) -> None:
        """Put new pairs, each in the order that balances best."""
        self.put_ordered(oriented(pairs, self.rules.orientation, list(self.surplus), self.orders, self.rng))

    def put_ordered(self, ordered: Sequence[Pair]) -> None:
        """Put pairs as (first, second)."""
        new = numbered(ordered, self._all)
        self.added += new
        self._note(new)

    def put_again(self, n_more: int, *, most_times: int, needy: Collection[int] | None = None) -> bool:
        """Part of a resampling pass: pairs that were put least often, in the order that was put less.

        Args:
            n_more: Most comparisons to add.
            most_times: Times a pair may be put at all.
            needy: Essays of which each pair has to hold one; None: any.

        Returns:
            Whether anything was added.
        """
        times = {p: sum(both) for p, both in self.orders.items() if needy is None or not set(p).isdisjoint(needy)}
        fewest = min(times.values(), default=most_times)
        if fewest >= most_times:
            return False
        layer = sorted(pair for pair, count in times.items() if count == fewest)
        most = min(n_more, len(layer))
        if fewest % 2 == 1:
            # Seen once more in one order: the other order is put now.
            seen = [(a, b) if self.orders[a, b][0] > self.orders[a, b][1] else (b, a) for a, b in layer]
            self.put_ordered(repeat_pairs(self.n, seen, most, self.rng))
        else:
            taken = frozenset(every_pair(self.n)) - set(layer)
            request = DesignRequest(self.n, most, self.counts, taken, must_connect=False)
            self.put(draw("regular", request, self.rng))
        return True


def next_wave(
    n_essays: int, existing: Sequence[PlannedComparison], n_wanted: int, rules: PlanRules, evidence: Evidence
) -> list[PlannedComparison]:
    """Draw a later wave: essays without a link first, then new pairs, then pairs again in the order less put.

    Args:
        n_essays: Number of essays.
        existing: Everything planned so far, failed comparisons included: nothing is asked again that was asked.
        n_wanted: Comparisons to add.
        rules: How it is made.
        evidence: What earlier waves have shown.
    """
    so_far = _SoFar(n_essays, existing, rules)
    links = _links(so_far, evidence.linked, n_wanted)
    taken = frozenset(so_far.orders) | set(links)
    fresh = min(n_wanted - len(links), n_distinct_pairs(n_essays) - len(taken))
    request = DesignRequest(n_essays, fresh, so_far.counts, taken, evidence.measures, must_connect=False)
    so_far.put(links + (draw(rules.next_wave_design, request, so_far.rng) if fresh > 0 else []))
    while len(so_far.added) < n_wanted:
        if not so_far.put_again(n_wanted - len(so_far.added), most_times=rules.most_times):
            break
    return so_far.added


def _links(so_far: _SoFar, linked: frozenset[Pair], most: int) -> list[Pair]:
    """New pairs between groups that no verdict links, each smaller group to the largest."""
    main, *others = components(so_far.n, linked)
    links: list[Pair] = []
    for group in others[:most]:
        between = ((min(a, b), max(a, b)) for a in group for b in main)
        free = [pair for pair in between if pair not in so_far.orders]
        if free:
            tie = so_far.rng.random(len(free))
            best = min(range(len(free)), key=lambda k: (sum(so_far.counts[i] for i in free[k]), tie[k]))
            links.append(free[best])
    return links


def extend(
    n_essays: int, existing: Sequence[PlannedComparison], room: int, target: int | None, rules: PlanRules
) -> list[PlannedComparison]:
    """Add what is missing from a plan: essays that came later get their own comparisons, the others keep theirs.

    Args:
        n_essays: Number of essays.
        existing: Comparisons planned earlier between the essays as they are now.
        room: Most comparisons to add.
        target: Comparisons every essay should have; None: use all of the room.
        rules: How it is made.
    """
    so_far = _SoFar(n_essays, existing, rules)
    taken, counts = set(so_far.orders), list(so_far.counts)
    new = link_pairs(counts, taken, max_new=room, rng=so_far.rng)
    for essay, more in Counter(i for pair in new for i in pair).items():
        counts[essay] += more
    new += extend_pairs(counts, taken | set(new), target_degree=target, max_new=room - len(new), rng=so_far.rng)
    so_far.put(new)
    while len(so_far.orders) == n_distinct_pairs(n_essays) and len(so_far.added) < room:
        needy = None if target is None else {i for i, count in enumerate(so_far.counts) if count < target}
        missing = room if target is None else sum(max(0, target - count) for count in so_far.counts)
        # Two essays that both lack comparisons may share one: ask for the fewest that can do, and look again.
        more = min(-(-missing // 2), room - len(so_far.added))
        if not more or not so_far.put_again(more, most_times=rules.most_times, needy=needy):
            break
    return so_far.added
