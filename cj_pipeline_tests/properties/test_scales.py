"""The fit, whatever the comparisons: certificate, invariances, slopes, and agreement with other implementations."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import dataclass, replace
from typing import Any

import choix
import evalica
import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit

from cj_pipeline.errors import DisconnectedError, SeparatedError
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import ComparisonData, comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.information import information
from cj_pipeline.scaling.newton import GRADIENT_TOLERANCE
from cj_pipeline.scaling.posterior import posterior
from cj_pipeline.scaling.ranks import rank_intervals, ranks
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions, advantages, expected_answers
from cj_pipeline_tests.properties.strategies import SEEDS

MANY = settings(deadline=None, max_examples=40)


@dataclass(frozen=True)
class Judged:
    """Comparisons with their answers, of two response formats, by up to three judges."""

    data: ComparisonData

    def fit(self, **options: Any) -> ScaleFit:  # noqa: ANN401 - options of the fit
        """Fit a scale to them; with a prior of 2 logits unless told otherwise."""
        return fit_scale(self.data, ScaleOptions(**{"prior_sd": 2.0, **options}))

    def with_(self, **columns: NDArray[np.int64] | Floats) -> "Judged":
        """Return the same with other columns."""
        return Judged(replace(self.data, **columns))  # type: ignore[arg-type] # columns by name


@st.composite
def judged_sets(draw: st.DrawFn, n_max: int = 12, formats: tuple[int, ...] = (2, 6)) -> Judged:
    """Return connected comparisons with any answers at all, pairs put several times included."""
    n = draw(st.integers(2, n_max))
    tree = [(draw(st.integers(0, i - 1)), i) for i in range(1, n)]
    more = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(lambda p: p[0] != p[1])))
    pairs = draw(st.permutations(tree + more))
    first, second = np.array(pairs, dtype=np.int64).T
    rng = np.random.default_rng(draw(SEEDS))
    kind = rng.integers(0, len(formats), len(pairs))
    answer = rng.integers(0, np.array(formats)[kind])
    data = comparison_data(
        first, second, answer, n, n_categories=formats, response_format=kind, judge=rng.integers(0, 3, len(pairs))
    )
    return Judged(data)


def mirrored(judged: Judged) -> NDArray[np.int64]:
    """Return the opposite answers."""
    top = np.array(judged.data.n_categories)[judged.data.response_format] - 1
    return np.asarray(top - judged.data.category)


def slopes(of: Any, x: Floats, step: float = 1e-5) -> Floats:  # noqa: ANN401 - a function of x
    """Return central differences of a function, one row per component of x."""
    units = np.eye(len(x)) * step
    return np.array([(of(x + unit) - of(x - unit)) / (2 * step) for unit in units])


OPTIONS = st.sampled_from(
    [
        {},
        {"position_effect": False},
        {"judge_effects": "position"},
        {"judge_effects": "position", "position_effect": False},
        {"prior_sd": 0.5},
        {"prior_sd": 30.0},
        {"prior_sd": None},
    ]
)
"""Options under which the log-posterior is concave, so that its top is one point."""


@MANY
@given(judged_sets(), OPTIONS)
def test_every_connected_set_has_a_finite_certified_fit(judged: Judged, options: dict[str, Any]) -> None:
    fit, n_rows = judged.fit(**options), len(judged.data)
    widest = fit.prior_sd

    assert fit.scaled_gradient <= GRADIENT_TOLERANCE
    assert np.all(np.isfinite(fit.measures))
    assert fit.measures.mean() == pytest.approx(0, abs=1e-9)
    assert np.all((fit.standard_errors > 0) & (fit.standard_errors < widest))
    assert fit.covariance is not None
    assert fit.covariance.sum(axis=0) == pytest.approx(0, abs=1e-8 * widest**2)
    assert fit.covariance == pytest.approx(fit.covariance.T, abs=1e-9)
    assert fit.log_likelihood <= 0
    assert fit.n_comparisons.sum() == 2 * n_rows
    assert fit.n_wins.sum() == n_rows
    assert (fit.position_effect_se > 0) is options.get("position_effect", True)
    for cuts in fit.cut_points:
        assert np.all(cuts[1:] >= cuts[:-1])
        assert cuts[::-1] == pytest.approx(-cuts)


@MANY
@given(judged_sets(), st.sampled_from(["discrimination", "both"]))
def test_discriminations_have_a_certified_fit_and_a_geometric_mean_of_one(judged: Judged, effects: str) -> None:
    fit, answered = judged.fit(judge_effects=effects), np.unique(judged.data.judge)

    assert fit.scaled_gradient <= GRADIENT_TOLERANCE
    assert np.log(fit.judge_discrimination[answered]).mean() == pytest.approx(0, abs=1e-9)
    assert fit.judge_position.sum() == pytest.approx(0, abs=1e-9)


@MANY
@given(judged_sets(), OPTIONS, SEEDS)
def test_the_order_of_the_rows_does_not_matter(judged: Judged, options: dict[str, Any], seed: int) -> None:
    order = np.random.default_rng(seed).permutation(len(judged.data))
    was, now = judged.fit(**options), Judged(judged.data.rows(order)).fit(**options)

    assert now.measures == pytest.approx(was.measures, abs=1e-6)
    assert now.covariance == pytest.approx(was.covariance, abs=1e-6 * was.prior_sd**2)


@MANY
@given(judged_sets(), OPTIONS, SEEDS)
def test_the_numbering_of_the_essays_does_not_matter(judged: Judged, options: dict[str, Any], seed: int) -> None:
    label = np.random.default_rng(seed).permutation(judged.data.n_essays)
    relabelled = judged.with_(first=label[judged.data.first], second=label[judged.data.second])
    was, now = judged.fit(**options), relabelled.fit(**options)

    assert now.measures[label] == pytest.approx(was.measures, abs=1e-6)
    assert now.standard_errors[label] == pytest.approx(was.standard_errors, abs=1e-6)
    assert now.position_effect == pytest.approx(was.position_effect, abs=1e-6)
    assert np.array_equal(now.n_wins[label], was.n_wins)


@MANY
@given(judged_sets(), OPTIONS)
def test_opposite_answers_give_opposite_measures(judged: Judged, options: dict[str, Any]) -> None:
    was, now = judged.fit(**options), judged.with_(category=mirrored(judged)).fit(**options)

    assert now.measures == pytest.approx(-was.measures, abs=1e-6)
    assert now.position_effect == pytest.approx(-was.position_effect, abs=1e-5)
    assert now.standard_errors == pytest.approx(was.standard_errors, abs=1e-6)


@MANY
@given(judged_sets(), OPTIONS)
def test_telling_each_comparison_from_its_other_side_turns_only_the_position_effect(
    judged: Judged, options: dict[str, Any]
) -> None:
    other = judged.with_(first=judged.data.second, second=judged.data.first, category=mirrored(judged))
    was, now = judged.fit(**options), other.fit(**options)

    assert now.measures == pytest.approx(was.measures, abs=1e-6)
    assert now.position_effect == pytest.approx(-was.position_effect, abs=1e-5)
    assert now.judge_position == pytest.approx(-was.judge_position, abs=1e-5)


@MANY
@given(judged_sets(), OPTIONS)
def test_doubled_rows_are_doubled_weights(judged: Judged, options: dict[str, Any]) -> None:
    twice = Judged(judged.data.rows(np.tile(np.arange(len(judged.data)), 2)))
    was, now = judged.with_(weight=2 * judged.data.weight).fit(**options), twice.fit(**options)

    assert now.measures == pytest.approx(was.measures, abs=1e-6)
    assert now.standard_errors == pytest.approx(was.standard_errors, abs=1e-6)
    assert now.log_likelihood == pytest.approx(was.log_likelihood, abs=1e-6)


@MANY
@given(judged_sets(formats=(2,)), OPTIONS)
def test_two_of_six_categories_are_two_categories(judged: Judged, options: dict[str, Any]) -> None:
    in_six = replace(judged.data, n_categories=(6,), category=judged.data.category * 5)
    was, now = judged.fit(**options), Judged(in_six).fit(**options)

    assert now.measures == pytest.approx(was.measures, abs=1e-6)
    assert now.log_likelihood == pytest.approx(was.log_likelihood, abs=1e-6)
    assert now.standard_errors == pytest.approx(was.standard_errors, abs=1e-6)


@MANY
@given(judged_sets(), SEEDS, st.sampled_from(["none", "position", "both"]), st.booleans(), st.booleans())
def test_gradient_and_information_are_the_slopes_of_the_posterior(
    judged: Judged,
    seed: int,
    effects: str,
    position: bool,  # noqa: FBT001 - drawn
    linked: bool,  # noqa: FBT001 - drawn
) -> None:
    rng, n, precision = np.random.default_rng(seed), judged.data.n_essays, 0.7
    known = np.where(np.arange(n) < 1, 0.3, np.nan) if linked else None
    weighted = judged.with_(weight=rng.uniform(0.5, 2, len(judged.data)))
    options: Any = {"judge_effects": effects, "position_effect": position, "fixed_measures": known}
    model = posterior(weighted.data, ScaleOptions(**options))
    x = model.start(precision)
    x[: n + model.layout.n_position] += rng.normal(0, 1, n + model.layout.n_position)
    free = np.arange(len(x)) >= int(linked)
    at = model.at(x, precision)
    gradient = slopes(lambda y: model.at(y, precision).value, x)
    matrix = -slopes(lambda y: model.at(y, precision).gradient, x)
    found = information(model, at, precision).dense()

    assert at.gradient[free] == pytest.approx(gradient[free], rel=1e-5, abs=1e-5)
    assert found[np.ix_(free, free)] == pytest.approx(matrix[np.ix_(free, free)], rel=1e-5, abs=1e-5)
    climbed_by = information(model, at, precision, gauss_newton=True).dense()
    assert np.all(np.linalg.eigvalsh(climbed_by[np.ix_(free, free)]) > 0)


@MANY
@given(judged_sets(formats=(2,)), st.floats(0.5, 5))
def test_the_measures_agree_with_choix(judged: Judged, prior_sd: float) -> None:
    d = judged.data
    won = [(int(a), int(b)) if c else (int(b), int(a)) for a, b, c in zip(d.first, d.second, d.category, strict=True)]
    other = choix.opt_pairwise(d.n_essays, won, alpha=1 / (2 * prior_sd**2), tol=1e-12)
    mine = judged.fit(prior_sd=prior_sd, position_effect=False)

    assert mine.measures == pytest.approx(other - other.mean(), abs=1e-6)


def _dense_set(n: int, seed: int, position: float = 0.0) -> ComparisonData:
    """Return every pair three times in either order, so that maximum likelihood nearly always exists."""
    rng = np.random.default_rng(seed)
    first, second = np.array([(a, b) for a in range(n) for b in range(n) if a != b for _ in range(3)]).T
    truth = rng.normal(0, 0.7, n)
    won = rng.random(len(first)) < expit(truth[first] - truth[second] + position)
    return comparison_data(first, second, won, n)


@settings(deadline=None, max_examples=15)
@given(st.integers(3, 12), SEEDS)
def test_maximum_likelihood_agrees_with_evalica_and_choix(n: int, seed: int) -> None:
    data = _dense_set(n, seed)
    try:
        mine = fit_scale(data, ScaleOptions(prior_sd=0, position_effect=False)).measures
    except SeparatedError:
        assume(False)  # noqa: FBT003 - the signature of Hypothesis
        return
    names = [f"e{i:02}" for i in range(n)]
    outcomes = [evalica.Winner.X if c else evalica.Winner.Y for c in data.category]
    found = evalica.bradley_terry(
        [names[i] for i in data.first], [names[i] for i in data.second], outcomes, tolerance=1e-14, limit=100_000
    )
    theirs = np.log([found.scores[name] for name in names])
    won = [(a, b) if c else (b, a) for a, b, c in zip(data.first, data.second, data.category, strict=True)]
    spectral = choix.ilsr_pairwise(n, won, tol=1e-12)

    assert mine == pytest.approx(theirs - theirs.mean(), abs=1e-6)
    assert mine == pytest.approx(spectral - spectral.mean(), abs=1e-6)


@settings(deadline=None, max_examples=15)
@given(st.integers(3, 10), SEEDS)
def test_maximum_likelihood_with_a_position_effect_agrees_with_statsmodels(n: int, seed: int) -> None:
    data = _dense_set(n, seed, position=0.5)
    try:
        mine = fit_scale(data, ScaleOptions(prior_sd=0))
    except SeparatedError:
        assume(False)  # noqa: FBT003 - the signature of Hypothesis
        return
    rows = np.arange(len(data))
    design = np.zeros((len(data), n + 1))
    design[rows, data.first], design[rows, data.second], design[:, n] = 1, -1, 1
    theirs = sm.Logit(data.category, design[:, 1:]).fit(disp=0, method="newton", tol=1e-12, maxiter=100)
    measures = np.concatenate([[0.0], theirs.params[: n - 1]])
    assert mine.covariance is not None
    variance = np.diagonal(mine.covariance)
    to_first = np.sqrt(variance + variance[0] - 2 * mine.covariance[0])

    assert mine.measures == pytest.approx(measures - measures.mean(), abs=1e-6)
    assert mine.position_effect == pytest.approx(theirs.params[-1], abs=1e-6)
    assert mine.position_effect_se == pytest.approx(theirs.bse[-1], abs=1e-6)
    assert to_first[1:] == pytest.approx(theirs.bse[: n - 1], abs=1e-6)
    assert mine.log_likelihood == pytest.approx(theirs.llf, abs=1e-6)


@settings(deadline=None, max_examples=15)
@given(judged_sets(), SEEDS)
def test_at_the_top_every_essay_has_the_wins_that_are_expected_of_it(judged: Judged, seed: int) -> None:
    # With two categories and no prior the likelihood equations say just that.
    data = _dense_set(max(judged.data.n_essays, 4), seed)
    try:
        fit = fit_scale(data, ScaleOptions(prior_sd=0))
    except SeparatedError:
        return
    expected = expected_answers(fit, data).score
    n = data.n_essays
    wins = np.bincount(data.first, expected, n) + np.bincount(data.second, 1 - expected, n)

    assert wins == pytest.approx(fit.n_wins, abs=1e-6)
    assert expected == pytest.approx(expit(advantages(fit, data)), abs=1e-12)


@MANY
@given(st.integers(1, 6), st.integers(1, 6), SEEDS)
@example(1, 1, 0)
def test_groups_that_never_met_have_no_common_scale(n_left: int, n_right: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    parts = [range(n_left), range(n_left, n_left + n_right)]
    pairs = [(a, b) for part in parts for a in part for b in part if a < b]
    first, second = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    data = comparison_data(first, second, rng.integers(0, 2, len(pairs)), n_left + n_right)

    with pytest.raises(DisconnectedError, match=r"2 groups .* no common scale") as caught:
        fit_scale(data)
    assert {frozenset(group) for group in caught.value.groups} == {frozenset(part) for part in parts}


@MANY
@given(st.integers(2, 10), st.integers(1, 4), st.booleans())
def test_an_essay_that_won_everything_is_on_top_at_a_finite_measure(n: int, times: int, position: bool) -> None:  # noqa: FBT001 - drawn
    pairs = [(a, b) for b in range(n) for a in range(n) if a != b] * times
    first, second = np.array(pairs, dtype=np.int64).T
    data = comparison_data(first, second, first < second, n)
    fit = fit_scale(data, ScaleOptions(prior_sd=2.0, position_effect=position))

    assert np.all(np.isfinite(fit.measures))
    assert np.all(np.diff(fit.measures) < 0)
    assert fit.n_wins[0] == fit.n_comparisons[0] == times * 2 * (n - 1)
    assert fit.position_effect == pytest.approx(0, abs=1e-6)


@MANY
@given(judged_sets(), SEEDS, st.floats(0.5, 0.99))
def test_an_interval_of_ranks_holds_the_own_rank(judged: Judged, seed: int, coverage: float) -> None:
    fit = judged.fit()
    low, high = rank_intervals(fit, np.random.default_rng(seed), coverage=coverage, n_draws=300)
    own = ranks(fit.measures)

    assert np.all((low >= 1) & (low <= own) & (own <= high) & (high <= judged.data.n_essays))


@MANY
@given(st.lists(st.integers(-5, 5), min_size=1, max_size=20))
def test_a_rank_is_one_more_than_the_number_of_better_essays(measures: list[int]) -> None:
    expected = [1 + sum(other > mine for other in measures) for mine in measures]

    assert ranks(np.array(measures, dtype=float)).tolist() == expected
