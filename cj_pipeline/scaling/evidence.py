"""How far apart the essays are: the prior's standard deviation, by marginal likelihood (Laplace)."""

import numpy as np
from scipy import linalg, optimize

from cj_pipeline.scaling.newton import Summit, climb
from cj_pipeline.scaling.posterior import Posterior
from cj_pipeline.scaling.steps import held

SMALLEST, LARGEST = 0.05, 20.0


def log_evidence(summit: Summit, precision: float) -> float:
    """Laplace approximation of the marginal likelihood, natural log."""
    info = summit.info
    free = info.posterior.free
    n = len(info.border) if free is None else int(free.sum())
    factor, _ = linalg.lapack.dpotrf(held(info), lower=True, overwrite_a=True)
    half = float(np.log(np.diagonal(factor)).sum())
    return float(summit.at.value + 0.5 * n * np.log(precision) - half + 0.5 * info.corner.shape[0] * np.log(2 * np.pi))


def estimated_prior(model: Posterior) -> tuple[float, Summit, float]:
    """Standard deviation with the highest marginal likelihood, the fit there, and its log-evidence."""
    state = {"x": model.start(1.0)}

    def cost(log_sd: float) -> float:
        precision = np.exp(-2 * log_sd)
        summit = climb(model, state["x"], precision, 1e-7)
        state["x"] = summit.at.x
        return -log_evidence(summit, precision)

    grid = np.log([0.05, 0.2, 0.5, 1, 2, 4, 8, 20])
    values = [cost(g) for g in grid]
    best = int(np.argmin(values))
    lo, hi = grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)]
    found = optimize.minimize_scalar(cost, bounds=(lo, hi), method="bounded", options={"xatol": 1e-4})
    sd = float(np.exp(found.x))
    summit = climb(model, state["x"], sd**-2)
    return sd, summit, log_evidence(summit, sd**-2)
