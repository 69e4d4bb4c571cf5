"""Scales made by hand, and answers simulated from known measures."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import ComparisonData, comparison_data
from cj_pipeline.scaling.refitting import held_model, refit
from cj_pipeline.scaling.scale_fit import ScaleFit, advantages
from cj_pipeline.scaling.simulated_answers import simulate_answers
from cj_pipeline_tests.support.scales import regular_design

SIX = (-3.0, -1.5, 0.0, 1.5, 3.0)
"""Cut points of an answer in six categories."""


def made_scale(
    measures: Sequence[float] | Floats,
    *,
    cuts: Sequence[Sequence[float]] = ((0.0,),),
    n_judges: int = 1,
    standard_error: float = 0.5,
    **changes: object,
) -> ScaleFit:
    """A scale with these measures, as if it had been fitted."""
    theta = np.asarray(measures, dtype=np.float64)
    errors, zeros = np.full(len(theta), standard_error), np.zeros(n_judges)
    fit = ScaleFit(
        measures=theta,
        standard_errors=errors,
        covariance=None,
        diagonal_errors=errors,
        position_effect=0.0,
        position_effect_se=0.0,
        cut_points=tuple(np.asarray(row, dtype=np.float64) for row in cuts),
        judge_position=zeros,
        judge_position_se=zeros,
        judge_discrimination=np.ones(n_judges),
        judge_discrimination_se=zeros,
        prior_sd=2.0,
        prior_estimated=True,
        log_likelihood=0.0,
        log_marginal_likelihood=0.0,
        scaled_gradient=0.0,
        n_steps=1,
        errors_method="exact",
        errors_monte_carlo=0.0,
        n_comparisons=np.full(len(theta), 10.0),
        n_wins=np.full(len(theta), 5.0),
    )
    return replace(fit, **changes)  # type: ignore[arg-type]  # any attribute may be changed


def judged(
    truth: ScaleFit, per_essay: int, seed: int, *, n_judges: int = 1, measures_of_judge: Floats | None = None
) -> ComparisonData:
    """Comparisons of a regular design, answered as the scale would, judges in turn.

    Args:
        truth: The scale the judges have in mind; all rows have its first response format.
        per_essay: Comparisons per essay.
        seed: Seed of design and answers.
        n_judges: Number of judges.
        measures_of_judge: Measures that every judge has in mind instead, shape (n_judges, n_essays).
    """
    n = len(truth.measures)
    first, second = regular_design(n, per_essay, np.random.default_rng(seed))
    rng = np.random.default_rng([seed, 1])
    judge = rng.permutation(np.arange(len(first)) % n_judges)
    empty = np.zeros(len(first), dtype=np.int64)
    n_categories = (len(truth.cut_points[0]) + 1,)
    data = comparison_data(first, second, empty, n, n_categories=n_categories, judge=judge, n_judges=n_judges)
    if measures_of_judge is None:
        rows = advantages(truth, data)
    else:
        rows = measures_of_judge[judge, first] - measures_of_judge[judge, second] + truth.position_effect
    answers = simulate_answers(truth, data, rows[:, None], rng)[:, 0]
    return replace(data, category=answers)


def fitted(truth: ScaleFit, data: ComparisonData) -> ScaleFit:
    """The scale that the answers give where everything but the measures is known."""
    start = np.zeros((data.n_essays, 1))
    measures = refit(held_model(truth, data), data.category[:, None], data.weight[:, None], start, tolerance=1e-4)
    return replace(truth, measures=measures[:, 0] - measures.mean())
