"""How often healthy essays and judges lie outside their bands, and how often troubled ones do, by simulation.

Beside the bands stands the fixed rule "misfit from an infit of 1.3", which many programs apply.
"""

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final

import numpy as np
from scipy.special import expit

from benchmarks.record import write_record
from cj_pipeline.domain.orientation import orient_eulerian
from cj_pipeline.domain.pairing import regular_pairs
from cj_pipeline.scaling.comparison_data import ComparisonData, comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.fit_statistics import essay_misfit, judge_misfit
from cj_pipeline.scaling.misfit_bands import misfit_bands

CUTS: Final = {2: (0.0,), 6: (-3.0, -1.5, 0.0, 1.5, 3.0)}
"""Cut points by number of categories."""

N_JUDGES: Final = 4
POSITION: Final = 0.3
SETS: Final = 200
SEED: Final = 1
FIXED_RULE: Final = 1.3
_FAR: Final = 6.0


@dataclass(frozen=True)
class Case:
    """A kind of class.

    Attributes:
        n: Number of essays.
        per_essay: Comparisons per essay.
        categories: Categories of an answer.
        spread: Standard deviation of the true measures, logits.
    """

    n: int
    per_essay: int
    categories: int
    spread: float = 2.0


CASES: Final = tuple(Case(n, c, k) for n, c in ((24, 10), (24, 20), (100, 10)) for k in (2, 6))


def judged(case: Case, rng: np.random.Generator, *, troubled: bool) -> ComparisonData:
    """A class as it is judged.

    Args:
        case: The kind of class.
        rng: Source of randomness.
        troubled: Whether every second comparison of essay 0 sees it far above all others and every other far below,
            and judge 0 has the right answers in the wrong order, dealt to its comparisons at random.
    """
    pairs = orient_eulerian(case.n, regular_pairs(case.n, case.n * case.per_essay // 2, rng), rng)
    first, second = np.array(pairs, dtype=np.int64).T
    judge = rng.permutation(np.arange(len(first)) % N_JUDGES)
    theta = rng.normal(0, case.spread, case.n)
    d = theta[first] - theta[second] + POSITION
    if troubled:
        own = np.flatnonzero((first == 0) | (second == 0))
        d[own] = np.where(first[own] == 0, 1, -1) * np.where(np.arange(len(own)) % 2 == 0, _FAR, -_FAR)
        d[judge == 0] = rng.permutation(d[judge == 0])
    cuts = np.array(CUTS[case.categories])
    if case.categories == 2:  # noqa: PLR2004 (a plain winner)
        answer = (rng.random(len(d)) < expit(d)).astype(np.int64)
    else:
        answer = np.searchsorted(cuts, d + rng.logistic(size=len(d)))
    return comparison_data(first, second, answer, case.n, n_categories=(case.categories,), judge=judge)


def one_set(case: Case, seed: int, *, troubled: bool) -> dict[str, float]:
    """One class: shares of essays and judges outside their bands, and by the fixed rule."""
    rng = np.random.default_rng([SEED, seed, case.n, case.per_essay, case.categories, troubled])
    data = judged(case, rng, troubled=troubled)
    fit = fit_scale(data)
    essay_bands, judge_bands = misfit_bands(fit, data, rng, n_simulations=199)
    essays, judges = essay_misfit(fit, data), judge_misfit(fit, data)
    if troubled:
        return {
            "essay_found": float(essay_bands.outside(essays)[0] == 1),
            "essay_found_by_rule": float(essays.infit[0] > FIXED_RULE),
            "judge_found": float(judge_bands.outside(judges)[0] == 1),
            "judge_found_by_rule": float(judges.infit[0] > FIXED_RULE),
        }
    return {
        "infit_mean": float(essays.infit.mean()),
        "infit_above": float(np.mean(essays.infit > essay_bands.infit_high)),
        "infit_below": float(np.mean(essays.infit < essay_bands.infit_low)),
        "essays_outside": float(np.mean(essay_bands.outside(essays) != 0)),
        "outside_expected": (essay_bands.chance_above + essay_bands.chance_below) / case.n,
        "above_by_rule": float(np.mean(essays.infit > FIXED_RULE)),
        "judges_above": float(np.mean(judge_bands.outside(judges) == 1)),
        "judges_below": float(np.mean(judge_bands.outside(judges) == -1)),
    }


def cell(case: Case) -> dict[str, Any]:
    """Means over the sets, healthy and troubled, for one kind of class."""
    row: dict[str, Any] = {"n": case.n, "per_essay": case.per_essay, "categories": case.categories}
    for troubled in (False, True):
        found = [one_set(case, seed, troubled=troubled) for seed in range(SETS)]
        row |= {key: round(float(np.mean([one[key] for one in found])), 4) for key in found[0]}
    return row


def main() -> None:
    """Simulate everything and write the record."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        rows = []
        for row in pool.map(cell, CASES):
            rows.append(row)
            sys.stdout.write(f"{len(rows)} of {len(CASES)}: {json.dumps(row)}\n")
            sys.stdout.flush()
    figures = {"seed": SEED, "sets": SETS, "spread": CASES[0].spread, "n_judges": N_JUDGES, "rule": FIXED_RULE}
    write_record("misfit_bands", {**figures, "rows": rows})
