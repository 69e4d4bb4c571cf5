# ruff: noqa: D103 - the names of the tests say it
"""Planning again: nothing where nothing is missing, and added essays are always linked to the rest."""

from hypothesis import given, settings
from hypothesis import strategies as st

from cj_pipeline.domain.pairing import components
from cj_pipeline_tests.support.plans import Limits, plan_comparisons


@given(st.integers(2, 19), st.integers(1, 40), st.integers(0, 5))
@settings(deadline=None)
def test_planning_again_adds_nothing(n: int, c: int, seed: int) -> None:
    limits = Limits(10**6, c)
    plan = plan_comparisons(n, [], limits, seed)

    assert plan_comparisons(n, plan, limits, seed) == []


@given(st.integers(2, 24), st.integers(1, 9), st.integers(1, 9), st.integers(0, 20))
@settings(deadline=None)
def test_several_added_essays_are_linked_to_the_rest(n: int, added: int, c: int, seed: int) -> None:
    limits = Limits(10**6, c)
    first = plan_comparisons(n, [], limits, seed)

    new = plan_comparisons(n + added, first, limits, seed)

    whole = [p.pair for p in [*first, *new]]
    assert len(components(n + added, whole)) == 1
    assert all(max(p.pair) >= n for p in new)


@given(st.integers(2, 24), st.integers(1, 9), st.integers(0, 20))
@settings(deadline=None)
def test_an_added_essay_is_linked_within_the_smallest_room(n: int, added: int, seed: int) -> None:
    cap = n + added - 1
    first = plan_comparisons(n, [], Limits(n - 1), seed) if n > 1 else []

    new = plan_comparisons(n + added, first, Limits(cap), seed)

    assert len(new) == added
