"""A published session with teachers' grades: anchors are drawn from it, and the rest is graded by them."""

import csv
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.stats import spearmanr

from benchmarks.grades.scoring import Scale, fitted, isotonic, projected, scored, summarised
from cj_pipeline.scaling.anchors import Anchors, inversions
from cj_pipeline.scaling.arrays import Ints
from cj_pipeline.scaling.calibration import calibrate
from cj_pipeline.scaling.ordinal_model import Shares

PER_GRADE: Final = (1, 2, 3, 5)
DRAWS: Final = 300
SEED: Final = 1
SHARES_WEIGHT: Final = 10.0
_ORDER: Final = {"nz_statistics_2020": "AME"}
"""Grades of each session, lowest first."""


def read_session(folder: Path) -> tuple[Scale, Ints]:
    """Measures of all scripts and their grades as levels, -1 where a script was not graded."""
    with (folder / "decisions.csv").open(encoding="utf-8") as file:
        decisions = [(row["candidate_chosen"], row["candidate_not_chosen"]) for row in csv.DictReader(file)]
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        grades = {row["candidate"]: row["grade"] for row in csv.DictReader(file)}
    ids = sorted({candidate for pair in decisions for candidate in pair})
    place = {candidate: i for i, candidate in enumerate(ids)}
    winners, losers = np.array([[place[won], place[lost]] for won, lost in decisions]).T
    levels = [_ORDER[folder.name].index(grades[i]) if i in grades else -1 for i in ids]
    # Which script stood on the left was not recorded, so there is no position effect to fit.
    scale = fitted(winners, losers, np.ones(len(winners), dtype=bool), len(ids), position=False)
    return scale, np.array(levels, dtype=np.int64)


def session_figures(folder: Path, draws: int = DRAWS) -> dict[str, Any]:
    """Agreement with the teachers' grades for every number of anchors, beside the baseline's."""
    scale, levels = read_session(folder)
    graded = levels >= 0
    return {
        "session": folder.name,
        "grades": list(_ORDER[folder.name]),
        "n_scripts": len(levels),
        "n_graded": int(graded.sum()),
        "rank_correlation": round(float(spearmanr(scale.measures[graded], levels[graded]).statistic), 4),
        "draws": draws,
        "seed": SEED,
        "rows": [_figures_of(scale, levels, per_grade, draws) for per_grade in PER_GRADE],
    }


def _figures_of(scale: Scale, levels: Ints, per_grade: int, draws: int) -> dict[str, Any]:
    n_levels, graded = int(levels.max()) + 1, np.flatnonzero(levels >= 0)
    known = Shares(np.bincount(levels[graded]) / len(graded), SHARES_WEIGHT)
    rng = np.random.default_rng([SEED, per_grade])
    scores: dict[str, list[tuple[float, float, float]]] = {"ours": [], "ours_with_shares": [], "isotonic": []}
    stated, right, inverted = [], [], 0
    for _ in range(draws):
        places = [rng.choice(np.flatnonzero(levels == k), per_grade, replace=False) for k in range(n_levels)]
        anchors = Anchors(np.concatenate(places), np.repeat(np.arange(n_levels), per_grade))
        rest = np.setdiff1d(graded, anchors.places)
        found = projected(scale, anchors, n_levels)
        informed = projected(scale, anchors, n_levels, known)
        for name, grades in (
            ("ours", found.likeliest),
            ("ours_with_shares", informed.likeliest),
            ("isotonic", isotonic(scale, anchors)),
        ):
            scores[name].append(scored(levels[rest], grades[rest], n_levels))
        stated.append(found.probabilities[rest].max(axis=1))
        right.append(found.likeliest[rest] == levels[rest])
        inverted += any(not each.explained for each in inversions(scale.measures, scale.variances, anchors))
    return {
        "per_grade": per_grade,
        **{name: summarised(rows) for name, rows in scores.items()},
        "expected_calibration_error": round(calibrate(np.concatenate(stated), np.concatenate(right)).expected_error, 4),
        "share_inverted_beyond_errors": round(inverted / draws, 4),
    }
