"""Simulated answers and what is expected of them."""

import numpy as np
import pytest

from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.ordinal import category_probabilities
from cj_pipeline.scaling.scale_fit import advantages, expected_answers
from cj_pipeline.scaling.simulated_answers import answer_moments, simulate_answers
from cj_pipeline_tests.support.judged_classes import SIX, made_scale

FIT = made_scale([2.0, 0.0, -1.0], cuts=[SIX, (0.0,)], position_effect=0.3)
DATA = comparison_data([0, 1, 2], [1, 2, 0], [0, 0, 0], 3, n_categories=(6, 2), response_format=[0, 1, 0])


def test_moments_are_those_of_the_fitted_model() -> None:
    """The same as for one set of measures."""
    expected = expected_answers(FIT, DATA)
    mean, variance = answer_moments(FIT, DATA, advantages(FIT, DATA)[:, None])
    assert mean[:, 0] == pytest.approx(expected.score)
    assert variance[:, 0] == pytest.approx(expected.variance)


def test_answers_come_as_often_as_they_should() -> None:
    """Frequencies of every category over many sets."""
    d = advantages(FIT, DATA)
    drawn = simulate_answers(FIT, DATA, np.repeat(d[:, None], 40_000, axis=1), np.random.default_rng(2))
    for row, cuts in ((0, FIT.cut_points[0]), (1, FIT.cut_points[1]), (2, FIT.cut_points[0])):
        seen = np.bincount(drawn[row], minlength=len(cuts) + 1) / drawn.shape[1]
        assert seen == pytest.approx(category_probabilities(d[[row]], cuts)[0], abs=0.01)
