"""From verdicts to a scale: what strengths become, which effects are fitted, and what rules for stopping look at."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections.abc import Iterable

import numpy as np
import pytest

from cj_pipeline.engine.fitting import (
    STOPPING_PRIOR_SD,
    VERDICTS_FOR_OWN_EFFECT,
    fit_for_stopping,
    fit_verdicts,
    verdict_data,
    verdict_options,
)
from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.scaling.evidence import SMALLEST_PRIOR_SD
from cj_pipeline_tests.unit.domain.factories import make_snapshot


def verdict(first: str, second: str, winner: str, strength: int, judge: str = "openai/gpt-4.1") -> ComparisonRecord:
    """Return a comparison with a verdict."""
    ids = (f"{first}{second}{winner}{strength}{judge}", "session", 1, 0)
    return ComparisonRecord(*ids, first, "", second, "", 0, judge, status="ok", winner=winner, strength=strength)


def even(times: int, judge: str = "openai/gpt-4.1") -> Iterable[ComparisonRecord]:
    """Yield verdicts that contradict each other, so many rounds of twelve."""
    pairs = [("a", "b"), ("b", "c"), ("c", "a")]
    for _ in range(times):
        for first, second in [*pairs, *(pair[::-1] for pair in pairs)]:
            yield verdict(first, second, "first", 2, judge)
            yield verdict(first, second, "second", 2, judge)


@pytest.mark.parametrize(
    ("winner", "strength", "category"),
    [("second", 3, 0), ("second", 2, 1), ("second", 1, 2), ("first", 1, 3), ("first", 2, 4), ("first", 3, 5)],
)
def test_winner_and_strength_are_one_of_six_categories(winner: str, strength: int, category: int) -> None:
    data, judges = verdict_data(make_snapshot(), [verdict("a", "b", winner, strength)])

    assert data.category.tolist() == [category]
    assert data.n_categories == (6,)
    assert (data.first.tolist(), data.second.tolist(), judges) == ([0], [1], ("openai/gpt-4.1",))


@pytest.mark.parametrize(
    ("counts", "effects"),
    [
        ((VERDICTS_FOR_OWN_EFFECT,), "none"),
        ((VERDICTS_FOR_OWN_EFFECT, VERDICTS_FOR_OWN_EFFECT - 1), "none"),
        ((VERDICTS_FOR_OWN_EFFECT, VERDICTS_FOR_OWN_EFFECT), "position"),
        ((500, 400, 1), "position"),
    ],
)
def test_judges_get_position_effects_of_their_own_where_several_gave_enough_verdicts(
    counts: tuple[int, ...], effects: str
) -> None:
    verdicts = [verdict("a", "b", "first", 1, f"judge-{i}") for i, n in enumerate(counts) for _ in range(n)]
    data, judges = verdict_data(make_snapshot(), verdicts)

    assert verdict_options(data).judge_effects == effects
    assert verdict_options(data).position_effect
    assert verdict_options(data).prior_sd is None
    assert np.bincount(data.judge).tolist() == list(counts)
    assert len(judges) == len(counts)


def test_a_rule_for_stopping_is_not_fooled_by_a_spread_of_nothing() -> None:
    verdicts = list(even(1))
    scale = fit_verdicts(make_snapshot(), verdicts)
    careful = fit_for_stopping(make_snapshot(), verdicts, scale.fit.prior_sd)

    assert scale.fit.prior_sd == pytest.approx(SMALLEST_PRIOR_SD)
    assert scale.fit.standard_errors.max() < 0.1
    assert careful.prior_sd == STOPPING_PRIOR_SD
    assert careful.standard_errors.min() > 0.3


def test_a_rule_for_stopping_takes_a_spread_that_is_wider() -> None:
    assert fit_for_stopping(make_snapshot(), list(even(1)), 3.5).prior_sd == 3.5


def test_strength_moves_a_measure() -> None:
    base = list(even(2))
    slightly = fit_verdicts(make_snapshot(), [*base, *[verdict("a", "b", "first", 1)] * 6]).fit.measures
    much = fit_verdicts(make_snapshot(), [*base, *[verdict("a", "b", "first", 3)] * 6]).fit.measures

    assert much[0] - much[1] > slightly[0] - slightly[1] > 0
