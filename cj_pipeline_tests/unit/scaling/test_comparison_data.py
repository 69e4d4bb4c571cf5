"""Comparisons as arrays: what is refused, and what is filled in."""

import numpy as np
import pytest

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.comparison_data import binary_data, comparison_data
from cj_pipeline.scaling.ordinal import category_probabilities


def test_what_is_left_out_is_filled_in() -> None:
    """One judge, one response format and weight 1 are the defaults."""
    data = comparison_data([0, 1], [1, 2], [1, 0], 3)
    assert (data.n_judges, data.n_categories, list(data.weight)) == (1, (2,), [1.0, 1.0])
    assert list(data.share) == [1.0, 0.0]


def test_a_half_win_counts_as_half_a_win_and_half_a_loss() -> None:
    """A share of 0.5 becomes two rows of weight 0.5."""
    data = binary_data([0, 1], [1, 2], [0.5, 1.0], 3)
    assert sorted(zip(data.first, data.category, data.weight, strict=True)) == [(0, 0, 0.5), (0, 1, 0.5), (1, 1, 1.0)]


def test_rows_can_be_chosen_by_mask() -> None:
    """A part of the rows keeps essays, judges and formats."""
    data = comparison_data([0, 1, 2], [1, 2, 0], [5, 0, 3], 3, n_categories=(6,), judge=[0, 1, 1])
    chosen = data.rows(data.judge == 1)
    assert (list(chosen.first), list(chosen.share), chosen.n_judges) == ([1, 2], [0.0, 0.6], 2)


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ({"first": [0]}, "differ in length"),
        ({"first": [0, 3]}, "an essay outside 0 to 2"),
        ({"second": [-1, 2]}, "an essay outside 0 to 2"),
        ({"second": [0, 2]}, "compared with itself"),
        ({"category": [0, 2]}, "no category"),
        ({"category": [-1, 1]}, "no category"),
        ({"n_categories": (1,)}, "fewer than 2"),
        ({"n_categories": (11,)}, "more than 10"),
        ({"response_format": [0, 1]}, "no response format"),
        ({"judge": [0, 2], "n_judges": 2}, "a judge outside 0 to 1"),
        ({"weight": [1.0, 0.0]}, "weight"),
        ({"weight": [1.0, np.nan]}, "weight"),
    ],
)
def test_what_cannot_be_used_is_named(arguments: dict[str, object], fault: str) -> None:
    """Every fault is refused by name."""
    usable: dict[str, object] = {"first": [0, 1], "second": [1, 2], "category": [0, 1], "n_essays": 3}
    with pytest.raises(EstimationError, match=fault):
        comparison_data(**(usable | arguments))  # type: ignore[arg-type]  # the faults are the point


def test_a_share_beyond_a_win_is_refused() -> None:
    """Shares lie between 0 and 1."""
    with pytest.raises(EstimationError, match="share of a win"):
        binary_data([0], [1], [1.5], 2)


def test_swapping_the_essays_mirrors_the_answer() -> None:
    """Probabilities are symmetric, sum to one, and stay above zero far out."""
    cuts = np.array([-2.0, -0.5, 0.5, 2.0])
    advantage = np.linspace(-30, 30, 13)
    there, back = category_probabilities(advantage, cuts), category_probabilities(-advantage, cuts)
    np.testing.assert_allclose(there, back[:, ::-1], rtol=1e-12)
    np.testing.assert_allclose(there.sum(axis=1), 1.0, rtol=1e-12)
    assert there.min() > 0.0
