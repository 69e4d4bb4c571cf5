"""How often 95 % intervals hold the truth: `python -m benchmarks.estimation coverage`; writes `coverage.json`."""

import sys
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from benchmarks.record import write_record
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.intervals import measure_intervals
from cj_pipeline.scaling.scale_fit import ScaleOptions
from cj_pipeline_tests.support.scales import BINARY, SIX, regular_design, simulated

PER_ESSAY: Final = 10
POSITION: Final = 0.4
SEED: Final = 20260101
SETS: Final = 1000
_Z95: Final = 1.959964


def covered(n: int, sd: float, n_sets: int, seed: int, *, six: bool = False) -> dict[str, float]:
    """Share of truths that 95 % intervals hold, over simulated sets of comparisons.

    Args:
        n: Essays.
        sd: Standard deviation of their measures, logits.
        n_sets: Sets to simulate.
        seed: Of the simulation.
        six: Whether answers have six categories, not two.

    Returns:
        `pooled`, `top` and `bottom` twelfth of the essays, and `naive_ends`: both twelfths together, with measures and
        errors of the fit itself instead of `measure_intervals`.
    """
    rng, options, twelfth = np.random.default_rng(seed), ScaleOptions(), n // 12
    held, naive = np.zeros((n_sets, n)), np.zeros((n_sets, n))
    for k in range(n_sets):
        pairs = regular_design(n, PER_ESSAY, rng)
        made = simulated(pairs, rng.normal(0, sd, n), rng, cuts=SIX if six else BINARY, position=POSITION)
        fit = fit_scale(made.data, options)
        low, high = measure_intervals(made.data, options, fit)
        order = np.argsort(-made.truth)
        held[k] = ((low <= made.truth) & (made.truth <= high))[order]
        naive[k] = (np.abs(fit.measures - made.truth) <= _Z95 * fit.standard_errors)[order]
    ends = np.r_[:twelfth, n - twelfth : n]
    return {
        "pooled": float(held.mean()),
        "top": float(held[:, :twelfth].mean()),
        "bottom": float(held[:, -twelfth:].mean()),
        "naive_ends": float(naive[:, ends].mean()),
    }


def main(arguments: Sequence[str]) -> int:
    """Simulate all designs and write the record; a number of sets may be named."""
    n_sets, rows = int(arguments[0]) if arguments else SETS, []
    for n in (24, 100):
        for sd in (1.0, 2.0):
            for six in (False, True):
                row: dict[str, Any] = {"n": n, "sd": sd, "categories": 6 if six else 2}
                rows.append({**row, **covered(n, sd, n_sets, SEED, six=six)})
                sys.stdout.write(f"{rows[-1]}\n")
                sys.stdout.flush()
    write_record("coverage", {"seed": SEED, "sets": n_sets, "per_essay": PER_ESSAY, "rows": rows})
    return 0
