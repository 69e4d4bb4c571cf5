"""Plans of known size, and the names of comparisons. What holds for every plan is tested under `properties`."""

# ruff: noqa: D103 - the name of a test is its sentence

import re
from collections import Counter

import numpy as np
import pytest

from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.extension import extend_pairs
from cj_pipeline.domain.orientation import orient_eulerian, orient_eulerian_onto, orient_fair_complement
from cj_pipeline.domain.pair_set import PlannedComparison, comparison_key, pair_set_digest
from cj_pipeline.domain.pairing import components, n_distinct_pairs, regular_pairs
from cj_pipeline.errors import DesignError
from cj_pipeline_tests.support.plans import Limits, plan_comparisons

SEED = 2026


def rng() -> np.random.Generator:
    """Return a source of randomness that gives the same again."""
    return np.random.default_rng(SEED)


def balance(n: int, plan: list[PlannedComparison]) -> list[int]:
    """Return times first minus times second of every essay."""
    return [sum((c.first == i) - (c.second == i) for c in plan) for i in range(n)]


@pytest.mark.parametrize(
    ("n", "cap", "once", "again"),
    [
        (24, 60, 60, 0),
        (24, 276, 276, 0),
        (24, 288, 276, 12),
        (24, 552, 276, 276),
        (24, 900, 276, 276),
        (12, 120, 66, 54),
        (5, 60, 10, 10),
        (2, 1, 1, 0),
    ],
)
def test_a_cap_alone_is_used_up_first_on_new_pairs_then_on_reversed_ones(
    n: int, cap: int, once: int, again: int
) -> None:
    plan = plan_comparisons(n, [], Limits(cap), SEED)

    assert Counter(c.replicate for c in plan) == Counter({0: once, 1: again})


@pytest.mark.parametrize(
    ("n", "per_essay", "cap", "size"),
    [(24, 12, 200, 144), (24, 12, 100, 100), (5, 8, 20, 20), (5, 3, 60, 8), (10, 1, 60, 9), (24, 60, 9999, 552)],
    ids=["both samples' kind", "cap first", "all both ways", "odd total", "connected first", "no third time"],
)
def test_a_target_per_essay_is_met_within_the_cap(n: int, per_essay: int, cap: int, size: int) -> None:
    assert len(plan_comparisons(n, [], Limits(cap, per_essay), SEED)) == size


@pytest.mark.parametrize("seed", range(5))
def test_every_pair_put_both_ways_leaves_no_skew_at_all(seed: int) -> None:
    plan = plan_comparisons(24, [], Limits(552), seed)

    assert balance(24, plan) == [0] * 24
    assert {(c.first, c.second) for c in plan} == {(a, b) for a in range(24) for b in range(24) if a != b}


@pytest.mark.parametrize("seed", range(5))
def test_every_pair_put_once_leaves_each_essay_one_off_in_twenty_three(seed: int) -> None:
    skews = [abs(surplus) / 23 for surplus in balance(24, plan_comparisons(24, [], Limits(276), seed))]

    assert skews == [1 / 23] * 24


@pytest.mark.parametrize(("n", "cap"), [(24, 22), (5, 3), (3, 1)])
def test_a_cap_that_cannot_connect_the_essays_is_refused_with_the_number_needed(n: int, cap: int) -> None:
    with pytest.raises(DesignError, match=rf"at least {n - 1} comparisons.*Raise max_pairs_cap"):
        plan_comparisons(n, [], Limits(cap), SEED)


def test_an_essay_that_no_longer_fits_under_the_cap_is_refused_with_the_number_needed() -> None:
    plan = plan_comparisons(10, [], Limits(30), SEED)

    with pytest.raises(DesignError, match=r"leaves 2 group.*by at least 2"):
        plan_comparisons(12, plan, Limits(30), SEED)


def test_a_lowered_cap_takes_nothing_back() -> None:
    plan = plan_comparisons(10, [], Limits(40), SEED)

    assert plan_comparisons(10, plan, Limits(20), SEED) == []


def test_a_raised_cap_adds_the_difference() -> None:
    plan = plan_comparisons(10, [], Limits(40), SEED)
    more = plan_comparisons(10, plan, Limits(50), SEED)

    assert [c.replicate for c in more] == [0] * 5 + [1] * 5


