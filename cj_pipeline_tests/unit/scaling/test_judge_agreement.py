"""Agreement with the scale, between judges and between groups of them."""

import math

import numpy as np
import pytest

from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.judge_agreement import agreement_between, agreement_with_scale
from cj_pipeline_tests.support.judged_classes import judged, made_scale


def test_agreement_with_the_scale_counts_ties_half() -> None:
    """Two for the higher essay, one against, one tie; a second judge is silent."""
    data = comparison_data([0, 0, 1, 2], [1, 2, 2, 0], [2, 2, 0, 1], 3, n_categories=(3,), n_judges=2)
    first, second = agreement_with_scale(made_scale([1, 0, -1], cuts=[(-0.5, 0.5)], n_judges=2), data)
    assert (first.observed.n, first.observed.value) == (4, 0.625)
    assert second.observed.n == 0
    assert math.isnan(second.expected)


def test_what_the_scale_expects_is_what_answers_at_the_truth_give() -> None:
    """One judge, thousands of answers, with a position effect."""
    truth = made_scale(np.linspace(-2, 2, 80), position_effect=0.5)
    [found] = agreement_with_scale(truth, judged(truth, 60, seed=5))
    assert found.observed.value == pytest.approx(found.expected, abs=0.02)
    assert 0.5 < found.expected < 1


def test_judges_agree_where_they_prefer_the_same_essay_in_any_order() -> None:
    """Three judges; pair (0, 1) is seen by all, pair (1, 2) by two, one pair only by one."""
    first, second = [0, 1, 0, 1, 2, 0], [1, 0, 1, 2, 1, 2]
    data = comparison_data(first, second, [1, 0, 0, 1, 1, 1], 3, judge=[0, 1, 2, 0, 1, 2])
    found = {(a.one, a.other): (a.same.n, a.same.value) for a in agreement_between(data)}
    assert found == {(0, 1): (2, 0.5), (0, 2): (1, 0.0), (1, 2): (1, 0.0)}


def test_a_judge_who_contradicts_itself_is_undecided() -> None:
    """Such a pair is left out."""
    data = comparison_data([0, 1, 0], [1, 0, 1], [1, 1, 1], 2, judge=[0, 0, 1])
    assert agreement_between(data) == []


def test_groups_pool_the_pairs_of_their_members() -> None:
    """A model against two people, and the people among themselves."""
    data = comparison_data([0, 0, 0, 1, 1], [1, 1, 1, 2, 2], [1, 1, 0, 1, 1], 3, judge=[0, 1, 2, 0, 1])
    found = {(a.one, a.other): (a.same.n, round(a.same.value, 3)) for a in agreement_between(data, [0, 1, 1])}
    assert found == {(0, 1): (3, 0.667), (1, 1): (1, 0.0)}
