"""Ranks and their intervals, on scales made by hand. What holds for every scale is tested under `properties`."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace

import numpy as np
import pytest

from cj_pipeline.scaling import ranks as module
from cj_pipeline.scaling.bradley_terry import BradleyTerryFit, Floats, fit_bradley_terry
from cj_pipeline.scaling.ranks import rank_intervals, ranks


def scale(measures: list[float], error: float) -> BradleyTerryFit:
    """Return a scale with these measures, all of one standard error."""
    pairs = np.array([(i, i + 1) for i in range(len(measures) - 1)], dtype=np.int64)
    fit = fit_bradley_terry(pairs[:, 0], pairs[:, 1], np.ones(len(pairs), bool), len(measures))
    covariance: Floats = np.eye(len(measures)) * error**2
    return replace(fit, measures=np.array(measures), covariance=covariance)


def intervals(fit: BradleyTerryFit, seed: int = 0, coverage: float = 0.9) -> list[tuple[int, int]]:
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
