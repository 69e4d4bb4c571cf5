"""Which pairs people judge, and in which order."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cj_pipeline.domain.pairing import regular_pairs
from cj_pipeline.domain.people import next_pair, pairs_for_people

ASSIGNED = [("a", "b"), ("c", "d"), ("e", "f")]


@given(st.integers(4, 30), st.floats(0, 1), st.integers(0, 1000))
def test_people_get_their_share_spread_over_the_essays(n: int, share: float, seed: int) -> None:
    pairs = regular_pairs(n, min(2 * n, n * (n - 1) // 2), np.random.default_rng(seed))
    chosen = pairs_for_people(n, pairs, share, seed)

    assert len(chosen) == int(np.ceil(share * len(pairs) - 1e-9))
    unordered = [(min(p), max(p)) for p in chosen]
    assert len(set(unordered)) == len(chosen)
    assert set(unordered) <= set(pairs)
    first, either = Counter(a for a, _ in chosen), Counter(e for pair in chosen for e in pair)
    assert all(abs(2 * first[e] - either[e]) <= 1 for e in either)
    assert chosen == pairs_for_people(n, pairs, share, seed)


def test_a_tenth_of_a_regular_plan_leaves_no_essay_with_three_while_another_has_none() -> None:
    pairs = regular_pairs(24, 240, np.random.default_rng(1))
    counts = Counter(e for pair in pairs_for_people(24, pairs, 0.1, 3) for e in pair)

    assert sum(counts.values()) == 48
    assert max(counts.values()) - min(counts[e] for e in range(24)) <= 1


def test_nothing_is_asked_of_people_where_their_share_is_nothing() -> None:
    assert pairs_for_people(4, [(0, 1), (1, 2)], 0.0, 1) == []
    assert next_pair([], {}, "anna") is None


def test_pairs_nobody_has_judged_come_first() -> None:
    judged = {frozenset("ab"): {"bo"}, frozenset("cd"): {"bo"}}

    assert next_pair(ASSIGNED, judged, "anna") == ("e", "f")


@pytest.mark.parametrize("judge", ["anna", "bo", "çağla"])
def test_a_person_sees_every_pair_once(judge: str) -> None:
    judged: dict[frozenset[str], set[str]] = {}
    seen = []
    while (pair := next_pair(ASSIGNED, judged, judge)) is not None:
        seen.append(pair)
        judged.setdefault(frozenset(pair), set()).add(judge)

    assert sorted(seen) == ASSIGNED
