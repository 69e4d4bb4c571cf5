"""Plan as the engine does, answer by chance or by known measures, fit as the engine does, and read the reliabilities.

A judge who tosses coins knows nothing: an honest reliability is near 0, whatever the design. Judges with a known truth
stand beside it, so that a figure is not honest merely by being low.
"""

import json
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final

import numpy as np

from benchmarks.record import write_record
from cj_pipeline.domain.later_waves import Evidence, next_wave
from cj_pipeline.domain.pair_set import PlannedComparison, PlanRules, first_wave
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import ComparisonData, binary_data
from cj_pipeline.scaling.epsilon_adjusted import fit_epsilon_adjusted
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.reliability import model_reliability, separation
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions
from cj_pipeline.scaling.split_half import split_half_by_comparison

N_ESSAYS: Final = 24
PER_ESSAY: Final = 10
COIN_SETS: Final = 500
TRUE_SETS: Final = 100
SPREADS: Final = (1.0, 2.0)
POSITION: Final = 0.4
SEED: Final = 1
FIGURES: Final = {"seed": SEED, "n_essays": N_ESSAYS, "position": POSITION}
_SPLITS: Final = 20


@dataclass(frozen=True)
class Design:
    """A shipped design.

    Attributes:
        first: Design of the first wave.
        later: Design of the later waves.
        waves: Number of waves of equal size.
        per_essay: Comparisons per essay over all waves.
    """

    first: str = "regular"
    later: str = "nearest_neighbour"
    waves: int = 1
    per_essay: int = PER_ESSAY

    @property
    def is_adaptive(self) -> bool:
        """Whether pairs follow earlier answers."""
        return self.waves > 1 and self.later != "regular"


DESIGNS: Final = {
    "regular": Design(),
    "optimal_graph, 1 wave": Design(first="optimal_graph"),
    "all_pairs": Design(first="all_pairs", per_essay=N_ESSAYS - 1),
    "regular, 3 waves": Design(later="regular", waves=3),
    **{f"nearest_neighbour, {k} waves": Design(waves=k) for k in (2, 3, 5, 10)},
    **{f"optimal_graph, {k} waves": Design(later="optimal_graph", waves=k) for k in (2, 3, 5, 10)},
    "nearest_neighbour, 5 waves, 20 per essay": Design(waves=5, per_essay=20),
}
"""Every shipped design, by the name it has in the table."""


class Session:
    """A class that is judged wave by wave.

    Args:
        truth: Measures the judge has in mind, logits; all 0 for coin tosses.
        position: Advantage of being shown first, logits.
        rng: The judge's chance.
    """

    def __init__(self, truth: Floats, position: float, rng: np.random.Generator) -> None:
        self._truth, self._position, self._rng = truth, position, rng
        self._plan: list[PlannedComparison] = []
        self._won: list[bool] = []

    def ask(self, plan: Sequence[PlannedComparison]) -> None:
        """Put comparisons to the judge."""
        logit = np.array([self._truth[c.first] - self._truth[c.second] + self._position for c in plan])
        self._won += [bool(x) for x in self._rng.random(len(plan)) < 1 / (1 + np.exp(-logit))]
        self._plan += plan

    def data(self) -> ComparisonData:
        """All answers so far."""
        first, second = [c.first for c in self._plan], [c.second for c in self._plan]
        return binary_data(first, second, np.array(self._won, dtype=np.float64), len(self._truth))

    def run(self, design: Design, seed: int) -> ComparisonData:
        """Judge the whole class by a design."""
        n = len(self._truth)
        total = n * design.per_essay // 2
        rules = PlanRules(pair_design=design.first, next_wave_design=design.later, seed=seed)
        sizes = [total // design.waves + (k < total % design.waves) for k in range(design.waves)]
        self.ask(first_wave(n, max(sizes[0], n - 1), rules))
        while len(self._plan) < total:
            measures = fit_scale(self.data(), ScaleOptions(errors="none")).measures.tolist()
            linked = frozenset(c.pair for c in self._plan)
            size = min(sizes[-1], total - len(self._plan))
            self.ask(next_wave(n, list(self._plan), size, rules, Evidence(linked, measures)))
        return self.data()


def one_set(design: Design, spread: float, seed: int) -> dict[str, float]:
    """One class: what every reliability says, and the squared correlation with the truth where there is one."""
    rng = np.random.default_rng([SEED, seed, int(10 * spread)])
    truth = rng.normal(0, spread, N_ESSAYS) if spread else np.zeros(N_ESSAYS)
    data = Session(truth, POSITION if spread else 0.0, rng).run(design, seed)
    fit, field = fit_scale(data), fit_epsilon_adjusted(data)
    half = split_half_by_comparison(fit, data, rng, n_splits=_SPLITS)
    return {
        "marginal": model_reliability(fit),
        "ssr": separation(field.measures, field.standard_errors).ssr,
        "split_half": half.spearman_brown if half else 0.0,
        "true": _squared_correlation(fit, truth),
    }


def _squared_correlation(fit: ScaleFit, truth: Floats) -> float:
    if not np.ptp(truth) > 0 or not np.ptp(fit.measures) > 0:
        return 0.0
    return float(np.corrcoef(fit.measures, truth)[0, 1] ** 2)


def cell(task: tuple[str, float, int]) -> dict[str, Any]:
    """Means and percentiles over the sets, for one design and spread."""
    name, spread, n_sets = task
    found = [one_set(DESIGNS[name], spread, seed) for seed in range(n_sets)]
    values = {key: np.array([row[key] for row in found]) for key in found[0]}
    row: dict[str, Any] = {"design": name, "spread": spread, "n_sets": n_sets, "adaptive": DESIGNS[name].is_adaptive}
    row["per_essay"] = DESIGNS[name].per_essay
    for key, many in values.items():
        row[key] = round(float(many.mean()), 4)
        row[f"{key}_se"] = round(float(many.std(ddof=1) / np.sqrt(n_sets)), 4)
        row[f"{key}_95"] = round(float(np.quantile(many, 0.95)), 4)
    return row


def main() -> None:
    """Simulate coin tosses and judges who know, and write a record of each."""
    coins = [(name, 0.0, COIN_SETS) for name in DESIGNS]
    truths = [(name, spread, TRUE_SETS) for spread in SPREADS for name in DESIGNS]
    for record, tasks in (("coin_toss", coins), ("known_truth", truths)):
        write_record(record, {**FIGURES, "rows": _measured(tasks)})


def _measured(tasks: Sequence[tuple[str, float, int]]) -> list[dict[str, Any]]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        rows = []
        for row in pool.map(cell, tasks):
            rows.append(row)
            sys.stdout.write(f"{len(rows)} of {len(tasks)}: {json.dumps(row)}\n")
            sys.stdout.flush()
    return rows
