"""Every session of the reference data beside its published estimates."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.published_sessions.halves import split_half
from cj_pipeline.engine.decisions import Decisions, gather
from cj_pipeline.intake.decisions_file import read_decisions
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.epsilon_adjusted import (
    EpsilonFit,
    fit_epsilon_adjusted,
    scale_separation_reliability,
    separation_index,
)

SEED: Final = 1
N_SPLITS: Final = 100
COLUMNS: Final = {
    "theta": "measures",
    "se.theta": "standard_errors",
    "infit": "infit",
    "outfit": "outfit",
    "score": "adjusted_scores",
}
"""Published columns and what they are called in the fit."""


def measure(folder: Path) -> dict[str, Any]:
    """Estimate all sessions and compare.

    Args:
        folder: The reference data.
    """
    sessions = sorted((folder / "cj_sessions").iterdir())
    rows = [{**compare(session), **halves(session)} for session in sessions]
    return {"seed": SEED, "n_splits": N_SPLITS, "sessions": rows}


def compare(session: Path) -> dict[str, Any]:
    """Largest differences between our estimates of a session and the published ones.

    Args:
        session: Folder with decisions, published estimates and published reliability.
    """
    decisions = gather([read_decisions(session / "decisions.csv").rows])
    fit, published = fit_epsilon_adjusted(decisions.data), _published(session, decisions)
    reliability = _published_reliability(session)
    ours = scale_separation_reliability(fit.measures, fit.standard_errors)
    index = separation_index(fit.measures, fit.standard_errors)
    return {
        "session": session.name,
        "n_essays": len(decisions.essay_ids),
        "n_decisions": len(decisions.data),
        "n_judges": len(decisions.judges),
        **{f"worst_{name}": _worst(fit, published, name) for name in COLUMNS},
        "worst_relative_outfit": float(np.max(np.abs(fit.outfit / published["outfit"] - 1))),
        "ssr": ours,
        "worst_ssr": abs(ours - float(reliability["ssr"])),
        "worst_separation": abs(index - float(reliability["separation_g"])),
        "scaled_gradient": fit.scaled_gradient,
    }


def halves(session: Path) -> dict[str, Any]:
    """Correlation of the measures of two random halves of the judges, beside the published median."""
    decisions = gather([read_decisions(session / "decisions.csv").rows])
    found = split_half(decisions.data, np.random.default_rng(SEED), N_SPLITS)
    return {
        "split_half": float(np.median(found)) if len(found) else None,
        "published_split_half": float(_published_reliability(session)["median_split_half_correlation"]),
        "n_usable_splits": len(found),
    }


def _worst(fit: EpsilonFit, published: Mapping[str, Floats], name: str) -> float:
    return float(np.max(np.abs(getattr(fit, COLUMNS[name]) - published[name])))


def _published(session: Path, decisions: Decisions) -> dict[str, Floats]:
    with (session / "published_estimates.csv").open(encoding="utf-8-sig", newline="") as file:
        by_essay = {row["individual"]: row for row in csv.DictReader(file)}
    if set(by_essay) != set(decisions.essay_ids):
        raise ValueError(f"{session.name}: the published estimates are of other essays than the decisions")
    return {name: np.array([float(by_essay[e][name]) for e in decisions.essay_ids]) for name in COLUMNS}


def _published_reliability(session: Path) -> dict[str, str]:
    with (session / "published_reliability.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    return row
