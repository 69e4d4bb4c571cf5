"""The pair set: everything planned for an assessment, and what to add to it.

`plan_comparisons` is a pure function of the essays, what exists already, the limits and the seed. Same input, same
plan. What does not belong here: storing the plan (ledger) and pricing it (cost).
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.extension import extend_pairs, link_pairs
from cj_pipeline.domain.orientation import orient_eulerian, orient_fairly
from cj_pipeline.domain.pairing import Pair, components, even_pairs, n_distinct_pairs, regular_pairs
from cj_pipeline.errors import DesignError

_MAX_LAYERS = 2
"""A pair is put at most once in each order: a third time would ask the same question again."""


@dataclass(frozen=True, slots=True)
class PlannedComparison:
    """An ordered pair to be put to a judge.

    Attributes:
        first: Index of the essay shown first.
        second: Index of the essay shown second.
        replicate: 0 for the first time a pair is put, 1 for the reversed order.
    """

    first: int
    second: int
    replicate: int = 0

    @property
    def pair(self) -> Pair:
        """The unordered pair."""
        return (self.first, self.second) if self.first < self.second else (self.second, self.first)


@dataclass(frozen=True, slots=True)
class Limits:
    """What bounds a pair set.

    Attributes:
        max_pairs_cap: Most comparisons it may ever hold.
        comparisons_per_essay: Comparisons each essay should have; None: use the whole cap.
    """

    max_pairs_cap: int
    comparisons_per_essay: int | None = None


def plan_comparisons(
    n_essays: int, existing: Sequence[PlannedComparison], limits: Limits, seed: int
) -> list[PlannedComparison]:
    """Choose the comparisons to add, so that all essays are connected and nearly equally often compared.

    Args:
        n_essays: Number of essays, at least 2.
        existing: Comparisons planned earlier between the essays as they are now.
        limits: Cap and target.
        seed: Seed of the random design.

    Returns:
        New comparisons only; empty when nothing is missing.

    Raises:
        DesignError: The cap cannot connect the essays.
    """
    room = limits.max_pairs_cap - len(existing)
    if limits.max_pairs_cap < n_essays - 1:
        raise DesignError(
            f"max_pairs_cap is {limits.max_pairs_cap}, but {n_essays} essays need at least {n_essays - 1} comparisons "
            f"to be connected. Raise max_pairs_cap in assessment.yaml to {n_essays - 1} or more."
        )
    rng = np.random.default_rng([seed, len(existing), n_essays])
    added = _first_draw(n_essays, limits, rng) if not existing else _extend(n_essays, existing, room, limits, rng)
    _require_connected(n_essays, [*existing, *added], limits)
    return added


def _first_draw(n: int, limits: Limits, rng: np.random.Generator) -> list[PlannedComparison]:
    c = limits.comparisons_per_essay
    wanted = limits.max_pairs_cap if c is None else min(limits.max_pairs_cap, max(n - 1, -(-n * c // 2)))
    full = n_distinct_pairs(n)
    oriented = orient_eulerian(n, regular_pairs(n, min(wanted, full), rng), rng)
    plan = [PlannedComparison(a, b) for a, b in oriented]
    reversed_count = min(wanted, _MAX_LAYERS * full) - full
    if reversed_count > 0:
        plan += _reversed_layer(n, oriented, reversed_count, rng)
    return plan


def _reversed_layer(n: int, oriented: Sequence[Pair], count: int, rng: np.random.Generator) -> list[PlannedComparison]:
    """The same pairs in the other order; which ones, by an even draw."""
    order = {tuple(sorted(pair)): pair for pair in oriented}
    return [PlannedComparison(order[pair][1], order[pair][0], replicate=1) for pair in even_pairs(n, count, rng)]


def _extend(
    n: int, existing: Sequence[PlannedComparison], room: int, limits: Limits, rng: np.random.Generator
) -> list[PlannedComparison]:
    """Add what is missing: new pairs first, then reversed orders where every pair has been put."""
    degrees, surplus = [0] * n, [0] * n
    for comparison in existing:
        degrees[comparison.first] += 1
        degrees[comparison.second] += 1
        surplus[comparison.first] += 1
        surplus[comparison.second] -= 1
    once = {c.pair for c in existing if c.replicate == 0}
    target = limits.comparisons_per_essay
    links = link_pairs(degrees, [c.pair for c in existing], max_new=room, rng=rng)
    linked = [d + sum(i in pair for pair in links) for i, d in enumerate(degrees)]
    fill = extend_pairs(linked, once | set(links), target_degree=target, max_new=room - len(links), rng=rng)
    new = links + fill
    added = [PlannedComparison(a, b) for a, b in orient_fairly(surplus, new, rng)]
    for comparison in added:
        degrees[comparison.first] += 1
        degrees[comparison.second] += 1
    firsts = [c for c in [*existing, *added] if c.replicate == 0]
    if len(firsts) < n_distinct_pairs(n):
        return added
    twice = {c.pair for c in existing if c.replicate == 1}
    again = extend_pairs(degrees, twice, target_degree=target, max_new=room - len(added), rng=rng)
    order = {c.pair: c for c in firsts}
    return added + [PlannedComparison(order[p].second, order[p].first, replicate=1) for p in again]


def _require_connected(n: int, plan: Sequence[PlannedComparison], limits: Limits) -> None:
    groups = components(n, [c.pair for c in plan])
    if len(groups) > 1:
        raise DesignError(
            f"the cap of {limits.max_pairs_cap} comparisons leaves {len(groups) - 1} group(s) of essays without a "
            f"comparison to the rest ({len(plan)} are planned already). Raise max_pairs_cap in assessment.yaml "
            f"by at least {len(groups) - 1}."
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
