"""Split halves of published sessions, on data made here."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest

from benchmarks.published_sessions.halves import split_half
from cj_pipeline.engine.decisions import gather, read_table
from cj_pipeline.scaling.comparison_data import ComparisonData, binary_data
from cj_pipeline_tests.support.decisions import columns, drawn_decisions


def class_of(n_judges: int) -> ComparisonData:
    """Return a class with a wide spread."""
    return gather([read_table(columns(drawn_decisions(n_judges=n_judges)))]).data


def test_halves_of_a_wide_spread_agree_and_every_split_differs() -> None:
    found = split_half(class_of(8), np.random.default_rng(1), 20)

    assert len(found) == 20
    assert np.median(found) > 0.8
    assert len(set(found.tolist())) > 10


def test_the_same_generator_gives_the_same_halves() -> None:
    one, again = (split_half(class_of(6), np.random.default_rng(3), 5) for _ in range(2))

    assert one.tolist() == again.tolist()


def test_halves_without_a_scale_are_left_out() -> None:
    # Every judge saw one pair only: no half connects four essays.
    data = binary_data([0, 1, 2], [1, 2, 3], [1, 1, 1], 4, judge=[0, 1, 2])

    found = split_half(data, np.random.default_rng(1), 10)

    assert len(found) == 0


def test_a_single_judge_cannot_be_split() -> None:
    assert len(split_half(class_of(1), np.random.default_rng(1), 3)) == 0


def test_correlations_are_over_essays_that_both_halves_compared() -> None:
    # Judge 0 saw essays 0 to 2, judge 1 saw 1 to 3; they agree on 1 over 2.
    data = binary_data(
        [0, 1, 0, 1, 2, 1, 2, 1, 2, 3], [1, 2, 2, 0, 1, 2, 3, 3, 1, 2], np.ones(10), 4, judge=[0] * 5 + [1] * 5
    )

    found = split_half(data, np.random.default_rng(1), 2)

    assert np.abs(found) == pytest.approx(np.ones(len(found)))
