"""Pair designs: whatever the number of essays, the pairs and the seed."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections import Counter

import numpy as np
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from cj_pipeline.domain.extension import extend_pairs
from cj_pipeline.domain.judge_panel import deal_judges
from cj_pipeline.domain.orientation import orient_eulerian, orient_eulerian_onto, orient_fair_complement
from cj_pipeline.domain.pair_set import PlannedComparison, PlanRules, first_wave
from cj_pipeline.domain.pairing import Pair, components, n_distinct_pairs, regular_pairs
from cj_pipeline_tests.properties.strategies import SEEDS, designs, graphs
from cj_pipeline_tests.support.plans import Limits, plan_comparisons

MANY = settings(deadline=None, max_examples=80)


def degrees(n: int, pairs: list[Pair]) -> list[int]:
    """Return how often each essay takes part."""
    count = Counter(essay for pair in pairs for essay in pair)
    return [count[essay] for essay in range(n)]


def plan_pairs(plan: list[PlannedComparison]) -> list[Pair]:
    """Return the unordered pairs of a plan."""
    return [comparison.pair for comparison in plan]


@MANY
@given(designs(), SEEDS)
@example((2, 1), 0)
@example((60, 59), 0)
@example((60, 1770), 0)
@example((3, 2), 0)
def test_regular_pairs_are_distinct_connected_and_as_even_as_can_be(design: tuple[int, int], seed: int) -> None:
    n, m = design
    pairs = regular_pairs(n, m, np.random.default_rng(seed))
    counts = degrees(n, pairs)

    assert len(pairs) == len(set(pairs)) == m
    assert all(0 <= low < high < n for low, high in pairs)
    assert max(counts) - min(counts) <= 1
    assert len(components(n, pairs)) == 1


def test_regular_pairs_exist_for_every_admissible_number() -> None:
    for n in range(2, 13):
        for m in range(n - 1, n_distinct_pairs(n) + 1):
            pairs = regular_pairs(n, m, np.random.default_rng(m))
            counts = degrees(n, pairs)

            assert len(set(pairs)) == m
            assert max(counts) - min(counts) <= 1
            assert len(components(n, pairs)) == 1


@MANY
@given(designs(n_max=30), SEEDS)
def test_the_same_seed_draws_the_same_pairs(design: tuple[int, int], seed: int) -> None:
    n, m = design

    assert regular_pairs(n, m, np.random.default_rng(seed)) == regular_pairs(n, m, np.random.default_rng(seed))


def test_another_seed_draws_other_pairs() -> None:
    drawn = {tuple(regular_pairs(24, 144, np.random.default_rng(seed))) for seed in range(20)}

    assert len(drawn) == 20


@MANY
@given(graphs(), SEEDS)
def test_orientation_balances_every_essay_and_keeps_pairs_and_order(graph: tuple[int, list[Pair]], seed: int) -> None:
    n, pairs = graph
    oriented = orient_eulerian(n, pairs, np.random.default_rng(seed))
    surplus = [sum((first == i) - (second == i) for first, second in oriented) for i in range(n)]
    counts = degrees(n, pairs)

    assert [(min(pair), max(pair)) for pair in oriented] == pairs
    assert all(abs(extra) == degree % 2 for extra, degree in zip(surplus, counts, strict=True))
    assert oriented == orient_eulerian(n, pairs, np.random.default_rng(seed))


@MANY
@given(graphs(), SEEDS)
def test_fair_orientation_never_adds_to_the_larger_surplus(graph: tuple[int, list[Pair]], seed: int) -> None:
    n, pairs = graph
    surplus = [0] * n
    oriented = orient_fair_complement(surplus, {}, pairs, np.random.default_rng(seed))

    assert [(min(pair), max(pair)) for pair in oriented] == pairs
    assert surplus == [sum((first == i) - (second == i) for first, second in oriented) for i in range(n)]
    running = [0] * n
    for first, second in oriented:
        # To put the essay with the larger surplus first would have been no better.
        assert abs(running[first] + 1) + abs(running[second] - 1) <= abs(running[first] - 1) + abs(running[second] + 1)
        running[first] += 1
        running[second] -= 1


@MANY
@example(design=(6, 6), seed=0, share=0.09375)
@example(design=(6, 9), seed=0, share=0.077)
@example(design=(33, 502), seed=0, share=0.085)
@given(designs(n_max=40), SEEDS, st.floats(0, 0.5))
def test_a_first_wave_with_repeats_is_even_connected_and_balanced(
    design: tuple[int, int], seed: int, share: float
) -> None:
    n, m = design
    plan = first_wave(n, m, PlanRules(seed=seed, reversed_share=share))
    counts = degrees(n, plan_pairs(plan))
    once = [c.pair for c in plan if c.replicate == 0]
    surplus = [sum((c.first == i) - (c.second == i) for c in plan) for i in range(n)]

    assert len(plan) == m
    assert len(set(once)) == len(once)
    assert len(components(n, once)) == 1
    assert len({(c.first, c.second) for c in plan}) == m
    assert all(abs(extra) == count % 2 for extra, count in zip(surplus, counts, strict=True))
    # Where most comparisons are repeats, every essay's number is nearly forced to be even, and one can be left over.
    assert max(counts) - min(counts) <= (1 if share <= 0.3 else 3)


@MANY
@given(graphs(), SEEDS, st.data())
def test_a_later_wave_is_balanced_in_itself_and_shrinks_what_it_can(
    graph: tuple[int, list[Pair]], seed: int, data: st.DataObject
) -> None:
    n, pairs = graph
    before = data.draw(st.lists(st.integers(-3, 3), min_size=n, max_size=n))
    after = list(before)
    oriented = orient_eulerian_onto(after, pairs, np.random.default_rng(seed))
    own = [sum((first == i) - (second == i) for first, second in oriented) for i in range(n)]

    assert [(min(pair), max(pair)) for pair in oriented] == pairs
    assert after == [old + new for old, new in zip(before, own, strict=True)]
    assert all(abs(extra) == degree % 2 for extra, degree in zip(own, degrees(n, pairs), strict=True))


@MANY
@given(graphs(), SEEDS, st.integers(0, 40), st.none() | st.integers(1, 12))
def test_an_extension_adds_only_new_pairs_within_its_bound(
    graph: tuple[int, list[Pair]], seed: int, max_new: int, target: int | None
) -> None:
    n, pairs = graph
    new = extend_pairs(
        degrees(n, pairs), set(pairs), target_degree=target, max_new=max_new, rng=np.random.default_rng(seed)
    )

    assert len(new) == len(set(new)) <= max_new
    assert not set(new) & set(pairs)
    assert all(0 <= low < high < n for low, high in new)
    if target is None:
        assert len(new) == min(max_new, n_distinct_pairs(n) - len(pairs))
    elif len(new) < max_new:
        assert all(count >= min(target, n - 1) for count in degrees(n, [*pairs, *new]))


@MANY
@given(
    st.lists(st.floats(0.01, 100), min_size=1, max_size=6),
    st.integers(0, 300),
    SEEDS,
)
def test_no_judge_is_off_its_share_by_a_whole_comparison(shares: list[float], n: int, seed: int) -> None:
    dealt = Counter(deal_judges(shares, n, np.random.default_rng(seed)))

    assert sum(dealt.values()) == n
    for judge, share in enumerate(shares):
        assert abs(dealt[judge] - share / sum(shares) * n) < 1 + 1e-9


@MANY
@given(st.integers(2, 30), st.integers(0, 1200), st.none() | st.integers(1, 40), SEEDS)
def test_a_plan_is_connected_within_its_cap_and_the_same_again(
    n: int, room: int, per_essay: int | None, seed: int
) -> None:
    limits = Limits(n - 1 + room, per_essay)
    plan = plan_comparisons(n, [], limits, seed)

    assert n - 1 <= len(plan) <= limits.max_pairs_cap
    assert len(components(n, plan_pairs(plan))) == 1
    assert plan == plan_comparisons(n, [], limits, seed)


@MANY
@given(st.integers(4, 30), st.integers(0, 1200), st.none() | st.integers(1, 40), SEEDS)
def test_the_reversed_order_waits_until_every_pair_was_put(n: int, room: int, per_essay: int | None, seed: int) -> None:
    plan = plan_comparisons(n, [], Limits(n - 1 + room, per_essay), seed)
    once = [c for c in plan if c.replicate == 0]
    again = [c for c in plan if c.replicate == 1]

    assert len(plan) == len(once) + len(again)
    assert len(set(plan_pairs(once))) == len(once)
    orders = Counter((c.first, c.second) for c in plan)
    assert max(orders.values()) == 1
    assert len(set(plan_pairs(again))) == len(again)
    assert not again or len(once) == n_distinct_pairs(n)


@MANY
@given(st.integers(4, 30), st.integers(0, 1200), SEEDS)
def test_a_cap_alone_is_used_as_far_as_two_orders_go(n: int, room: int, seed: int) -> None:
    limits = Limits(n - 1 + room)
    plan = plan_comparisons(n, [], limits, seed)

    assert len(plan) == min(limits.max_pairs_cap, n * (n - 1))
    assert plan_comparisons(n, plan, limits, seed) == []


@MANY
@given(st.integers(2, 30), st.integers(1, 30), st.integers(0, 600), SEEDS)
def test_planning_again_adds_nothing(n: int, per_essay: int, room: int, seed: int) -> None:
    assume(per_essay < n)
    limits = Limits(n - 1 + room, per_essay)
    plan = plan_comparisons(n, [], limits, seed)

    assert plan_comparisons(n, plan, limits, seed) == []


@MANY
@given(st.integers(2, 25), st.integers(1, 30), SEEDS)
def test_an_added_essay_adds_only_comparisons_of_its_own(n: int, per_essay: int, seed: int) -> None:
    limits = Limits(10**6, per_essay)
    plan = plan_comparisons(n, [], limits, seed)
    added = plan_comparisons(n + 1, plan, limits, seed)

    assert added
    assert all(c.pair[1] == n for c in added)
    assert len(components(n + 1, plan_pairs(plan + added))) == 1
    if per_essay < n:
        assert min(degrees(n + 1, plan_pairs(plan + added))) >= per_essay
        assert plan_comparisons(n + 1, plan + added, limits, seed) == []
