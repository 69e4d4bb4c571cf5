"""Split halves: what repeats and steps up, and what cannot be split."""

from dataclasses import replace

import numpy as np
import pytest

from cj_pipeline.scaling import split_half as module
from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.split_half import spearman_brown, split_half_by_comparison, split_half_by_judge
from cj_pipeline_tests.support.judged_classes import fitted, judged, made_scale

TRUTH = made_scale(np.random.default_rng(1).normal(0, 2, 40), n_judges=4)


def rng() -> np.random.Generator:
    """A source of randomness, the same for every test."""
    return np.random.default_rng(1)


@pytest.mark.parametrize(("half", "whole"), [(0.5, 2 / 3), (1, 1), (0, 0), (-0.2, -0.5), (-1, -1)])
def test_spearman_and_brown_double_the_length(half: float, whole: float) -> None:
    """2 r / (1 + r)."""
    assert spearman_brown(half) == pytest.approx(whole)


def test_halves_of_honest_comparisons_foretell_the_correlation_with_the_truth() -> None:
    """The stepped-up correlation is near the squared correlation of measures and truth."""
    found, true = [], []
    for seed in range(10):
        data = judged(TRUTH, 20, seed, n_judges=4)
        fit = fitted(TRUTH, data)
        half = split_half_by_comparison(fit, data, rng(), n_splits=20)
        assert half is not None
        assert half.low <= half.spearman_brown <= half.high
        found.append(half.spearman_brown)
        true.append(np.corrcoef(fit.measures, TRUTH.measures)[0, 1] ** 2)
    assert np.mean(found) == pytest.approx(np.mean(true), abs=0.04)


def test_judges_who_disagree_lower_the_halves_by_judge_only() -> None:
    """Two pairs of judges with minds of their own; a random half of the comparisons holds all four."""
    minds = np.random.default_rng(2).normal(0, 2, (4, 40))
    data = judged(TRUTH, 36, seed=1, n_judges=4, measures_of_judge=minds)
    fit = fitted(TRUTH, data)
    by_row, by_judge = split_half_by_comparison(fit, data, rng()), split_half_by_judge(fit, data, rng())
    assert by_row is not None
    assert by_judge is not None
    assert by_judge.correlation < by_row.correlation - 0.2


def test_judges_are_dealt_so_that_halves_have_about_as_many_answers() -> None:
    """One judge with half of all answers stands alone."""
    judge = [0] * 30 + [1] * 10 + [2] * 10 + [3] * 10
    data = comparison_data([0, 1] * 30, [1, 2] * 30, [1, 0] * 30, 3, judge=judge)
    for seed in range(20):
        side = module._half_of_judges(data, np.random.default_rng(seed))
        assert 20 <= side.sum() <= 40


def test_one_judge_cannot_be_halved() -> None:
    """However many judges were planned."""
    data = judged(TRUTH, 10, seed=1)
    assert split_half_by_judge(TRUTH, replace(data, n_judges=4), rng()) is None


def test_two_essays_have_no_correlation() -> None:
    """Always plus or minus one."""
    data = comparison_data([0, 1] * 10, [1, 0] * 10, [1, 0] * 10, 2)
    assert split_half_by_comparison(made_scale([1, -1]), data, rng()) is None


def test_splits_are_repeated_and_fewer_where_there_are_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred for a class; the same generator gives the same figures, however many sets are held at once."""
    data = judged(TRUTH, 10, seed=1)
    one = split_half_by_comparison(TRUTH, data, rng())
    monkeypatch.setattr(module, "_CELLS_AT_ONCE", 1000)
    assert one is not None
    assert one.n_splits == 100
    other = split_half_by_comparison(TRUTH, data, rng())
    assert other is not None
    assert other.correlation == pytest.approx(one.correlation, abs=1e-3)
    monkeypatch.setattr(module, "_CELLS_IN_ALL", 1000)
    few = split_half_by_comparison(TRUTH, data, rng())
    assert few is not None
    assert few.n_splits == 20
