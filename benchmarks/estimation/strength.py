"""What the strength of verdicts brings: `python -m benchmarks.estimation strength`; writes `strength.json`.

The same answers are fitted as six categories, as winners alone, and as six categories whose strengths are partly
noise: the winner stays, the strength is drawn anew from all strengths of the set.
"""

import sys
from typing import Any, Final

import numpy as np
from scipy import stats

from benchmarks.record import write_record
from cj_pipeline.scaling.arrays import Ints
from cj_pipeline.scaling.comparison_data import comparison_data
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline_tests.support.scales import SIX, regular_design, simulated

SIZES: Final = (24, 100)
PER_ESSAY: Final = (4, 6, 10, 20)
REPETITIONS: Final = 60
SPREAD, POSITION, SEED = 2.0, 0.4, 1
KINDS: Final = {
    "winner alone": None,
    "six categories": 0.0,
    "six categories, half of the strengths scrambled": 0.5,
    "six categories, all strengths scrambled": 1.0,
}
"""By name: the share of the strengths that are noise; None: strengths are left out."""


def cell(kind: str, n: int, c: int) -> dict[str, Any]:
    """Spearman against the truth over the repetitions."""
    noise, values = KINDS[kind], []
    for repetition in range(REPETITIONS):
        rng = np.random.default_rng([SEED, n, c, repetition])
        made = simulated(regular_design(n, c, rng), rng.normal(0, SPREAD, n), rng, cuts=SIX, position=POSITION)
        answer, k = made.data.category, 6
        if noise is None:
            answer, k = (answer > 2).astype(np.int64), 2  # noqa: PLR2004 (the upper half)
        elif noise:
            answer = scrambled(answer, noise, rng)
        data = comparison_data(made.data.first, made.data.second, answer, n, n_categories=(k,))
        values.append(float(stats.spearmanr(fit_scale(data).measures, made.truth).statistic))
    mean, error = float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(len(values)))
    return {"kind": kind, "n": n, "c": c, "spearman": round(mean, 4), "standard_error": round(error, 4)}


def scrambled(answer: Ints, share: float, rng: np.random.Generator) -> Ints:
    """Answers with the same winners; a share of the strengths drawn anew from all strengths there are."""
    first_won = answer > 2  # noqa: PLR2004 (the upper half)
    strength = np.where(first_won, answer - 3, 2 - answer)
    noisy = np.where(rng.random(len(answer)) < share, rng.permutation(strength), strength)
    return np.where(first_won, 3 + noisy, 2 - noisy)


def main() -> int:
    """Simulate everything and write the record."""
    rows = []
    for n in SIZES:
        for c in PER_ESSAY:
            for kind in KINDS:
                rows.append(cell(kind, n, c))
                sys.stdout.write(f"{rows[-1]}\n")
                sys.stdout.flush()
    figures = {"seed": SEED, "repetitions": REPETITIONS, "spread": SPREAD, "position": POSITION, "rows": rows}
    write_record("strength", figures)
    return 0
