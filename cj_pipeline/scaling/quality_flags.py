"""The reference system's quality flags. They are diagnostics by fixed thresholds, and decide nothing.

A healthy class of 24 with 10 comparisons each is flagged `bt_se_inflated`, because its errors cannot be smaller:
`expected_errors` says what they should be, and the asset check compares with that.
"""

from dataclasses import dataclass

import numpy as np

from cj_pipeline.scaling.arrays import Floats


@dataclass(frozen=True, slots=True)
class QualityThresholds:
    """Where a flag is raised; the defaults are those of the reference system.

    Attributes:
        mean_standard_error: `bt_se_inflated` above this mean standard error, logits.
        largest_standard_error: `bt_se_inflated` above this standard error of any essay, logits.
        comparisons_per_essay: `comparison_coverage_sparse` below this mean number of comparisons.
    """

    mean_standard_error: float = 0.4
    largest_standard_error: float = 0.8
    comparisons_per_essay: float = 1.0


def quality_flags(errors: Floats, n_comparisons: Floats, thresholds: QualityThresholds) -> dict[str, bool]:
    """The flags by the reference's names.

    Args:
        errors: Standard errors, logits, shape (n_essays,).
        n_comparisons: Comparisons of every essay, same shape.
        thresholds: Where they are raised.

    Returns:
        `bt_se_inflated`, `comparison_coverage_sparse` (fewer than one comparison per essay on average) and
        `has_isolated_items` (an essay without any comparison).
    """
    inflated = errors.mean() > thresholds.mean_standard_error or errors.max() > thresholds.largest_standard_error
    return {
        "bt_se_inflated": bool(inflated),
        "comparison_coverage_sparse": bool(n_comparisons.mean() < thresholds.comparisons_per_essay),
        "has_isolated_items": bool(np.any(n_comparisons == 0)),
    }
