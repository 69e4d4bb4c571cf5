"""What changed between two scales, beyond their errors."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pytest

from cj_pipeline.engine.fitting import fit_verdicts, judged
from cj_pipeline.scaling.rank_changes import ScaleDifference, scale_difference
from cj_pipeline_tests.support.rankings import ClassRoom


def test_a_shift_and_a_stretch_are_no_change() -> None:
    one = np.array([-2.0, -0.5, 0.5, 2.0])
    errors = np.full(4, 0.3)
    found = scale_difference(one, errors, 3 * one + 7, 3 * errors)
    assert found.change == pytest.approx(np.zeros(4))
    assert found.stretch == pytest.approx(1 / 3)
    assert found.change_error == pytest.approx(np.full(4, 0.3 * np.sqrt(2)))
    assert not found.beyond_error.any()
    assert (found.spearman, found.kendall) == (1.0, 1.0)
    assert (found.ranks[0] == found.ranks[1]).all()


def test_an_essay_that_moved_is_found_and_the_others_are_not() -> None:
    one = np.linspace(-2, 2, 41)
    other = one.copy()
    other[5] += 3.0
    found = scale_difference(one, np.full(41, 0.3), other, np.full(41, 0.3))
    assert np.flatnonzero(found.beyond_error).tolist() == [5]
    assert found.ranks[1][5] < found.ranks[0][5]


def test_equal_measures_have_no_correlation() -> None:
    found = scale_difference(np.zeros(4), np.ones(4), np.arange(4.0), np.ones(4))
    assert np.isnan(found.spearman)
    assert found.stretch == 1.0


def test_two_essays_are_too_few() -> None:
    with pytest.raises(ValueError, match="three"):
        scale_difference(np.zeros(2), np.ones(2), np.zeros(2), np.ones(2))


def two_panels(seed: int) -> ScaleDifference:
    """The same essays, judged by two panels that see the same: only chance differs."""
    made = ClassRoom(n=40, per_essay=24, seed=seed, judges=("one", "two")).pairs()
    answers = judged(made.comparisons)
    fits = [fit_verdicts(made.snapshot, answers[k::2]).fit for k in (0, 1)]
    return scale_difference(fits[0].measures, fits[0].standard_errors, fits[1].measures, fits[1].standard_errors)


def test_where_only_chance_differs_at_most_about_five_percent_seem_changed() -> None:
    share = np.mean([two_panels(seed).beyond_error.mean() for seed in range(6)])
    assert share < 0.06
