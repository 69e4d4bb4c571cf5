# ruff: noqa: D103 - the names of the tests say it
"""Numbers the reference system pins, and the exact balance beyond it: docs/decisions/0014-orientation.md."""

from collections import Counter

import numpy as np
import pytest

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import ContinuationPolicy
from cj_pipeline.domain.later_waves import Evidence
from cj_pipeline.domain.pair_set import PlannedComparison, PlanRules, first_wave
from cj_pipeline.domain.pairing import n_distinct_pairs
from cj_pipeline.engine.waves import WavePlan
from cj_pipeline_tests.unit.domain.factories import make_assessment

SEEDS = range(25)


def skew(n: int, plan: list[PlannedComparison]) -> float:
    """Return the largest |first - second| / (first + second) of any essay."""
    first, second = Counter(c.first for c in plan), Counter(c.second for c in plan)
    return max(abs(first[i] - second[i]) / (first[i] + second[i]) for i in range(n))


def test_twenty_four_essays_form_276_pairs() -> None:
    assert n_distinct_pairs(24) == 276


@pytest.mark.parametrize(
    ("n", "budget", "expected"), [(24, 552, 0.0), (24, 288, 0.0), (12, 120, 0.0), (24, 276, 1 / 23), (5, 40, 0.0)]
)
@pytest.mark.parametrize("seed", SEEDS)
def test_eulerian_skew_is_exact_on_every_seed(n: int, budget: int, expected: float, seed: int) -> None:
    plan = first_wave(n, budget, PlanRules(seed=seed))

    assert len(plan) == budget
    assert skew(n, plan) == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_eulerian_skew_of_five_comparisons_each_is_at_most_a_fifth(seed: int) -> None:
    assert skew(24, first_wave(24, 60, PlanRules(seed=seed))) <= 1 / 5


@pytest.mark.parametrize("seed", SEEDS)
def test_fair_complement_reaches_what_the_reference_pins(seed: int) -> None:
    rules = PlanRules(orientation="fair_complement", seed=seed)

    assert skew(24, first_wave(24, 552, rules)) == 0.0
    assert skew(24, first_wave(24, 288, rules)) <= 1 / 6


def lower5(seed: int) -> WavePlan:
    """Return the waves of the reference's five-essay net."""
    assessment = make_assessment(max_pairs_cap=60, comparisons_per_essay=None, seed=seed)
    policy = ContinuationPolicy(small_net_size=5, small_net_passes=3)
    return WavePlan(assessment, 5, BatchingMode.SERIAL_BUNDLE, policy)


@pytest.mark.parametrize("seed", SEEDS)
def test_five_essays_take_ten_pairs_and_three_passes(seed: int) -> None:
    waves = lower5(seed)
    plan, sizes = waves.first(), [10]
    measures = np.random.default_rng(seed).normal(size=5).tolist()
    while more := waves.following(plan, Evidence(frozenset(c.pair for c in plan), measures)):
        plan += more
        sizes.append(len(more))

    assert sizes == [10, 10, 10, 10]
    assert set(Counter(c.pair for c in plan).values()) == {4}
    assert skew(5, plan) == 0.0


@pytest.mark.parametrize(
    ("n", "cap", "planned"),
    [(24, 60, 60), (24, 276, 276), (24, 288, 288), (24, 552, 552), (12, 120, 120), (5, 60, 20)],
)
def test_batch_jobs_plan_everything_in_one_wave(n: int, cap: int, planned: int) -> None:
    # Five essays give 10 pairs, put again once: the budget of 60 is more than they yield.
    assessment = make_assessment(max_pairs_cap=cap, comparisons_per_essay=None)
    waves = WavePlan(assessment, n, BatchingMode.PROVIDER_BATCH_API, ContinuationPolicy())

    assert len(waves.first()) == planned
    assert waves.max_waves == 1
