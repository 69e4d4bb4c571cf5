"""Small fits that can be worked out by hand. What holds for every fit is tested under `properties`."""

# ruff: noqa: D103 - the name of a test is its sentence

import dataclasses
from typing import Any

import numpy as np
import pytest

from cj_pipeline.errors import DisconnectedError, EstimationError, NotConvergedError, SeparatedError
from cj_pipeline.scaling import estimate, newton
from cj_pipeline.scaling.comparison_data import binary_data, comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.evidence import SMALLEST_PRIOR_SD
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions, expected_answers
from cj_pipeline_tests.support.scales import chain_design, simulated

Rows = list[tuple[int, int, int]]


def fit(rows: Rows, n: int, n_categories: int = 2, **options: Any) -> ScaleFit:  # noqa: ANN401 - options of the fit
    """Fit rows of first, second and category, without a prior unless told otherwise."""
    first, second, category = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    data = comparison_data(first, second, category, n, n_categories=(n_categories,))
    return fit_scale(data, ScaleOptions(**{"prior_sd": 0.0, **options}))


def two_essays(wins: int, losses: int) -> Rows:
    """Return essay 0 winning and losing so many times, shown first and second in turn."""
    results = [1] * wins + [0] * losses
    return [(0, 1, won) if k % 2 == 0 else (1, 0, 1 - won) for k, won in enumerate(results)]


@pytest.mark.parametrize(("wins", "losses"), [(1, 1), (3, 1), (9, 1), (2, 8)])
def test_two_essays_lie_apart_by_the_log_of_the_odds(wins: int, losses: int) -> None:
    found = fit(two_essays(wins, losses), 2, position_effect=False)
    gap = np.log(wins / losses)

    assert found.measures == pytest.approx([gap / 2, -gap / 2], abs=1e-9)


def test_the_error_of_two_essays_is_that_of_a_log_of_odds() -> None:
    found = fit(two_essays(6, 2), 2, position_effect=False)
    variance_of_gap = 1 / 6 + 1 / 2

    assert found.standard_errors == pytest.approx([np.sqrt(variance_of_gap) / 2] * 2, rel=1e-9)


def test_the_diagonal_error_takes_the_opponent_for_known() -> None:
    found = fit(two_essays(6, 2), 2, position_effect=False)

    assert found.diagonal_errors == pytest.approx([np.sqrt(1 / 6 + 1 / 2)] * 2, rel=1e-9)


def test_the_likelihood_is_that_of_the_verdicts() -> None:
    found = fit(two_essays(6, 2), 2, position_effect=False)

    assert found.log_likelihood == pytest.approx(6 * np.log(0.75) + 2 * np.log(0.25), abs=1e-9)


def test_a_position_effect_alone_is_the_log_of_the_odds_of_the_first() -> None:
    rows = [(0, 1, 1), (1, 0, 1)] * 3 + [(0, 1, 0), (1, 0, 0)]
    found = fit(rows, 2)

    assert found.position_effect == pytest.approx(np.log(3), abs=1e-9)
    assert found.position_effect_se == pytest.approx(np.sqrt(1 / 6 + 1 / 2), rel=1e-9)
    assert found.measures == pytest.approx([0, 0], abs=1e-9)


def test_a_position_effect_that_was_not_asked_for_is_zero() -> None:
    found = fit([(0, 1, 1)] * 5, 2, position_effect=False, prior_sd=2.0)

    assert (found.position_effect, found.position_effect_se) == (0.0, 0.0)


def test_a_half_win_each_is_a_win_and_a_loss_of_half_the_weight() -> None:
    data = binary_data([0, 0, 0], [1, 1, 1], [1.0, 1.0, 0.5], 2)
    found = fit_scale(data, ScaleOptions(prior_sd=0, position_effect=False))

    assert np.ptp(found.measures) == pytest.approx(np.log(2.5 / 0.5), abs=1e-9)
    assert found.n_wins.tolist() == [2.5, 0.5]
    assert found.n_comparisons.tolist() == [3.0, 3.0]


def test_the_cut_points_of_equal_essays_are_the_logits_of_the_shares() -> None:
    # Of ten answers on either side one is the outermost, three the next, six the weakest.
    answers = [2] * 6 + [1] * 3 + [0] + [3] * 6 + [4] * 3 + [5]
    rows = [(k % 2, 1 - k % 2, answer) for answer in answers for k in range(2)]
    found = fit(rows, 2, 6)

    inner, outer = np.log(0.8 / 0.2), np.log(0.95 / 0.05)
    assert found.cut_points[0] == pytest.approx([-outer, -inner, 0, inner, outer], abs=1e-8)
    assert expected_answers(found, comparison_data([0], [1], [0], 2, n_categories=(6,))).score == pytest.approx(
        [0.5], abs=1e-9
    )


