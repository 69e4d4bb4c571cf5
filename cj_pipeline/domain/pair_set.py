"""The pair set: everything planned for an assessment, and what to add to it.

Pure functions of the essays, what exists already, the limits and the seed: same input, same plan. What does not belong
here: which essays meet (designs), who is shown first (orientation), storing the plan (ledger) and pricing it (cost).
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cj_pipeline.domain.designs import DesignRequest, draw
from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.evening import evened, spread
from cj_pipeline.domain.orientation import orient_eulerian_onto, orient_fair_complement
from cj_pipeline.domain.pairing import Pair, components, even_pairs, n_distinct_pairs
from cj_pipeline.domain.stub_matching import near_regular_degrees, stub_matching
from cj_pipeline.errors import DesignError

_DRAWS: Final = 20
"""Draws of an even net with repeats, before one that is nearly even is taken and evened out."""

_EVENED: Final = 2000
"""Most essays of a net that is evened out; in larger ones a cap is far from all pairs, where draws are even at once."""


@dataclass(frozen=True, slots=True)
class PlannedComparison:
    """An ordered pair to be put to a judge.

    Attributes:
        first: Index of the essay shown first.
        second: Index of the essay shown second.
        replicate: How often the pair was put before.
    """

    first: int
    second: int
    replicate: int = 0

    @property
    def pair(self) -> Pair:
        """The unordered pair."""
        return (self.first, self.second) if self.first < self.second else (self.second, self.first)


@dataclass(frozen=True, slots=True)
class PlanRules:
    """How a pair set is made.

    Attributes:
        pair_design: Which essays meet in the first wave; a name in `designs.DESIGNS`.
        next_wave_design: Which essays meet in later waves.
        orientation: Who is shown first: `eulerian` or `fair_complement`.
        reversed_share: Share of the first wave that puts a pair again in the other order, where not every pair is put.
        most_times: Times a pair may be put.
        seed: Seed of every draw.
    """

    pair_design: str = "regular"
    next_wave_design: str = "nearest_neighbour"
    orientation: str = "eulerian"
    reversed_share: float = 0.0
    most_times: int = 2
    seed: int = 0


def first_wave(n_essays: int, n_wanted: int, rules: PlanRules) -> list[PlannedComparison]:
    """Draw the first wave: connected, nearly equally many comparisons for every essay, balanced orders.

    With more comparisons than pairs, every pair is put as often as every other or once more, in alternating orders.

    Args:
        n_essays: Number of essays, at least 2.
        n_wanted: Comparisons, at least n - 1.
        rules: How it is made.

    Raises:
        DesignError: So few comparisons cannot connect the essays.
    """
    if n_wanted < n_essays - 1:
        raise DesignError(
            f"max_pairs_cap is {n_wanted}, but {n_essays} essays need at least {n_essays - 1} comparisons to be "
            f"connected. Raise max_pairs_cap in assessment.yaml to {n_essays - 1} or more."
        )
    rng = np.random.default_rng([rules.seed, 0, n_essays])
    full = n_distinct_pairs(n_essays)
    if n_wanted < full:
        return _sparse_wave(n_essays, n_wanted, rules, rng)
    layers, more = divmod(n_wanted, full)
    plan = [c for _ in range(layers // 2) for c in _both_orders(every_pair(n_essays), rng)]
    if layers % 2 == 0:
        plan += _once(n_essays, even_pairs(n_essays, more, rng), rules, rng)
    else:
        # Pairs put in both orders balance themselves: only those put once have to be oriented with care.
        once = even_pairs(n_essays, full - more, rng)
        plan += _once(n_essays, once, rules, rng)
        plan += _both_orders([pair for pair in every_pair(n_essays) if pair not in set(once)], rng)
    return numbered(plan)


def _sparse_wave(n: int, wanted: int, rules: PlanRules, rng: np.random.Generator) -> list[PlannedComparison]:
    """Fewer comparisons than pairs: some of the pairs are put in both orders, to measure the position effect."""
    # As many comparisons as essays make a ring, where all are equal; a repeat would leave a tree, where they cannot be.
    most = 0 if wanted == n else wanted - (n - 1)
    n_reversed = min(round(rules.reversed_share * wanted), most, wanted // 2)
    once, twice = _once_and_twice(n, wanted, n_reversed, rules, rng)
    return numbered([*_once(n, once, rules, rng), *_both_orders(twice, rng)])


def _once_and_twice(
    n: int, wanted: int, n_reversed: int, rules: PlanRules, rng: np.random.Generator
) -> tuple[list[Pair], list[Pair]]:
    """Pairs that are put once, and pairs that are put in both orders."""
    if rules.pair_design != "regular" or n_reversed == 0:
        return _with_repeats(n, wanted, n_reversed, rules, rng)
    # Draws of a dense net seldom come out even, and take long.
    if 2 * wanted <= n_distinct_pairs(n):
        for _ in range(_DRAWS):
            found = _even_split(n, wanted, n_reversed, rng)
            if found and len(components(n, [*found[0], *found[1]])) == 1:
                return found
    return _evened_net(n, wanted, n_reversed, rules, rng)


def _evened_net(
    n: int, wanted: int, n_reversed: int, rules: PlanRules, rng: np.random.Generator
) -> tuple[list[Pair], list[Pair]]:
    """A net that is evened out after it was drawn; where that gets stuck, the most even of several."""
    best = _with_repeats(n, wanted, n_reversed, rules, rng)
    for _ in range(_DRAWS if n <= _EVENED else 0):
        net = evened(n, *_with_repeats(n, wanted, n_reversed, rules, rng), rng)
        best = min(best, net, key=lambda kinds: spread(n, [*kinds[0], *kinds[1], *kinds[1]]))
        if spread(n, [*best[0], *best[1], *best[1]]) <= 1:
            break
    return best


def _with_repeats(
    n: int, wanted: int, n_reversed: int, rules: PlanRules, rng: np.random.Generator
) -> tuple[list[Pair], list[Pair]]:
    """A net of the design, and those of its pairs chosen to be put twice that keep it nearly even."""
    pairs = draw(rules.pair_design, DesignRequest(n, wanted - n_reversed, [0] * n, frozenset()), rng)
    twice = sorted(_least_compared(n, pairs, n_reversed))
    repeated = set(twice)
    return [pair for pair in pairs if pair not in repeated], twice


def _even_split(n: int, wanted: int, n_reversed: int, rng: np.random.Generator) -> tuple[list[Pair], list[Pair]] | None:
    """Both kinds drawn so that comparisons per essay differ by at most one; None where the net is too dense for it."""
    twice = even_pairs(n, n_reversed, rng)
    left = near_regular_degrees(n, wanted, rng)
    for a, b in twice:
        left[a] -= 2
        left[b] -= 2
    once = stub_matching(left, rng, set(twice)) if min(left) >= 0 else None
    return None if once is None else (once, twice)


def _least_compared(n: int, pairs: Sequence[Pair], n_more: int) -> list[Pair]:
    """Pairs to put a second time, so that the essays stay nearly equally often compared."""
    degrees = [0] * n
    for a, b in pairs:
        degrees[a] += 1
        degrees[b] += 1
    chosen: list[Pair] = []
    waiting = sorted(pairs, key=lambda pair: degrees[pair[0]] + degrees[pair[1]])
    touched: set[int] = set()
    while len(chosen) < n_more:
        rest = []
        for pair in waiting:
            if len(chosen) < n_more and touched.isdisjoint(pair):
                chosen.append(pair)
                touched.update(pair)
            else:
                rest.append(pair)
        waiting, touched = rest, set()
    return chosen


def every_pair(n: int) -> list[Pair]:
    """All pairs of n essays."""
    return [(a, b) for a in range(n) for b in range(a + 1, n)]


def _once(n: int, pairs: Sequence[Pair], rules: PlanRules, rng: np.random.Generator) -> list[Pair]:
    return oriented(pairs, rules.orientation, [0] * n, {}, rng)


def oriented(
    pairs: Sequence[Pair],
    orientation: str,
    surplus: list[int],
    orders: dict[Pair, tuple[int, int]],
    rng: np.random.Generator,
) -> list[Pair]:
    """Pairs as (first, second), by the orientation of that name; `surplus` is updated."""
    if orientation == "fair_complement":
        return orient_fair_complement(surplus, orders, pairs, rng)
    return orient_eulerian_onto(surplus, pairs, rng)


def _both_orders(pairs: Sequence[Pair], rng: np.random.Generator) -> list[Pair]:
    """Every pair in both orders; which of them comes first is drawn."""
    flip = rng.random(len(pairs)) < 0.5  # noqa: PLR2004 (a fair coin)
    firsts = [(b, a) if turned else (a, b) for (a, b), turned in zip(pairs, flip, strict=True)]
    return firsts + [(b, a) for a, b in firsts]


def numbered(ordered: Sequence[Pair], existing: Sequence[PlannedComparison] = ()) -> list[PlannedComparison]:
    """Number the times each pair (first, second) is put, on top of what exists."""
    times = Counter(c.pair for c in existing)
    plan = []
    for first, second in ordered:
        pair = (first, second) if first < second else (second, first)
        plan.append(PlannedComparison(first, second, times[pair]))
        times[pair] += 1
    return plan


def prescribed_wave(pairs: Sequence[tuple[int, int, int]]) -> list[PlannedComparison]:
    """The comparisons that a caller fixes.

    Args:
        pairs: Rows (first, second, times).
    """
    return numbered([(first, second) for first, second, times in pairs for _ in range(times)])


def require_connected(n_essays: int, plan: Sequence[PlannedComparison], cap: int) -> None:
    """Make sure that a plan links all essays.

    Raises:
        DesignError: It does not.
    """
    groups = components(n_essays, [c.pair for c in plan])
    if len(groups) > 1:
        raise DesignError(
            f"the cap of {cap} comparisons leaves {len(groups) - 1} group(s) of essays without a comparison to the "
            f"rest ({len(plan)} are planned already). Raise max_pairs_cap in assessment.yaml by at least "
            f"{len(groups) - 1}."
        )


def comparison_key(first: Essay, second: Essay, replicate: int) -> str:
    """Name of a comparison within a judging session: who is shown first, who second, which time.

    It is made of the essays' ids and digests, so an edited essay makes new comparisons and leaves the others alone.
    """
    parts = [first.essay_id, first.digest, second.essay_id, second.digest, str(replicate)]
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def pair_set_digest(keys: Sequence[str]) -> str:
    """SHA-256 over the sorted keys of a pair set: equal digests, equal plans."""
    return hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()
