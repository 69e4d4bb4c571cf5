"""Infit, outfit and surprises, worked out by hand."""

import numpy as np
import pytest

from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.fit_statistics import essay_misfit, judge_misfit, surprises
from cj_pipeline.scaling.ordinal import category_probabilities
from cj_pipeline.scaling.scale_fit import advantages
from cj_pipeline_tests.support.judged_classes import SIX, judged, made_scale


def test_answers_that_no_one_can_foresee_have_mean_squares_of_one() -> None:
    """Between equals every residual is one half, and so is its standard deviation."""
    data = comparison_data([0, 1, 2], [1, 2, 0], [1, 0, 0], 3)
    found = essay_misfit(made_scale([0, 0, 0]), data)
    assert found.infit == pytest.approx([1, 1, 1])
    assert found.outfit == pytest.approx([1, 1, 1])


def test_mean_squares_are_those_of_the_textbook() -> None:
    """One expected win at odds of 3 to 1, one upset at the same odds, the upset counted twice."""
    data = comparison_data([0, 0], [1, 2], [1, 0], 3, weight=[1, 2])
    found = essay_misfit(made_scale([np.log(3), 0, 0]), data)
    # p = 3/4: residuals 1/4 and -3/4, variance 3/16, z^2 1/3 and 3.
    assert found.infit[0] == pytest.approx((1 / 16 + 2 * 9 / 16) / (3 * 3 / 16))
    assert found.outfit[0] == pytest.approx((1 / 3 + 2 * 3) / 3)
    assert found.infit[1:] == pytest.approx([1 / 3, 3])


def test_ordered_answers_are_taken_as_shares() -> None:
    """The variance is that of the share over all six categories."""
    fit = made_scale([1.0, -1.0], cuts=[SIX])
    data = comparison_data([0], [1], [1], 2, n_categories=(6,))
    p, shares = category_probabilities(advantages(fit, data), np.array(SIX))[0], np.linspace(0, 1, 6)
    mean = p @ shares
    assert essay_misfit(fit, data).infit[0] == pytest.approx((0.2 - mean) ** 2 / (p @ shares**2 - mean**2))


def test_judges_are_told_apart() -> None:
    """A judge who always prefers the better essay fits closely; one who prefers the worse does not."""
    data = comparison_data([0, 1, 0, 1], [1, 0, 1, 0], [1, 0, 0, 1], 2, judge=[0, 0, 1, 1])
    found = judge_misfit(made_scale([1, -1], n_judges=2), data)
    odds = np.exp(2)
    assert found.outfit == pytest.approx([1 / odds, odds])


def test_without_comparisons_there_is_no_figure() -> None:
    """An essay and a judge that nobody has seen."""
    data = comparison_data([0], [1], [1], 3, n_judges=2)
    fit = made_scale([0, 0, 0], n_judges=2)
    assert np.isnan(essay_misfit(fit, data).infit).tolist() == [False, False, True]
    assert np.isnan(judge_misfit(fit, data).outfit).tolist() == [False, True]


def test_a_certain_answer_is_no_surprise() -> None:
    """Sixty logits apart, the variance is zero, and the figures stay finite."""
    data = comparison_data([0], [1], [1], 2)
    found = essay_misfit(made_scale([30, -30]), data)
    assert np.all(np.isfinite(found.outfit))
    assert found.outfit == pytest.approx([0, 0], abs=1e-9)


def test_the_most_surprising_comparisons_come_first() -> None:
    """An upset by the last essay, then a smaller one; the sign says who did better."""
    data = comparison_data([0, 0, 2, 1], [1, 2, 1, 0], [1, 0, 1, 0], 3)
    found = surprises(made_scale([2, 0, -2]), data, n_most=2)
    assert found.row.tolist() == [1, 2]
    assert found.residual == pytest.approx([-np.exp(2), np.exp(1)])
    assert found.chance == pytest.approx([1 / (1 + np.exp(4)), 1 / (1 + np.exp(2))])
    assert found.first_wins == pytest.approx([1 / (1 + np.exp(-4)), 1 / (1 + np.exp(2))])


def test_the_chance_of_an_ordered_answer_is_that_of_its_tail() -> None:
    """Too weak a win surprises downwards, too strong a one upwards."""
    fit = made_scale([2.0, -2.0, 0.0], cuts=[SIX])
    data = comparison_data([0, 1], [1, 2], [3, 5], 3, n_categories=(6,))
    found = surprises(fit, data)
    p = category_probabilities(advantages(fit, data), np.array(SIX))
    chances = dict(zip(found.row.tolist(), found.chance.tolist(), strict=True))
    assert chances == pytest.approx({0: p[0, :4].sum(), 1: p[1, 5]})


def test_at_the_truth_mean_squares_are_one_on_average() -> None:
    """Over many answers, binary and in six categories."""
    for cuts in ([0.0], list(SIX)):
        truth = made_scale(np.linspace(-3, 3, 60), cuts=[cuts], position_effect=0.4)
        found = judge_misfit(truth, judged(truth, 50, seed=3))
        assert found.infit == pytest.approx([1], abs=0.1)
        assert found.outfit == pytest.approx([1], abs=0.15)