def test_categories_that_nobody_used_do_not_stand_in_the_way() -> None:
    binary = fit([(0, 1, 1), (0, 1, 0), (1, 2, 1), (1, 2, 1), (2, 0, 1), (1, 0, 1)], 3, position_effect=False)
    # The same answers as "slightly better" and as "much better" of six categories.
    weakest = fit([(0, 1, 3), (0, 1, 2), (1, 2, 3), (1, 2, 3), (2, 0, 3), (1, 0, 3)], 3, 6, position_effect=False)
    strongest = fit([(0, 1, 5), (0, 1, 0), (1, 2, 5), (1, 2, 5), (2, 0, 5), (1, 0, 5)], 3, 6, position_effect=False)

    assert weakest.measures == pytest.approx(binary.measures, abs=1e-8)
    assert strongest.measures == pytest.approx(binary.measures, abs=1e-8)
    assert weakest.cut_points[0].tolist() == [-np.inf, -np.inf, 0.0, np.inf, np.inf]
    assert strongest.cut_points[0].tolist() == [0.0] * 5


def test_people_with_ties_and_models_with_six_categories_enter_one_fit() -> None:
    first, second = np.array([0, 1, 2, 0, 1, 2] * 4), np.array([1, 2, 0, 2, 0, 1] * 4)
    kind = np.repeat([0, 1], 12)
    answer = np.array([0, 1, 2, 1, 2, 0, 2, 1, 0, 1, 1, 2, 0, 1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 0])
    data = comparison_data(first, second, answer, 3, n_categories=(3, 6), response_format=kind)
    found = fit_scale(data)

    ties, strengths = found.cut_points
    assert ties == pytest.approx(-ties[::-1])
    assert strengths == pytest.approx(-strengths[::-1])
    assert np.all(np.diff(strengths) > 0)
    assert ties[0] < 0 < ties[1]


def test_a_narrower_prior_draws_the_measures_together() -> None:
    gaps = [
        np.ptp(fit(two_essays(9, 1), 2, prior_sd=sd, position_effect=False).measures)
        for sd in (0.5, 1.0, 2.0, 10.0, 0.0)
    ]

    assert gaps == sorted(gaps)


def test_wins_and_comparisons_are_counted() -> None:
    found = fit([(0, 1, 1), (1, 2, 0), (2, 0, 0), (0, 1, 0)], 3, prior_sd=2.0)

    assert found.n_comparisons.tolist() == [3, 3, 2]
    assert found.n_wins.tolist() == [2, 1, 1]


def test_a_perfect_order_is_kept_at_finite_measures_whatever_the_spread() -> None:
    rows = [(a, b, int(a < b)) for a in range(6) for b in range(6) if a != b]
    for prior_sd in (2.0, None):
        found = fit(rows, 6, prior_sd=prior_sd)

        assert np.all(np.diff(found.measures) < 0)
        assert np.abs(found.measures).max() < 12


def test_verdicts_that_contradict_each_other_everywhere_give_no_spread() -> None:
    rows = [(a, b, won) for a in range(6) for b in range(6) if a != b for won in (0, 1)]
    found = fit(rows, 6, prior_sd=None)

    assert found.prior_sd == pytest.approx(SMALLEST_PRIOR_SD)
    assert found.prior_estimated
    assert found.measures == pytest.approx(np.zeros(6), abs=1e-9)


@pytest.mark.parametrize(
    ("rows", "n", "said"),
    [
        ([(0, 1, 1), (2, 3, 1)], 4, r"2 groups .*\(sizes 2, 2\)"),
        ([(0, 1, 1)], 3, r"2 groups .*\(sizes 2, 1\)"),
        ([], 3, r"3 groups .*\(sizes 1, 1, 1\)"),
        ([(0, 1, 1)], 9, r"8 groups .*\(sizes 2, 1, 1, 1, 1\)"),
    ],
)
def test_groups_without_a_link_are_counted(rows: Rows, n: int, said: str) -> None:
    for prior_sd in (2.0, None, 0.0):
        with pytest.raises(DisconnectedError, match=said) as caught:
            fit(rows, n, prior_sd=prior_sd)
        assert sorted(i for group in caught.value.groups for i in group) == list(range(n))


