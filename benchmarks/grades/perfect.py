"""Nine perfectly ordered anchors, one per grade, one logit apart with errors of 0.3: how many get their own grade."""

from typing import Any

import numpy as np

from benchmarks.grades.scoring import Scale, projected
from cj_pipeline.domain.grade_scales import GRADE_SCALES
from cj_pipeline.scaling.anchors import Anchors

SCALES = ("eng5_np_national_9_step", "eng5_np_legacy_9_step")
N_ANCHORS, STEP, ERROR = 9, 1.0, 0.3


def perfect_figures() -> list[dict[str, Any]]:
    """How many of the nine get their own grade, with and without a level below the lowest grade."""
    measures = (np.arange(N_ANCHORS) - (N_ANCHORS - 1) / 2) * STEP
    scale = Scale(np.asarray(measures, dtype=np.float64), np.full(N_ANCHORS, ERROR**2))
    rows = []
    for name in SCALES:
        grade_scale = GRADE_SCALES[name]
        for levels in (grade_scale.grades, grade_scale.levels):
            own = np.array([levels.index(grade) for grade in grade_scale.grades])
            found = projected(scale, Anchors(np.arange(N_ANCHORS), own), len(levels))
            rows.append(
                {
                    "scale": name,
                    "below_lowest": levels[0] if len(levels) > N_ANCHORS else "",
                    "n_anchors": N_ANCHORS,
                    "n_recovered": int(np.sum(found.likeliest == own)),
                    "mean_probability": round(float(found.probabilities.max(axis=1).mean()), 4),
                }
            )
    return rows
