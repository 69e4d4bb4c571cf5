"""Ranks and their intervals, on scales made by hand. What holds for every scale is tested under `properties`."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace

import numpy as np
import pytest

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling import ranks as module
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.estimate import fit_scale, information_of
from cj_pipeline.scaling.ranks import not_told_apart, rank_intervals, ranks
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions


def scale(measures: list[float], error: float) -> ScaleFit:
    """Return a scale with these measures, all of one standard error."""
    pairs = np.array([(i, i + 1) for i in range(len(measures) - 1)], dtype=np.int64)
    data = comparison_data(pairs[:, 0], pairs[:, 1], np.ones(len(pairs), np.int64), len(measures))
    fit = fit_scale(data, ScaleOptions(prior_sd=2.0))
    covariance: Floats = np.eye(len(measures)) * error**2
    return replace(fit, measures=np.array(measures), covariance=covariance)


def intervals(fit: ScaleFit, seed: int = 0, coverage: float = 0.9) -> list[tuple[int, int]]:
    """Return lowest and highest rank of every essay."""
    low, high = rank_intervals(fit, np.random.default_rng(seed), coverage=coverage)
    return [(int(a), int(b)) for a, b in zip(low, high, strict=True)]


@pytest.mark.parametrize(
    ("measures", "expected"),
    [
        ([0.5, -1.0, 2.0], [2, 3, 1]),
        ([1.0, 1.0, 0.0], [1, 1, 3]),
        ([0.0, 1.0, 1.0, -1.0], [3, 1, 1, 4]),
        ([0.0, 0.0], [1, 1]),
        ([3.0], [1]),
        ([0.1 + 0.2, 0.3, 0.3 + 1e-7], [2, 2, 1]),
    ],
)
def test_the_highest_measure_has_rank_one_and_equal_ones_share_the_better(
    measures: list[float], expected: list[int]
) -> None:
    assert ranks(np.array(measures)).tolist() == expected


def test_measures_far_apart_leave_no_doubt() -> None:
    assert intervals(scale([3.0, 0.0, -3.0], 0.1)) == [(1, 1), (2, 2), (3, 3)]


def test_measures_close_together_leave_every_rank_open() -> None:
    assert intervals(scale([0.02, 0.01, 0.0, -0.01], 1.0)) == [(1, 4)] * 4


def test_a_higher_coverage_makes_wider_intervals() -> None:
    fit = scale([0.5, 0.25, 0.0, -0.25, -0.5], 0.3)
    widths = [sum(b - a for a, b in intervals(fit, coverage=coverage)) for coverage in (0.5, 0.8, 0.95)]

    assert widths == sorted(widths)
    assert widths[0] < widths[2]


def test_the_same_randomness_gives_the_same_intervals() -> None:
    fit = scale([0.5, 0.25, 0.0, -0.25, -0.5], 0.3)

    assert intervals(fit, seed=3) == intervals(fit, seed=3)


def test_memory_is_bounded_for_very_many_essays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MAX_CELLS", 10)

    assert intervals(scale([3.0, 0.0, -3.0], 0.1)) == [(1, 1), (2, 2), (3, 3)]


def test_draws_from_the_information_matrix_give_the_intervals_that_the_covariance_gives() -> None:
    rng = np.random.default_rng(5)
    first, second = rng.integers(0, 40, 300), rng.integers(1, 40, 300)
    second = (first + second) % 40
    data = comparison_data(first, second, rng.integers(0, 6, 300), 40, n_categories=(6,))
    options = ScaleOptions(prior_sd=1.0)
    fit = fit_scale(data, options)
    info = information_of(data, options, fit)
    exact = np.array(rank_intervals(fit, np.random.default_rng(1), n_draws=4000))
    drawn = np.array(rank_intervals(replace(fit, covariance=None), np.random.default_rng(2), n_draws=4000, info=info))

    assert np.abs(drawn - exact).max() <= 3
    assert np.abs(drawn - exact).mean() < 0.5


def test_intervals_of_ranks_say_what_they_need() -> None:
    fit = replace(scale([1.0, 0.0], 0.1), covariance=None)

    with pytest.raises(EstimationError, match="information_of"):
        rank_intervals(fit, np.random.default_rng(0))
    with pytest.raises(EstimationError, match="exact errors"):
        not_told_apart(fit)


def test_essays_are_told_apart_where_the_interval_of_their_difference_leaves_zero_out() -> None:
    # Independent errors of 0.1: a difference has an error of 0.141, and 1.96 of these are 0.277.
    found = not_told_apart(scale([0.0, 0.27, 0.56], 0.1))

    assert found.tolist() == [[True, True, False], [True, True, False], [False, False, True]]
