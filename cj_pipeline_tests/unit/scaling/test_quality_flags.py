"""The reference's flags and their thresholds."""

import numpy as np
import pytest

from cj_pipeline.scaling.quality_flags import QualityThresholds, quality_flags


@pytest.mark.parametrize(
    ("errors", "counts", "raised"),
    [
        ([0.3, 0.5], [4, 4], set()),
        ([0.4, 0.41], [4, 4], {"bt_se_inflated"}),
        ([0.1, 0.1, 0.1, 0.81], [4, 4, 4, 4], {"bt_se_inflated"}),
        ([0.1, 0.1], [1, 0], {"comparison_coverage_sparse", "has_isolated_items"}),
        ([0.1, 0.1], [1, 1], set()),
        ([0.1, 0.1, 0.1], [4, 4, 0], {"has_isolated_items"}),
    ],
)
def test_flags_are_raised_at_the_reference_systems_thresholds(
    errors: list[float], counts: list[int], raised: set[str]
) -> None:
    """Above 0.4 on average or 0.8 for one; fewer than one comparison per essay; an essay without any."""
    found = quality_flags(np.array(errors), np.array(counts, dtype=np.float64), QualityThresholds())
    assert {name for name, up in found.items() if up} == raised
    assert set(found) == {"bt_se_inflated", "comparison_coverage_sparse", "has_isolated_items"}


def test_thresholds_can_be_moved() -> None:
    """Where a school finds the reference's too strict."""
    wide = QualityThresholds(mean_standard_error=1.0, largest_standard_error=2.0, comparisons_per_essay=5.0)
    found = quality_flags(np.array([0.9, 0.9]), np.array([4.0, 4.0]), wide)
    assert (found["bt_se_inflated"], found["comparison_coverage_sparse"]) == (False, True)
