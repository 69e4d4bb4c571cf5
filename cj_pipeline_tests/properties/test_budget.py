# ruff: noqa: D103 - the names of the tests say it
"""The budget is never passed, in any mode, whatever is planned, added or fails; and planning comes to its end."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.later_waves import Evidence
from cj_pipeline.domain.pair_set import PlannedComparison
from cj_pipeline.domain.pairing import n_distinct_pairs
from cj_pipeline.engine.waves import WavePlan
from cj_pipeline_tests.properties.strategies import SEEDS
from cj_pipeline_tests.support.plans import Limits, waves_of

MODES = st.sampled_from(list(BatchingMode))


def to_the_end(waves: WavePlan, n: int, seed: int, failing: float) -> list[PlannedComparison]:
    """Plan wave upon wave, a share of the comparisons without a verdict, until nothing more may be planned."""
    rng = np.random.default_rng(seed)
    plan = waves.first()
    for _ in range(400):
        linked = frozenset(c.pair for c in plan if rng.random() >= failing)
        more = waves.following(plan, Evidence(linked, rng.normal(size=n).tolist()))
        if not more:
            return plan
        plan = [*plan, *more]
    raise AssertionError("planning does not end")


@settings(deadline=None, max_examples=60)
@given(
    st.integers(2, 40),
    st.integers(0, 300),
    st.none() | st.integers(1, 30),
    MODES,
    st.integers(2, 9),
    st.sampled_from([0.0, 0.3, 1.0]),
    SEEDS,
)
def test_no_mode_passes_the_budget(  # noqa: PLR0917 (every part of a plan)
    n: int, room: int, per_essay: int | None, mode: BatchingMode, per_wave: int, failing: float, seed: int
) -> None:
    limits = Limits(n - 1 + room, per_essay)
    waves = waves_of(n, limits, seed % 1000, mode, comparisons_per_wave=per_wave, reversed_repeats_share=None)

    plan = to_the_end(waves, n, seed, failing)

    assert len(plan) <= limits.max_pairs_cap
    assert len(plan) == waves.total or mode is BatchingMode.PROVIDER_BATCH_API
    assert len({(c.pair, c.replicate) for c in plan}) == len(plan)
    assert max(c.replicate for c in plan) < waves.plan_yield // n_distinct_pairs(n)


@pytest.mark.parametrize("mode", list(BatchingMode))
@pytest.mark.parametrize(("n", "cap"), [(500, 1_300), (2_000, 6_001), (5_000, 10_000)])
def test_large_nets_end_exactly_at_the_budget(n: int, cap: int, mode: BatchingMode) -> None:
    waves = waves_of(n, Limits(cap), 1, mode, reversed_repeats_share=None)

    assert len(to_the_end(waves, n, 1, 0.1)) == cap


@settings(deadline=None, max_examples=40)
@given(st.integers(2, 20), st.integers(1, 6), st.integers(0, 60), MODES, SEEDS)
def test_added_essays_stay_within_the_budget(n: int, added: int, room: int, mode: BatchingMode, seed: int) -> None:
    cap = n + added - 1 + room
    first = waves_of(n, Limits(cap), seed % 1000, mode).first()
    waves = waves_of(n + added, Limits(cap), seed % 1000, mode)

    assert len(first) + len(waves.extension(first)) <= cap
