"""Small fits that can be worked out by hand. What holds for every fit is tested under `properties`."""

# ruff: noqa: D103 - the name of a test is its sentence

import dataclasses
from typing import Any

import numpy as np
import pytest

from cj_pipeline.errors import DisconnectedError, EstimationError, NotConvergedError
from cj_pipeline.scaling import bradley_terry
from cj_pipeline.scaling.bradley_terry import BradleyTerryFit, fit_bradley_terry

WIDE = 1e4


def fit(rows: list[tuple[int, int, bool]], n: int, **options: Any) -> BradleyTerryFit:  # noqa: ANN401 - options of the fit
    """Fit rows of first, second and whether the first won."""
    first, second, won = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return fit_bradley_terry(first, second, won.astype(bool), n, **options)


def two_essays(wins: int, losses: int) -> list[tuple[int, int, bool]]:
    """Return essay 0 winning and losing so many times, shown first and second in turn."""
    results = [True] * wins + [False] * losses
    return [(0, 1, won) if k % 2 == 0 else (1, 0, not won) for k, won in enumerate(results)]


@pytest.mark.parametrize(("wins", "losses"), [(1, 1), (3, 1), (9, 1), (2, 8)])
def test_two_essays_lie_apart_by_the_log_of_the_odds(wins: int, losses: int) -> None:
    found = fit(two_essays(wins, losses), 2, prior_sd=WIDE, fit_position_effect=False)
    gap = np.log(wins / losses)

    assert found.measures == pytest.approx([gap / 2, -gap / 2], abs=1e-5)


def test_the_error_of_two_essays_is_that_of_a_log_of_odds() -> None:
    found = fit(two_essays(6, 2), 2, prior_sd=WIDE, fit_position_effect=False)
    variance_of_gap = 1 / 6 + 1 / 2

    assert found.standard_errors == pytest.approx([np.sqrt(variance_of_gap) / 2] * 2, rel=1e-5)


def test_the_likelihood_is_that_of_the_verdicts() -> None:
    found = fit(two_essays(6, 2), 2, prior_sd=WIDE, fit_position_effect=False)

    assert found.log_likelihood == pytest.approx(6 * np.log(0.75) + 2 * np.log(0.25), abs=1e-6)


def test_a_position_effect_alone_is_the_log_of_the_odds_of_the_first() -> None:
    rows = [(0, 1, True), (1, 0, True)] * 3 + [(0, 1, False), (1, 0, False)]
    found = fit(rows, 2, position_prior_sd=WIDE)

    assert found.position_effect == pytest.approx(np.log(3), abs=1e-7)
    assert found.position_effect_se == pytest.approx(np.sqrt(1 / 6 + 1 / 2), rel=1e-6)
    assert found.measures == pytest.approx([0, 0], abs=1e-7)


def test_a_position_effect_that_was_not_asked_for_is_zero() -> None:
    found = fit([(0, 1, True)] * 5, 2, fit_position_effect=False)

    assert (found.position_effect, found.position_effect_se) == (0.0, 0.0)


def test_a_narrower_prior_draws_the_measures_together() -> None:
    gaps = [np.ptp(fit(two_essays(9, 1), 2, prior_sd=sd).measures) for sd in (0.5, 1.0, 2.0, 10.0)]

    assert gaps == sorted(gaps)
    assert fit(two_essays(9, 1), 2).prior_sd == 2.0


def test_wins_and_comparisons_are_counted() -> None:
    found = fit([(0, 1, True), (1, 2, False), (2, 0, False), (0, 1, False)], 3)

    assert found.n_comparisons.tolist() == [3, 3, 2]
    assert found.n_wins.tolist() == [2, 1, 1]


def test_a_perfect_order_is_kept_at_finite_measures() -> None:
    rows = [(a, b, a < b) for a in range(6) for b in range(6) if a != b]
    found = fit(rows, 6)

    assert np.all(np.diff(found.measures) < 0)
    assert np.abs(found.measures).max() < 10


@pytest.mark.parametrize(
    ("rows", "n", "said"),
    [
        ([(0, 1, True), (2, 3, True)], 4, r"2 groups .*\(sizes 2, 2\)"),
        ([(0, 1, True)], 3, r"2 groups .*\(sizes 2, 1\)"),
        ([], 3, r"3 groups .*\(sizes 1, 1, 1\)"),
        ([(0, 1, True)], 9, r"8 groups .*\(sizes 2, 1, 1, 1, 1\)"),
    ],
)
def test_groups_without_a_link_are_counted(rows: list[tuple[int, int, bool]], n: int, said: str) -> None:
    with pytest.raises(DisconnectedError, match=said):
        fit(rows, n)


def test_a_fit_that_stops_short_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bradley_terry, "_MAX_NEWTON_STEPS", 1)

    with pytest.raises(NotConvergedError, match="after 1 steps") as caught:
        fit(two_essays(9, 1), 2)

    assert isinstance(caught.value, EstimationError)


def test_thousands_of_one_sided_comparisons_converge() -> None:
    rows = [(a, b, a < b) for a in range(30) for b in range(30) if a != b] * 5
    found = fit(rows, 30, prior_sd=50.0)

    assert found.scaled_gradient <= bradley_terry.GRADIENT_TOLERANCE
    assert 1 < found.n_steps < 60


def test_a_fit_cannot_be_changed_afterwards() -> None:
    found = fit(two_essays(1, 1), 2)

    with pytest.raises(dataclasses.FrozenInstanceError):
        found.n_steps = 0  # type: ignore[misc]
