"""Where infit and outfit lie by chance alone: null bands simulated from the fitted model.

A fixed rule such as "misfit from 1.3" takes no account of how few comparisons an essay has, nor that the measures were
fitted to the very answers they are judged by, which draws mean squares below 1. So the bands are simulated as the
figures themselves come about: measures are drawn from their posterior, answers are drawn from the model at these
measures, the measures are fitted anew to the answers, and infit and outfit are computed at the new fit. The draw from
the posterior gives the simulated essays the spread of the true measures; simulating at the estimates would shrink them
twice. Without the new fit the bands would lie too high, by about the share of the answers' variance that the measures
take up (a fifth for 10 comparisons per essay).

They err on the side of calling nothing a misfit: measures drawn given the answers follow them, so that fewer values
than said lie outside where comparisons are few (docs/estimation.md shows how many).

References:
    Gelman, Meng and Stern (1996), "Posterior predictive assessment of model fitness via realized discrepancies",
    Statistica Sinica 6, 733-807. Wolfe (2013), bootstrap bands for Rasch fit, Journal of Applied Measurement 14, 1-9.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.fit_statistics import Misfit, mean_squares
from cj_pipeline.scaling.incidence import Incidence, rows_by_essay, rows_by_judge
from cj_pipeline.scaling.refitting import Model, held_model, posterior_draws, refit
from cj_pipeline.scaling.scale_fit import ScaleFit
from cj_pipeline.scaling.simulated_answers import answer_moments, simulate_answers

MOST_SIMULATIONS: Final = 399
FEWEST_SIMULATIONS: Final = 79
_CELLS_IN_ALL: Final = 8_000_000
_CELLS_AT_ONCE: Final = 1_000_000
"""Simulated answers held at a time: about 100 MB of working memory."""
_TOLERANCE: Final = 0.1
"""Last step of a fit to simulated answers, root mean square, logits; it leaves about its square."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Limits of infit and outfit under the fitted model, one per essay or judge.

    Attributes:
        infit_low: Infit below is more predictable than chance allows, shape (n,); NaN without comparisons.
        infit_high: Infit above is less predictable than chance allows, same shape.
        outfit_low: As `infit_low`, for outfit.
        outfit_high: As `infit_high`, for outfit.
        coverage: Share of the simulated values of one figure that lie within its band.
        n_simulations: Simulated sets.
        chance_above: Number of essays or judges that lie above either band in simulated sets, on average: by chance
            alone about as many or fewer do.
        chance_below: The same for below.
    """

    infit_low: Floats
    infit_high: Floats
    outfit_low: Floats
    outfit_high: Floats
    coverage: float
    n_simulations: int
    chance_above: float
    chance_below: float

    def outside(self, found: Misfit) -> Ints:
        """1 where infit or outfit lies above its band, else -1 where one lies below, else 0; shape (n,)."""
        above = (found.infit > self.infit_high) | (found.outfit > self.outfit_high)
        below = (found.infit < self.infit_low) | (found.outfit < self.outfit_low)
        return np.where(above, 1, np.where(below, -1, 0)).astype(np.int64)


def number_of_simulations(n_rows: int) -> int:
    """How many sets are simulated: 399, fewer where there are very many comparisons, at least 79.

    One more than the number divides by 40, so that a band of 95 % lies between order statistics and covers exactly.
    """
    allowed = _CELLS_IN_ALL // max(n_rows, 1)
    return max(FEWEST_SIMULATIONS, min(MOST_SIMULATIONS, (allowed + 1) // 40 * 40 - 1))


def misfit_bands(
    fit: ScaleFit,
    data: ComparisonData,
    rng: np.random.Generator,
    *,
    essay_coverage: float = 0.95,
    judge_coverage: float = 0.99,
    n_simulations: int | None = None,
) -> tuple[Bands, Bands]:
    """Bands for essays and for judges, from the same simulations.

    Args:
        fit: A fitted scale. Without a prior, answers are simulated at the estimates themselves.
        data: The comparisons it was fitted to.
        rng: Source of randomness.
        essay_coverage: Share of simulated values inside each essay's band.
        judge_coverage: The same for judges; larger, because a judge outside is a graver matter.
        n_simulations: Number of simulated sets; None: `number_of_simulations`.

    Returns:
        Bands of the essays and bands of the judges.

    Raises:
        NotConvergedError: A fit to simulated answers stopped short.
    """
    wanted = number_of_simulations(len(data)) if n_simulations is None else n_simulations
    members = rows_by_essay(data), rows_by_judge(data)
    found = list(_simulated(fit, data, rng, wanted, members))
    essays, judges = (_joined([pair[i] for pair in found]) for i in (0, 1))
    return _bands(essays, essay_coverage), _bands(judges, judge_coverage)


def _simulated(
    fit: ScaleFit, data: ComparisonData, rng: np.random.Generator, wanted: int, members: tuple[Incidence, Incidence]
) -> Iterator[tuple[Misfit, Misfit]]:
    """Mean squares of simulated sets, some sets at a time."""
    model, done = held_model(fit, data), 0
    at_once = max(1, _CELLS_AT_ONCE // max(len(data), 1))
    while done < wanted:
        n_sets = min(at_once, wanted - done)
        residual, variance = _one_lot(fit, data, model, rng, n_sets)
        yield tuple(mean_squares(groups, residual, variance, data.weight) for groups in members)  # type: ignore[misc]
        done += n_sets


def _one_lot(
    fit: ScaleFit, data: ComparisonData, model: Model, rng: np.random.Generator, n_sets: int
) -> tuple[Floats, Floats]:
    if fit.prior_sd > 0:
        true = posterior_draws(model, fit.measures, rng, n_sets)
    else:
        true = np.repeat(fit.measures[:, None], n_sets, axis=1)
    answers = simulate_answers(fit, data, model.advantage(true), rng)
    again = refit(model, answers, data.weight[:, None], true, tolerance=_TOLERANCE)
    mean, variance = answer_moments(fit, data, model.advantage(again))
    top = np.array([len(cuts) for cuts in fit.cut_points], dtype=np.float64)[data.response_format]
    return answers / top[:, None] - mean, variance


def _joined(parts: list[Misfit]) -> Misfit:
    return Misfit(
        np.concatenate([part.infit for part in parts], axis=1), np.concatenate([part.outfit for part in parts], axis=1)
    )


def _bands(simulated: Misfit, coverage: float) -> Bands:
    n_sets = simulated.infit.shape[1]
    # The k-th smallest of n values is undershot by the next draw with probability k / (n + 1).
    k = max(1, round((n_sets + 1) * (1 - coverage) / 2))
    infit, outfit = np.sort(simulated.infit, axis=1), np.sort(simulated.outfit, axis=1)
    low, high = (infit[:, [k - 1]], outfit[:, [k - 1]]), (infit[:, [n_sets - k]], outfit[:, [n_sets - k]])
    above = (simulated.infit >= high[0]) | (simulated.outfit >= high[1])
    below = ((simulated.infit <= low[0]) | (simulated.outfit <= low[1])) & ~above
    return Bands(
        infit_low=low[0][:, 0],
        infit_high=high[0][:, 0],
        outfit_low=low[1][:, 0],
        outfit_high=high[1][:, 0],
        coverage=1 - 2 * k / (n_sets + 1),
        n_simulations=n_sets,
        chance_above=float(above.sum()) / (n_sets + 1),
        chance_below=float(below.sum()) / (n_sets + 1),
    )
