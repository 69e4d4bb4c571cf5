"""Cohorts whose true grades are known: whether stated probabilities come true."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
from scipy.stats import norm

from benchmarks.grades.scoring import Scale, fitted, isotonic, projected, scored, summarised
from cj_pipeline.scaling.anchors import Anchors
from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.calibration import Calibration, calibrate
from cj_pipeline.scaling.ordinal_model import Shares
from cj_pipeline.scaling.projection import Projection

POPULATIONS: Final = {
    "nine equal grades": (1.0,) * 9,
    "Swedish shares": (2.0, 8.0, 15.0, 20.0, 25.0, 15.0, 10.0, 5.0),
    "five grades, bell-shaped": (10.0, 20.0, 40.0, 20.0, 10.0),
    "three unequal grades": (20.0, 50.0, 30.0),
}
"""Shares of the grades, lowest first."""

DISAGREEMENT: Final = (0.05, 0.3, 0.8)
"""Noise of the people who grade, in standard deviations of the essays' quality: hardly any, some, much."""

COHORTS: Final = 20
"""Per population and disagreement: 240 in all."""

N_STUDENTS, PER_GRADE, PER_ESSAY = 100, 3, 12
SPREAD, POSITION, SEED = 1.7, 0.4, 1
SHARES_WEIGHT: Final = 10.0
_CANDIDATES: Final = 400


@dataclass(frozen=True)
class Cohort:
    """Students of true level, anchors besides, and the scale that a judge's verdicts gave."""

    scale: Scale
    levels: Ints
    anchors: Anchors


def cohort(shares: Floats, noise: float, rng: np.random.Generator) -> Cohort:
    """Draw essays, let people grade them and a judge compare them."""
    cuts = norm.ppf(np.cumsum(shares)[:-1]) * SPREAD * np.sqrt(1 + noise**2)

    def drawn(n: int) -> tuple[Floats, Ints]:
        quality = rng.normal(0, SPREAD, n)
        return quality, np.searchsorted(cuts, quality + noise * SPREAD * rng.normal(size=n))

    quality, levels = drawn(N_STUDENTS)
    extra, known = _anchors(drawn, len(shares))
    quality = np.concatenate([quality, extra])
    n = len(quality)
    rings = [rng.permutation(n) for _ in range(PER_ESSAY // 2)]
    first, second = np.concatenate(rings), np.concatenate([np.roll(ring, 1) for ring in rings])
    won = rng.random(len(first)) < 1 / (1 + np.exp(-(quality[first] - quality[second] + POSITION)))
    places = np.arange(N_STUDENTS, n)
    return Cohort(fitted(first, second, won, n, position=True), levels, Anchors(places, known))


def _anchors(drawn: Any, n_levels: int) -> tuple[Floats, Ints]:  # noqa: ANN401 (a function of the number of essays)
    """Essays picked until every grade has its anchors."""
    quality, levels = np.empty(0), np.empty(0, dtype=np.int64)
    for level in range(n_levels):
        found = np.empty(0)
        while len(found) < PER_GRADE:
            candidates, their_levels = drawn(_CANDIDATES)
            found = np.concatenate([found, candidates[their_levels == level]])
        quality = np.concatenate([quality, found[:PER_GRADE]])
        levels = np.concatenate([levels, np.full(PER_GRADE, level)])
    return quality, levels


@dataclass(frozen=True)
class Result:
    """What was stated about the students of one cohort, and what was true."""

    population: str
    noise: float
    told: bool
    projection: Projection
    levels: Ints
    baseline: Ints

    @property
    def stated(self) -> Floats:
        """Probability of the likeliest grade."""
        return np.asarray(self.projection.probabilities[:N_STUDENTS].max(axis=1))

    @property
    def right(self) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        """Whether the likeliest grade is the true one."""
        return np.asarray(self.projection.likeliest[:N_STUDENTS] == self.levels)


def results(cohorts: int, seed: int = SEED) -> Iterator[Result]:
    """Grade simulated cohorts, told the shares of the grades and not told them."""
    for (number, (name, parts)), noise in product(enumerate(POPULATIONS.items()), DISAGREEMENT):
        shares = np.array(parts) / sum(parts)
        for i in range(cohorts):
            drawn = cohort(shares, noise, np.random.default_rng([seed, number, int(100 * noise), i]))
            baseline = isotonic(drawn.scale, drawn.anchors)[:N_STUDENTS]
            for told in (False, True):
                known = Shares(shares, SHARES_WEIGHT) if told else None
                found = projected(drawn.scale, drawn.anchors, len(shares), known)
                yield Result(name, noise, told, found, drawn.levels, baseline)


def pooled(some: list[Result]) -> Calibration:
    """Calibration of the likeliest grade over several cohorts."""
    return calibrate(np.concatenate([r.stated for r in some]), np.concatenate([r.right for r in some]))


def at_least(some: list[Result]) -> Calibration:
    """Calibration of "at least this grade", all grades but the lowest together."""
    stated = [r.projection.at_least[:N_STUDENTS, 1:].ravel() for r in some]
    true = [(r.levels[:, None] >= np.arange(1, r.projection.n_levels)).ravel() for r in some]
    return calibrate(np.concatenate(stated), np.concatenate(true))


def calibration_figures(cohorts: int = COHORTS) -> dict[str, Any]:
    """Calibration over all cohorts and within each kind of them, and agreement beside the baseline's."""
    found = list(results(cohorts))
    rows = []
    for name, noise, told in product(POPULATIONS, DISAGREEMENT, (False, True)):
        some = [r for r in found if (r.population, r.noise, r.told) == (name, noise, told)]
        rows.append({"population": name, "noise": noise, "told": told, **_scores(some)})
    return {
        "n_cohorts": cohorts * len(POPULATIONS) * len(DISAGREEMENT),
        "n_students": N_STUDENTS,
        "per_grade": PER_GRADE,
        "per_essay": PER_ESSAY,
        "spread": SPREAD,
        "seed": SEED,
        "pooled": [{"told": told, **_whole([r for r in found if r.told is told])} for told in (False, True)],
        "rows": rows,
    }


def _scores(some: list[Result]) -> dict[str, Any]:
    ours = [scored(r.levels, r.projection.likeliest[:N_STUDENTS], r.projection.n_levels) for r in some]
    theirs = [scored(r.levels, r.baseline, r.projection.n_levels) for r in some]
    stated, right = (np.concatenate([getattr(r, name) for r in some]) for name in ("stated", "right"))
    return {
        "expected_calibration_error": round(pooled(some).expected_error, 4),
        "stated": round(float(stated.mean()), 4),
        "right": round(float(right.mean()), 4),
        "ours": summarised(ours),
        "isotonic": summarised(theirs),
    }


def _whole(some: list[Result]) -> dict[str, Any]:
    likeliest, reached = pooled(some), at_least(some)
    alone = [calibrate(r.stated, r.right).expected_error for r in some]
    return {
        "expected_calibration_error": round(likeliest.expected_error, 4),
        "expected_calibration_error_at_least": round(reached.expected_error, 4),
        "one_cohort_alone": round(float(np.mean(alone)), 4),
        "bins": [
            {"n": int(n), "stated": round(float(s), 4), "came_true": round(float(t), 4)}
            for n, s, t in zip(likeliest.counts, likeliest.stated, likeliest.came_true, strict=True)
            if n
        ],
    }
