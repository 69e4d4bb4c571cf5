# ruff: noqa: D103 - the names of the tests say it
"""Win rates of pairs that were put many times."""

import pytest

from cj_pipeline.harness.eng5.boundary import boundary_test
from cj_pipeline_tests.unit.harness.verdicts import verdict


def test_wins_are_counted_for_the_pair_and_for_each_order() -> None:
    verdicts = [verdict("a", "b", w, reason=str(k)) for k, w in enumerate("aaab")]
    verdicts += [verdict("b", "a", w, reason=str(k)) for k, w in enumerate("abbb")]

    found = boundary_test([("a", "b")], 4, verdicts)

    [pair] = found.pairs
    assert (pair.win_rate.k, pair.win_rate.n) == (4, 8)
    assert (pair.shown_first.k, pair.shown_second.k) == (3, 1)
    assert pair.p_value == pytest.approx(1.0)
    assert pair.depends_on_order
    assert (found.first_shown.k, found.first_shown.n) == (6, 8)


def test_a_clear_winner_does_not_depend_on_the_order() -> None:
    verdicts = [verdict("a", "b", "a", reason=str(k)) for k in range(5)]
    verdicts += [verdict("b", "a", "a", reason=str(k)) for k in range(5)]

    [pair] = boundary_test([("a", "b")], 5, verdicts).pairs

    assert not pair.depends_on_order
    assert pair.p_value == pytest.approx(2 / 1024)
    assert pair.win_rate.low == pytest.approx(0.7225, abs=1e-4)  # Wilson, 10 of 10


def test_other_pairs_and_missing_verdicts_are_left_out() -> None:
    verdicts = [verdict("a", "c", "a")]

    [pair] = boundary_test([("a", "b")], 1, verdicts).pairs

    assert (pair.win_rate.n, pair.p_value, pair.depends_on_order) == (0, None, False)
