"""Everything that fits the scale, one function each: arrays in, measures out.

A contestant runs in a process of its own and, but for ours, in an environment of its own, so each imports what it
needs. What a contestant needs to convert (lists, data frames) is made before the clock starts.
"""

# ruff: noqa: PLC0415 (each lives in an environment of its own)

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Fit = Callable[[], tuple[Floats, dict[str, Any]]]
"""Fits once; returns the measures and what the contestant says of itself."""
Prepare = Callable[[Ints, Ints, Ints, int], Fit]
"""From first, second, grade (0 to 5) and number of essays to what is timed."""

LOWER_HALF: Final = 2
"""Grades above it say that the first essay won."""
_TIGHT = 1e-8


def _own(*, six: bool, **options: Any) -> Prepare:  # noqa: ANN401 (options by name)
    def prepare(first: Ints, second: Ints, grade: Ints, n: int) -> Fit:
        from cj_pipeline.scaling.comparison_data import comparison_data
        from cj_pipeline.scaling.estimate import fit_scale
        from cj_pipeline.scaling.scale_fit import ScaleOptions

        answer, k = (grade, 6) if six else ((grade > LOWER_HALF).astype(np.int64), 2)
        data, chosen = comparison_data(first, second, answer, n, n_categories=(k,)), ScaleOptions(**options)

        def fit() -> tuple[Floats, dict[str, Any]]:
            found = fit_scale(data, chosen)
            said = {"scaled_gradient": found.scaled_gradient, "errors": found.errors_method}
            return found.measures, {**said, "monte_carlo": found.errors_monte_carlo, "prior_sd": found.prior_sd}

        return fit

    return prepare


def _choix(first: Ints, second: Ints, grade: Ints, n: int) -> Fit:
    import choix

    won = grade > LOWER_HALF
    pairs = list(zip(np.where(won, first, second).tolist(), np.where(won, second, first).tolist(), strict=True))
    return lambda: (choix.ilsr_pairwise(n, pairs, tol=_TIGHT), {})


def _evalica(first: Ints, second: Ints, grade: Ints, n: int) -> Fit:
    import evalica
    import pandas as pd

    won = [evalica.Winner.X if g > LOWER_HALF else evalica.Winner.Y for g in grade]
    index = pd.Index(range(n))
    xs, ys = first.tolist(), second.tolist()

    def fit() -> tuple[Floats, dict[str, Any]]:
        found = evalica.bradley_terry(xs, ys, won, index=index, tolerance=_TIGHT, limit=10_000)
        return np.log(found.scores.loc[list(range(n))].to_numpy()), {}

    return fit


def _arena_rank(*, errors: bool) -> Prepare:
    def prepare(first: Ints, second: Ints, grade: Ints, n: int) -> Fit:
        import pandas as pd
        from arena_rank.models.bradley_terry import BradleyTerry
        from arena_rank.utils.data_utils import PairDataset

        frame = pd.DataFrame(
            {"model_a": first, "model_b": second, "winner": np.where(grade > LOWER_HALF, "model_a", "model_b")}
        )
        dataset = PairDataset.from_pandas(frame)

        def fit() -> tuple[Floats, dict[str, Any]]:
            model = BradleyTerry(n)
            model.fit(dataset)
            if errors:
                model.compute_ratings_and_cis(dataset)
            return np.asarray(model.params["ratings"], dtype=np.float64), {}

        return fit

    return prepare


def _sklearn(solver: str) -> Prepare:
    def prepare(first: Ints, second: Ints, grade: Ints, n: int) -> Fit:
        from scipy import sparse
        from sklearn.linear_model import LogisticRegression

        m = len(first)
        place = (np.tile(np.arange(m), 2), np.concatenate([first, second]))
        design = sparse.csr_matrix((np.repeat([1.0, -1.0], m), place), shape=(m, n))

        def fit() -> tuple[Floats, dict[str, Any]]:
            model = LogisticRegression(C=np.inf, fit_intercept=False, solver=solver, tol=_TIGHT, max_iter=10_000)
            return model.fit(design, grade > LOWER_HALF).coef_[0], {}

        return fit

    return prepare


def _statsmodels(first: Ints, second: Ints, grade: Ints, n: int) -> Fit:
    import statsmodels.api as sm

    rows, design = np.arange(len(first)), np.zeros((len(first), n))
    design[rows, first], design[rows, second] = 1.0, -1.0

    def fit() -> tuple[Floats, dict[str, Any]]:
        found = sm.Logit((grade > LOWER_HALF).astype(float), design[:, 1:]).fit(disp=0, method="newton", maxiter=100)
        return np.concatenate([[0.0], found.params]), {"errors": f"{len(found.bse)} of {n}"}

    return fit


_BINARY: Final[dict[str, Any]] = {"six": False, "prior_sd": 0.0, "position_effect": False}
CONTESTANTS: Final[dict[str, tuple[str, Prepare, str, int]]] = {
    "cj_pipeline, binary": ("own", _own(**_BINARY), "yes", 100_000),
    "cj_pipeline, binary, no errors": ("own", _own(**_BINARY, errors="none"), "no", 100_000),
    "cj_pipeline, as shipped: six categories, prior estimated, position effect": (
        "own",
        _own(six=True),
        "yes",
        100_000,
    ),
    "choix, ilsr": ("peers", _choix, "no", 1_000),
    "evalica": ("peers", _evalica, "no", 10_000),
    "arena-rank": ("peers", _arena_rank(errors=False), "no", 100_000),
    "arena-rank, with errors": ("peers", _arena_rank(errors=True), "yes", 1_000),
    "scikit-learn, lbfgs, tol 1e-8": ("peers", _sklearn("lbfgs"), "no", 100_000),
    "scikit-learn, newton-cg, tol 1e-8": ("peers", _sklearn("newton-cg"), "no", 100_000),
    "statsmodels": ("peers", _statsmodels, "yes, to a reference essay", 1_000),
}
"""By name: environment, what is timed, whether standard errors come with it, and the most essays it is run for: above,
its dense matrices would not fit into memory or a run would take longer than all others together."""