def test_a_known_measure_links_what_was_never_compared() -> None:
    rows = [(0, 1, 1), (1, 0, 1), (2, 3, 0), (3, 2, 1)]
    known = np.array([0.5, np.nan, -0.5, np.nan])
    found = fit(rows, 4, prior_sd=1.0, fixed_measures=known)

    assert found.measures[[0, 2]].tolist() == [0.5, -0.5]
    assert found.standard_errors[[0, 2]].tolist() == [0.0, 0.0]
    assert np.all(found.standard_errors[[1, 3]] > 0)
    assert found.measures[3] > found.measures[2]


def test_essays_that_won_everything_are_named_from_the_top() -> None:
    rows = [(0, 1, 1), (0, 2, 1), (1, 2, 1), (2, 1, 1), (3, 1, 0), (2, 3, 1)]

    with pytest.raises(SeparatedError, match=r"3 groups.*\{0\} > \{1, 2\} > \{3\}.*prior_sd") as caught:
        fit(rows, 4, position_effect=False)

    assert caught.value.groups == ((0,), (1, 2), (3,))


def test_an_answer_that_is_not_the_strongest_links_both_ways() -> None:
    # Essay 0 won everything, but sometimes only clearly.
    rows = [(0, 1, 4), (1, 0, 0), (0, 1, 5), (1, 2, 4), (2, 1, 5), (1, 2, 5), (2, 1, 1)]
    found = fit(rows, 3, 6, position_effect=False)

    assert found.n_wins[0] == found.n_comparisons[0]
    assert np.all(np.isfinite(found.measures))


@pytest.mark.parametrize("judged", [[1, 1, 1, 1, 1, 1], [1, 1, 0, 1, 1, 1]])
def test_a_position_effect_without_end_is_refused_without_a_prior(judged: list[int]) -> None:
    pairs = [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)]
    rows = [(a, b, won) for (a, b), won in zip(pairs, judged, strict=True)]

    with pytest.raises(SeparatedError, match="shown first"):
        fit(rows, 3)
    assert np.isfinite(fit(rows, 3, prior_sd=1.0).position_effect)


def test_a_fit_that_stops_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newton, "_MAX_STEPS", 1)

    with pytest.raises(NotConvergedError, match="after 1 steps") as caught:
        fit(two_essays(9, 1), 2, prior_sd=2.0)

    assert isinstance(caught.value, EstimationError)


def test_thousands_of_one_sided_comparisons_converge() -> None:
    rows = [(a, b, int(a < b)) for a in range(30) for b in range(30) if a != b] * 5
    found = fit(rows, 30, prior_sd=50.0)

    assert found.scaled_gradient <= newton.GRADIENT_TOLERANCE
    assert 1 < found.n_steps < 60


def test_more_judge_effects_than_the_answers_can_tell_are_refused() -> None:
    data = comparison_data([0, 1], [1, 0], [1, 1], 2, judge=[0, 1])

    with pytest.raises(EstimationError, match="prior"):
        fit_scale(data, ScaleOptions(prior_sd=0, judge_effects="position"))


def test_errors_that_were_not_asked_for_are_left_out() -> None:
    found = fit(two_essays(6, 2), 2, errors="none")

    assert np.all(np.isnan(found.standard_errors))
    assert (found.covariance, found.errors_method) == (None, "none")


def test_a_chain_gets_exact_errors_where_probes_are_unreliable(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    chain = simulated(chain_design(600, 20), rng.normal(0, 1, 600), rng).data
    options = ScaleOptions(prior_sd=1.0, exact_up_to=100)
    found = fit_scale(chain, options)

    assert found.errors_method == "exact"
    with pytest.raises(EstimationError, match=r"Monte-Carlo error of .* chains of neighbours"):
        fit_scale(chain, dataclasses.replace(options, errors="probe"))
    monkeypatch.setattr(estimate, "FALL_BACK_UP_TO", 500)
    with pytest.raises(EstimationError, match="ask for exact errors"):
        fit_scale(chain, options)


def test_a_fit_cannot_be_changed_afterwards() -> None:
    found = fit(two_essays(1, 1), 2, prior_sd=1.0)

    with pytest.raises(dataclasses.FrozenInstanceError):
        found.n_steps = 0  # type: ignore[misc]
