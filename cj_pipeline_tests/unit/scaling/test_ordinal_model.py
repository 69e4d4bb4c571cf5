"""The ordinal model: what it recovers, how few anchors show, and the cases that go wrong elsewhere."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections.abc import Sequence

import numpy as np
import pytest
from scipy.special import ndtr

from cj_pipeline.scaling.anchors import Anchors
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.ordinal_model import NOISE_LOG_SD, NOISE_MEDIAN, OrdinalModel, Shares
from cj_pipeline.scaling.projection import Projection
from cj_pipeline.scaling.thresholds import Thresholds


def anchors(places: Sequence[int], levels: Sequence[int]) -> Anchors:
    """Return anchors at these places."""
    return Anchors(np.array(places, dtype=np.int64), np.array(levels, dtype=np.int64))


def project(
    measures: Sequence[float],
    known: Anchors,
    n_levels: int,
    *,
    error: float = 0.3,
    shares: Shares | None = None,
) -> Projection:
    """Return the grades of essays whose measures all have one error."""
    measure, variance = np.array(measures, dtype=np.float64), np.full(len(measures), error**2)
    return fitted(OrdinalModel(measure, variance, n_levels, shares), known).project(measure, variance)


def fitted(model: OrdinalModel, known: Anchors) -> Thresholds:
    """Return the boundaries that anchors give."""
    return model.fit(model.likelihood(known))


def nine(offset: int = 0) -> Anchors:
    """Return nine anchors, one a grade."""
    return anchors(range(9), range(offset, 9 + offset))


NINE = [float(i) - 4 for i in range(9)]


@pytest.mark.parametrize("offset", [0, 1], ids=["the scale ends with the anchors", "a level below the lowest"])
def test_nine_perfect_anchors_recover_nine_of_nine(offset: int) -> None:
    """One anchor per grade, in order, one logit apart with errors of 0.3; the reference system recovers 2."""
    found = project(NINE, nine(offset), 9 + offset)

    assert found.likeliest.tolist() == [i + offset for i in range(9)]
    assert found.boundaries[offset:] == pytest.approx([i - 3.5 for i in range(8)], abs=0.15)


def test_probabilities_are_no_certainties_with_one_anchor_a_grade() -> None:
    best = project(NINE, nine(), 9).probabilities.max(axis=1)

    assert np.all((best > 0.5) & (best < 0.8))


def test_more_anchors_make_surer_boundaries_and_grades() -> None:
    cohort = np.linspace(-3, 3, 61)
    few = project(cohort.tolist(), anchors([5, 30, 55], [0, 1, 2]), 3)
    many_places = [*range(0, 20, 2), *range(21, 40, 2), *range(41, 61, 2)]
    many = project(cohort.tolist(), anchors(many_places, np.repeat([0, 1, 2], 10).tolist()), 3)

    assert np.all(many.boundary_errors < 0.6 * few.boundary_errors)
    assert many.probabilities.max(axis=1).mean() > few.probabilities.max(axis=1).mean() + 0.1


def test_a_less_certain_measure_has_a_less_certain_grade() -> None:
    measure = np.array(NINE)
    boundaries = fitted(OrdinalModel(measure, np.full(9, 0.09), 9), nine())
    sure, unsure = (boundaries.project(measure, np.full(9, v)).probabilities.max(axis=1) for v in (0.04, 1.0))

    assert np.all(sure > unsure)


def test_a_missing_grade_between_anchors_is_given_a_band_between_them() -> None:
    known = anchors([0, 1, 2, 3, 5, 6, 7, 8], [0, 1, 2, 3, 5, 6, 7, 8])
    found = project(NINE, known, 9)

    assert found.likeliest[4] == 4
    assert np.all(np.diff(found.boundaries) > 0)
    assert found.boundary_errors[3] > project(NINE, nine(), 9).boundary_errors[3]


def test_beyond_the_anchors_bands_are_as_wide_as_the_steps_between_them() -> None:
    known = anchors([2, 3, 4, 5, 6], [2, 3, 4, 5, 6])
    found = project(NINE, known, 9)

    assert found.likeliest[[0, 8]].tolist() == [0, 8]
    assert np.all(np.abs(found.likeliest - np.arange(9)) <= 1)
    assert np.diff(found.boundaries)[[0, -1]] == pytest.approx([1.0, 1.0], abs=0.1)
    assert np.all(found.boundary_errors[[0, -1]] > found.boundary_errors[4])


def test_anchors_of_the_low_end_alone_give_no_high_grades_to_their_like() -> None:
    found = project([-1.0, -0.5, 0.0, 0.5, 1.0], anchors([0, 1, 2, 3, 4], [0, 0, 1, 2, 2]), 9)

    assert np.all(found.likeliest <= 2)
    assert np.all(found.at_least[:, 5] < 0.1)


def test_inverted_anchors_keep_the_boundaries_in_order_and_make_them_uncertain() -> None:
    right = project([-2.0, -0.5, 0.5, 2.0], anchors(range(4), [0, 1, 2, 3]), 4)
    wrong = project([-2.0, -0.5, 0.5, 2.0], anchors(range(4), [0, 2, 1, 3]), 4)

    assert np.all(np.diff(wrong.boundaries) > 0)
    assert wrong.boundary_errors.mean() > right.boundary_errors.mean()
    assert wrong.probabilities.max(axis=1).mean() < right.probabilities.max(axis=1).mean() - 0.05


def test_tied_anchors_of_different_grades_share_the_doubt_evenly() -> None:
    found = project([-1.0, 0.0, 0.0, 1.0], anchors(range(4), [0, 0, 1, 1]), 2)

    assert found.at_least[[1, 2], 1] == pytest.approx([0.5, 0.5], abs=0.01)
    assert found.boundaries[0] == pytest.approx(0.0, abs=0.02)


def test_anchors_all_of_one_grade_say_nothing_about_a_boundary() -> None:
    with pytest.raises(ValueError, match="at least two grades"):
        project([-1.0, 0.0, 1.0], anchors([0, 2], [1, 1]), 3)


def test_grades_that_contradict_the_measures_make_much_noise() -> None:
    measure, variance = np.linspace(-2, 2, 20), np.full(20, 0.09)
    model = OrdinalModel(measure, variance, 2)
    agreeing = fitted(model, anchors(range(20), [0] * 10 + [1] * 10))
    mixed = fitted(model, anchors(range(20), [0, 1] * 10))

    assert mixed.expected_noise > 3 * agreeing.expected_noise


def test_known_shares_move_boundaries_where_anchors_are_few() -> None:
    measures = np.linspace(-2, 2, 41).tolist()
    known = anchors([10, 30], [0, 1])
    rare, common = (
        project(measures, known, 2, shares=Shares(np.array([1 - top, top]), 20)).probabilities[:, 1].mean()
        for top in (0.1, 0.9)
    )

    assert rare < 0.35
    assert common > 0.65


def test_weighty_shares_move_boundaries_more() -> None:
    measures = np.linspace(-2, 2, 41).tolist()
    top = [
        project(measures, anchors([10, 30], [0, 1]), 2, shares=Shares(np.array([0.9, 0.1]), weight))
        .probabilities[:, 1]
        .mean()
        for weight in (1, 10, 100)
    ]

    assert top[0] > top[1] > top[2] > 0.09


def test_a_cohort_of_two_levels_agrees_with_plain_integration() -> None:
    """Two levels have one boundary: boundary and noise are integrated on a fine grid of their own."""
    measure = np.array([-1.2, -0.4, 0.1, 0.9, 1.7])
    variance, level = np.array([0.2, 0.1, 0.3, 0.1, 0.2]), np.array([0, 0, 1, 0, 1])
    model = OrdinalModel(measure, variance, 2)
    found = fitted(model, anchors(range(5), level.tolist())).project(measure, variance)
    sd = float(np.sqrt(measure.var() + variance.mean()))
    total, above = 0.0, np.zeros(5)
    for step in np.linspace(-2.5, 2.5, 81):
        noise = NOISE_MEDIAN * sd * np.exp(NOISE_LOG_SD * step)
        reach = np.sqrt(noise**2 + variance)
        tau = np.linspace(-5, 5.5, 2001)
        z = (measure[:, None] - tau) / reach[:, None]
        likely = np.prod(np.where(level[:, None] == 1, ndtr(z), ndtr(-z)), axis=0)
        weight = likely * np.mean(np.exp(-(z**2) / 2) / reach[:, None], axis=0) * np.exp(-(step**2) / 2)
        total += weight.sum()
        above += ndtr(z) @ weight

    assert found.at_least[:, 1] == pytest.approx(above / total, abs=0.01)


def test_a_finer_grid_changes_nothing_that_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    coarse = project(NINE, nine(1), 10)
    monkeypatch.setattr("cj_pipeline.scaling.ordinal_model._POINTS_PER_SD", 30)
    monkeypatch.setattr("cj_pipeline.scaling.ordinal_model._MOST_POINTS", 900)
    fine = project(NINE, nine(1), 10)

    assert coarse.probabilities == pytest.approx(fine.probabilities, abs=0.01)
    assert coarse.boundaries == pytest.approx(fine.boundaries, abs=0.05)


def test_measures_almost_without_error_are_graded_too() -> None:
    found = project(NINE, nine(), 9, error=1e-6)

    assert found.likeliest.tolist() == list(range(9))


def test_many_essays_are_graded_as_few_are() -> None:
    """Blocks and the thinned cohort make no difference: 12,000 essays in place of 12, with the same anchors."""
    few: Floats = np.tile(np.linspace(-2, 2, 12), 1)
    many: Floats = np.tile(np.linspace(-2, 2, 12), 1000)
    known = anchors([1, 6, 10], [0, 1, 2])
    a, b = (project(each.tolist(), known, 3).probabilities for each in (few, many))

    assert b[:12] == pytest.approx(a, abs=0.01)
    assert b[-12:] == pytest.approx(b[:12])


def test_measures_that_do_not_differ_leave_every_grade_open() -> None:
    found = project([0.0] * 6, anchors([0, 1, 2], [0, 1, 2]), 3, error=0.0)

    assert found.probabilities == pytest.approx(np.full((6, 3), 1 / 3), abs=0.05)
