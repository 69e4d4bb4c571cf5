"""Intervals hold the truth as often as they say, at the ends of the scale too, and what judges do is found again."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest

from benchmarks.estimation.coverage import covered
from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.ranks import rank_intervals, ranks
from cj_pipeline.scaling.scale_fit import ScaleOptions
from cj_pipeline_tests.support.scales import SIX, answered, regular_design, simulated

_Z95 = 1.959964
POOLED, AT_THE_ENDS = (0.93, 0.97), (0.90, 0.99)


@pytest.mark.slow
@pytest.mark.parametrize(("six", "n_sets"), [(False, 1000), (True, 300)], ids=["binary", "six categories"])
@pytest.mark.parametrize("sd", [1.0, 2.0])
@pytest.mark.parametrize("n", [24, 100])
def test_intervals_hold_the_truth_as_often_as_they_say_at_the_ends_too(
    n: int,
    sd: float,
    six: bool,  # noqa: FBT001 - a parameter
    n_sets: int,
) -> None:
    found = covered(n, sd, n_sets, seed=20260101, six=six)
    print(f"\n{n} essays, sd {sd}, {'six' if six else 'two'} categories: {found}")  # noqa: T201 - for the record

    assert POOLED[0] <= found["pooled"] <= POOLED[1]
    assert AT_THE_ENDS[0] <= found["top"] <= AT_THE_ENDS[1]
    assert AT_THE_ENDS[0] <= found["bottom"] <= AT_THE_ENDS[1]


@pytest.mark.parametrize("sd", [1.0, 2.0])
def test_intervals_of_a_class_hold_the_truth_where_those_around_a_shrunken_fit_do_not(sd: float) -> None:
    found = covered(24, sd, 80, seed=20260102)

    assert 0.92 <= found["pooled"] <= 0.98
    assert min(found["top"], found["bottom"]) >= 0.87
    assert found["naive_ends"] < 0.82


def test_intervals_of_ranks_hold_the_true_rank_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20260103)
    inside = []
    for _ in range(60):
        made = simulated(regular_design(24, 12, rng), rng.normal(0, 1.5, 24), rng)
        low, high = rank_intervals(fit_scale(made.data), rng, coverage=0.9)
        inside.append((low <= ranks(made.truth)) & (ranks(made.truth) <= high))

    assert 0.85 < float(np.mean(inside)) < 0.99


@pytest.mark.parametrize("gamma", [-0.8, 0.0, 0.5])
def test_a_position_effect_is_found_again(gamma: float) -> None:
    rng = np.random.default_rng(20260104)
    fits = [
        fit_scale(simulated(regular_design(24, 23, rng), rng.normal(0, 1, 24), rng, position=gamma).data)
        for _ in range(100)
    ]
    found = np.array([fit.position_effect for fit in fits])
    errors = np.array([fit.position_effect_se for fit in fits])

    assert found.mean() == pytest.approx(gamma, abs=4 * errors.mean() / np.sqrt(len(fits)))
    assert found.std() == pytest.approx(errors.mean(), rel=0.4)
    assert np.mean(np.abs(found - gamma) < _Z95 * errors) > 0.85


def test_cut_points_are_found_again() -> None:
    rng = np.random.default_rng(20260105)
    made = simulated(regular_design(100, 40, rng), rng.normal(0, 1.5, 100), rng, cuts=SIX, position=0.3)
    fit = fit_scale(made.data)

    assert fit.cut_points[0] == pytest.approx(SIX, abs=0.3)
    assert np.corrcoef(fit.measures, made.truth)[0, 1] > 0.98


def test_position_effects_and_discriminations_of_judges_are_found_again() -> None:
    rng = np.random.default_rng(20260106)
    position, discrimination = np.array([0.6, -0.2, -0.4]), np.array([2.0, 1.0, 0.5])
    truth = rng.normal(0, 1.2, 60)
    first, second = regular_design(60, 50, rng)
    judge = rng.integers(0, 3, len(first))
    advantage = discrimination[judge] * (truth[first] - truth[second]) + 0.3 + position[judge]
    data = comparison_data(first, second, answered(advantage, SIX, rng), 60, n_categories=(6,), judge=judge, n_judges=3)
    fit = fit_scale(data, ScaleOptions(judge_effects="both"))

    assert np.all(np.abs(fit.judge_position - position) < 4 * fit.judge_position_se)
    assert np.all(np.abs(np.log(fit.judge_discrimination / discrimination)) < 4 * fit.judge_discrimination_se)
    assert fit.judge_position_se.max() < 0.2
    assert fit.judge_discrimination_se.max() < 0.15


def test_known_measures_carry_a_scale_over_to_another_session() -> None:
    rng = np.random.default_rng(20260107)
    truth = rng.normal(0, 1, 60) + 3.0  # a scale whose origin is elsewhere
    made = simulated(regular_design(60, 30, rng), truth, rng)
    fit = fit_scale(made.data, ScaleOptions(fixed_measures=np.where(np.arange(60) < 10, truth, np.nan)))

    assert np.mean(fit.measures[10:] - truth[10:]) == pytest.approx(0, abs=0.25)
    assert np.all(np.abs(fit.measures - truth)[10:] < 5 * fit.standard_errors[10:])
