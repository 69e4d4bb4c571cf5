# ruff: noqa: D103 - the names of the tests say it
"""One decision for every state; each threshold turns one of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cj_pipeline.domain.continuation import (
    ContinuationPolicy,
    Decision,
    SessionView,
    Standing,
    StopReason,
    decide,
)

POLICY = ContinuationPolicy()
BETWEEN = SessionView(
    standing=Standing.ACTIVE,
    budget=60,
    plan_yield=552,
    max_waves=None,
    n_waves=1,
    n_planned=48,
    n_in_flight=0,
    n_to_ask=0,
    n_ok=48,
    n_failed=0,
)


def said(view: SessionView, policy: ContinuationPolicy = POLICY) -> tuple[Decision, StopReason | None]:
    """Return decision and reason."""
    found = decide(view, policy)
    return found.decision, found.stop_reason


PRECISE = (Decision.FINALIZE_SCORING, StopReason.PRECISE_ENOUGH)
STABLE = (Decision.FINALIZE_SCORING, StopReason.STABLE)
MORE = (Decision.REQUEST_MORE_COMPARISONS, None)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, MORE),
        ({"n_in_flight": 1}, (Decision.WAIT_FOR_CALLBACKS, None)),
        ({"n_to_ask": 1}, (Decision.WAIT_FOR_CALLBACKS, None)),
        ({"n_to_ask": 1, "standing": Standing.PAUSED}, (Decision.NO_OP, None)),
        ({"n_to_ask": 1, "standing": Standing.FINISHED}, (Decision.NO_OP, None)),
        ({"n_to_ask": 1, "standing": None}, (Decision.NO_OP, None)),
        ({"standing": Standing.PAUSED}, (Decision.NO_OP, None)),
        ({"n_planned": 60, "n_ok": 60}, (Decision.FINALIZE_SCORING, StopReason.BUDGET)),
        ({"plan_yield": 48}, (Decision.FINALIZE_SCORING, StopReason.COVERAGE)),
        ({"max_waves": 1}, (Decision.FINALIZE_SCORING, StopReason.BUDGET)),
        ({"last_score_change": 0.025}, STABLE),
        ({"last_score_change": 0.026}, MORE),
        ({"mean_standard_error": 0.4, "target_standard_error": 0.4}, PRECISE),
        ({"mean_standard_error": 0.5, "target_standard_error": 0.4}, MORE),
        ({"reliability": 0.9, "target_reliability": 0.9}, PRECISE),
        ({"reliability": 0.8, "target_reliability": 0.9}, MORE),
        ({"cut_off": ("e1",), "last_score_change": 0.0}, MORE),
        ({"cut_off": ("e1",), "max_waves": 1}, (Decision.FINALIZE_FAILURE, StopReason.DISCONNECTED)),
        ({"n_ok": 38, "n_failed": 10}, (Decision.FINALIZE_FAILURE, StopReason.FAILED)),
        ({"n_ok": 39, "n_failed": 9}, MORE),
        ({"n_ok": 0, "n_failed": 48}, (Decision.FINALIZE_FAILURE, StopReason.FAILED)),
        ({"standing": Standing.CANCELLED, "n_to_ask": 9}, (Decision.FINALIZE_SCORING, StopReason.CANCELLED)),
        ({"standing": Standing.CANCELLED, "n_in_flight": 9}, (Decision.WAIT_FOR_CALLBACKS, None)),
        ({"standing": Standing.CANCELLED, "n_ok": 0}, (Decision.FINALIZE_FAILURE, StopReason.CANCELLED)),
        ({"standing": Standing.CANCELLED, "cut_off": ("e",)}, (Decision.FINALIZE_FAILURE, StopReason.DISCONNECTED)),
        ({"standing": Standing.CANCELLED, "n_ok": 5, "n_failed": 5}, (Decision.FINALIZE_SCORING, StopReason.CANCELLED)),
    ],
)  # fmt: skip
def test_every_state_has_its_decision(changes: dict[str, object], expected: tuple[Decision, StopReason | None]) -> None:
    assert said(replace(BETWEEN, **changes)) == expected  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("policy", "changes", "turned"),
    [
        (ContinuationPolicy(min_success_rate=0.5), {"n_ok": 30, "n_failed": 18}, MORE),
        (ContinuationPolicy(stability_floor=49), {"last_score_change": 0.0}, MORE),
        (ContinuationPolicy(stability_floor=49), {"n_ok": 0, "n_failed": 48}, MORE),
        (ContinuationPolicy(stability_threshold=0.1), {"last_score_change": 0.1}, STABLE),
    ],
)  # fmt: skip
def test_every_threshold_turns_a_decision(
    policy: ContinuationPolicy, changes: dict[str, object], turned: tuple[Decision, StopReason | None]
) -> None:
    view = replace(BETWEEN, **changes)  # type: ignore[arg-type]  # fields by name

    assert said(view, policy) == turned != said(view)


def test_a_disconnected_end_names_the_essays() -> None:
    lonely = tuple(f"e{i:02d}" for i in range(12))
    found = decide(replace(BETWEEN, max_waves=1, cut_off=lonely), POLICY)

    assert "e00, e01, e02" in found.explanation
    assert found.explanation.endswith("e09 and others")


@pytest.mark.parametrize(("n", "passes"), [(2, 4), (3, 4), (4, 1), (24, 1)])
def test_small_nets_may_be_put_again_more_often(n: int, passes: int) -> None:
    assert POLICY.passes_allowed(n) == passes
    assert POLICY.plan_yield(n) == n * (n - 1) // 2 * (1 + passes)


def test_the_small_net_bounds_the_regular_one() -> None:
    assert ContinuationPolicy(small_net_passes=0, regular_passes=3).passes_allowed(24) == 0
    assert ContinuationPolicy(regular_passes=3).passes_allowed(24) == 3
    assert POLICY.plan_yield(24, 0) == 276


COUNTS = st.integers(0, 40)


@given(
    st.sampled_from([None, *Standing]), COUNTS, COUNTS, COUNTS, COUNTS, st.integers(1, 80), st.integers(1, 80),
    st.none() | st.integers(1, 3), st.integers(1, 5), st.booleans(),
)  # fmt: skip
def test_what_nothing_can_change_any_more_is_decided(  # noqa: PLR0917 (every part of a state)
    standing: Standing | None,
    n_in_flight: int,
    n_to_ask: int,
    n_ok: int,
    n_failed: int,
    budget: int,
    plan_yield: int,
    max_waves: int | None,
    n_waves: int,
    is_cut: bool,  # noqa: FBT001 (hypothesis gives it)
) -> None:
    n_planned = n_in_flight + n_to_ask + n_ok + n_failed
    view = SessionView(
        standing, budget, plan_yield, max_waves, n_waves, n_planned, n_in_flight, n_to_ask, n_ok, n_failed,
        cut_off=("e1",) if is_cut else (),
    )  # fmt: skip
    found = decide(view, POLICY)

    goes_on = found.decision in {Decision.WAIT_FOR_CALLBACKS, Decision.REQUEST_MORE_COMPARISONS}
    nothing_under_way = not n_in_flight and not n_to_ask and n_planned
    if nothing_under_way and view.is_exhausted:
        assert found.is_final
    if found.decision is Decision.REQUEST_MORE_COMPARISONS:
        assert not view.is_exhausted
        assert nothing_under_way or not n_planned
    if goes_on and not n_in_flight:
        assert standing not in {Standing.CANCELLED, Standing.PAUSED}
    assert found.is_final == (found.stop_reason is not None)
    assert found.explanation
