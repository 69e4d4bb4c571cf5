"""Simulate judges on known measures, plan as the engine does, fit winners alone, and compare with the truth."""

import json
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final

import numpy as np
from scipy import stats

from benchmarks.record import write_record
from cj_pipeline.domain.designs import DesignRequest, draw
from cj_pipeline.domain.later_waves import Evidence, next_wave
from cj_pipeline.domain.orientation import orient_eulerian_onto, orient_fair_complement
from cj_pipeline.domain.pair_set import PlannedComparison, PlanRules, first_wave
from cj_pipeline.errors import DisconnectedError
from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.scale_fit import ScaleFit, ScaleOptions

SIZES: Final = (24, 100)
PER_ESSAY: Final = (4, 6, 10, 20)
REPETITIONS: Final = 100
SPREAD, POSITION = 2.0, 0.4
PRIOR_SD: Final = 2.0
"""Fixed, so that plans differ by their comparisons alone."""
SEED: Final = 1


@dataclass(frozen=True)
class Class:
    """A class of essays with known measures, and a judge of them.

    Attributes:
        truth: Measures, logits.
        rng: The judge's chance.
    """

    truth: np.ndarray[tuple[int], np.dtype[np.float64]]
    rng: np.random.Generator

    @property
    def n(self) -> int:
        """Number of essays."""
        return len(self.truth)

    def fit(self, plan: Sequence[PlannedComparison], won: Sequence[bool]) -> ScaleFit:
        """The scale that verdicts give."""
        first = np.array([c.first for c in plan], dtype=np.int64)
        second = np.array([c.second for c in plan], dtype=np.int64)
        return fit_scale(comparison_data(first, second, won, self.n), ScaleOptions(prior_sd=PRIOR_SD))

    def judge(self, plan: Sequence[PlannedComparison]) -> list[bool]:
        """Whether the first essay wins, for every comparison."""
        logit = np.array([self.truth[c.first] - self.truth[c.second] + POSITION for c in plan])
        return [bool(x) for x in self.rng.random(len(plan)) < 1 / (1 + np.exp(-logit))]


Plan = Callable[[Class, int, int], ScaleFit]
"""From a class, comparisons and a seed to a fitted scale."""


def one_wave(**rules: Any) -> Plan:  # noqa: ANN401 (rules by name)
    """Everything in one wave, as the engine plans it."""

    def run(group: Class, m: int, seed: int) -> ScaleFit:
        plan = first_wave(group.n, m, PlanRules(seed=seed, **rules))
        return group.fit(plan, group.judge(plan))

    return run


def waves(count: int, design: str) -> Plan:
    """A first regular wave, then waves by the measures so far, of equal size."""

    def run(group: Class, m: int, seed: int) -> ScaleFit:
        rules = PlanRules(seed=seed, next_wave_design=design)
        sizes = [m // count + (k < m % count) for k in range(count)]
        plan = first_wave(group.n, max(sizes[0], group.n - 1), rules)
        won = group.judge(plan)
        for size in sizes[1:]:
            linked = frozenset(c.pair for c in plan)
            more = next_wave(group.n, plan, size, rules, Evidence(linked, group.fit(plan, won).measures.tolist()))
            plan, won = [*plan, *more], won + group.judge(more)
        return group.fit(plan, won)

    return run


def at_random(group: Class, m: int, seed: int) -> ScaleFit:
    """Pairs drawn one by one, repeats allowed, order by coin: what a script without a design does."""
    rng = np.random.default_rng(seed)
    while True:
        drawn = [tuple(map(int, rng.choice(group.n, 2, replace=False))) for _ in range(m)]
        plan = [PlannedComparison(a, b) for a, b in drawn]
        try:
            return group.fit(plan, group.judge(plan))
        except DisconnectedError:
            continue


def oriented(kind: str) -> Plan:
    """Regular pairs, with the order decided in one way or another."""

    def run(group: Class, m: int, seed: int) -> ScaleFit:
        rng = np.random.default_rng(seed)
        pairs = draw("regular", DesignRequest(group.n, m, [0] * group.n), rng)
        if kind == "coin":
            ordered = [pair if rng.random() < 0.5 else pair[::-1] for pair in pairs]  # noqa: PLR2004 (a fair coin)
        elif kind == "fair_complement":
            ordered = orient_fair_complement([0] * group.n, {}, pairs, rng)
        else:
            ordered = orient_eulerian_onto([0] * group.n, pairs, rng)
        plan = [PlannedComparison(a, b) for a, b in ordered]
        return group.fit(plan, group.judge(plan))

    return run


PLANS: Final[dict[str, Plan]] = {
    "random pairs, repeats allowed": at_random,
    "regular": one_wave(),
    "optimal_graph": one_wave(pair_design="optimal_graph"),
    "regular, 5 % reversed repeats": one_wave(reversed_share=0.05),
    "regular, order by coin": oriented("coin"),
    "regular, fair_complement": oriented("fair_complement"),
    "regular, eulerian": oriented("eulerian"),
    "nearest_neighbour, 2 waves": waves(2, "nearest_neighbour"),
    "nearest_neighbour, 3 waves": waves(3, "nearest_neighbour"),
    "optimal_graph, 3 waves": waves(3, "optimal_graph"),
}
"""What is compared, by the name it has in the table."""


def cell(task: tuple[str, int, int]) -> dict[str, Any]:
    """Spearman against truth over the repetitions, for one plan, size and number of comparisons."""
    name, n, c = task
    values = []
    for repetition in range(REPETITIONS):
        rng = np.random.default_rng([SEED, n, repetition])
        group = Class(rng.normal(0, SPREAD, n), np.random.default_rng([SEED, n, c, repetition]))
        found = PLANS[name](group, n * c // 2, repetition).measures
        values.append(float(stats.spearmanr(found, group.truth).statistic))
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))
    return {"plan": name, "n": n, "c": c, "spearman": round(mean, 4), "standard_error": round(error, 4)}


def main() -> int:
    """Simulate everything and write the record."""
    tasks = [(name, n, c) for n in SIZES for c in PER_ESSAY for name in PLANS]
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        rows = []
        for row in pool.map(cell, tasks):
            rows.append(row)
            sys.stdout.write(f"{len(rows)} of {len(tasks)}: {json.dumps(row)}\n")
            sys.stdout.flush()
    figures = {"seed": SEED, "repetitions": REPETITIONS, "spread": SPREAD, "position": POSITION, "rows": rows}
    write_record("ablation", figures)
    return 0