def test_an_unordered_pair_is_named_low_first() -> None:
    assert PlannedComparison(5, 2).pair == PlannedComparison(2, 5).pair == (2, 5)


@pytest.mark.parametrize(
    "other",
    [
        (Essay("b", "Two."), Essay("a", "One."), 0),
        (Essay("a", "One."), Essay("b", "Two."), 1),
        (Essay("a", "One!"), Essay("b", "Two."), 0),
        (Essay("x", "One."), Essay("b", "Two."), 0),
    ],
    ids=["other order", "second time", "edited", "renamed"],
)
def test_another_comparison_has_another_key(other: tuple[Essay, Essay, int]) -> None:
    assert comparison_key(*other) != comparison_key(Essay("a", "One."), Essay("b", "Two."), 0)


def test_a_key_does_not_depend_on_grades() -> None:
    key = comparison_key(Essay("a", "One.", "A"), Essay("b", "Two."), 0)

    assert key == comparison_key(Essay("a", "One."), Essay("b", "Two.", "C"), 0)
    assert re.fullmatch(r"[0-9a-f]{16}", key)


def test_the_digest_of_a_pair_set_does_not_depend_on_its_order() -> None:
    assert pair_set_digest(["k1", "k2"]) == pair_set_digest(["k2", "k1"])
    assert pair_set_digest(["k1", "k2"]) != pair_set_digest(["k1"])
    assert pair_set_digest(["k1", "k2"]) != pair_set_digest(["k1k2"])


@pytest.mark.parametrize(("n", "pairs"), [(2, 1), (5, 10), (24, 276)])
def test_n_essays_form_so_many_pairs(n: int, pairs: int) -> None:
    assert n_distinct_pairs(n) == pairs


def test_components_are_listed_largest_first() -> None:
    groups = components(6, [(0, 1), (3, 4), (4, 5)])

    assert [sorted(group) for group in groups] == [[3, 4, 5], [0, 1], [2]]


@pytest.mark.parametrize("m", [0, 3, 11])
def test_a_number_of_pairs_that_cannot_be_drawn_is_refused(m: int) -> None:
    with pytest.raises(DesignError, match=f"5 essays need between 4 and 10 pairs, not {m}"):
        regular_pairs(5, m, rng())


def test_two_essays_form_one_pair() -> None:
    assert regular_pairs(2, 1, rng()) == [(0, 1)]


def test_orientation_keeps_a_single_pair() -> None:
    assert orient_eulerian(3, [(0, 2)], rng()) in ([(0, 2)], [(2, 0)])
    assert orient_eulerian(3, [], rng()) == []


def test_added_pairs_put_the_essay_second_that_was_first_more_often() -> None:
    surplus = [2, -1, -1]
    oriented = orient_fair_complement(surplus, {}, [(0, 1), (0, 2)], rng())

    assert oriented == [(1, 0), (2, 0)]
    assert surplus == [0, 0, 0]


def test_a_pair_seen_in_one_order_is_turned_round_whatever_the_surplus() -> None:
    surplus = [5, -5, 0]
    seen = {(0, 1): (0, 1), (0, 2): (2, 2)}

    assert orient_fair_complement(surplus, seen, [(0, 1), (0, 2)], rng()) == [(0, 1), (2, 0)]


def test_an_open_trail_is_walked_to_where_the_surplus_is_wanted() -> None:
    surplus = [3, 0, -3]

    assert orient_eulerian_onto(surplus, [(0, 1), (1, 2)], rng()) == [(1, 0), (2, 1)]
    assert surplus == [2, 0, -2]


def test_an_extension_serves_the_neediest_first() -> None:
    new = extend_pairs([5, 5, 5, 0], set(), target_degree=3, max_new=100, rng=rng())

    assert sorted(new) == [(0, 3), (1, 3), (2, 3)]


def test_an_extension_stops_at_its_bound_and_when_no_pair_is_left() -> None:
    assert len(extend_pairs([0] * 6, set(), target_degree=None, max_new=4, rng=rng())) == 4
    assert len(extend_pairs([0] * 4, {(0, 1)}, target_degree=None, max_new=100, rng=rng())) == 5
    assert extend_pairs([0] * 4, set(), target_degree=None, max_new=0, rng=rng()) == []
