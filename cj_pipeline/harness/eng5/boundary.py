"""Boundary tests: few pairs, each put many times in both orders, and how often which essay wins. Pure."""

from collections.abc import Sequence

from scipy import stats

from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.harness.eng5.alignment import first_shown, winner
from cj_pipeline.harness.eng5.rates import rate_of
from cj_pipeline.harness.eng5.schema_studies import BoundaryPair, BoundaryTest


def boundary_test(
    pairs: Sequence[tuple[str, str]], iterations: int, verdicts: Sequence[ComparisonRecord]
) -> BoundaryTest:
    """Count verdicts pair by pair.

    Args:
        pairs: The pairs as they were given, by essay id.
        iterations: Times each was put in each order.
        verdicts: Comparisons that have a verdict.
    """
    return BoundaryTest(
        pairs=tuple(_pair(one, other, iterations, verdicts) for one, other in pairs),
        first_shown=first_shown(verdicts),
    )


def _pair(one: str, other: str, iterations: int, verdicts: Sequence[ComparisonRecord]) -> BoundaryPair:
    mine = [c for c in verdicts if {c.first_id, c.second_id} == {one, other}]
    first, second = ([c for c in mine if c.first_id == shown] for shown in (one, other))
    n_first, n_second = (sum(winner(c) == one for c in part) for part in (first, second))
    wins = n_first + n_second
    return BoundaryPair(
        essay_1=one,
        essay_2=other,
        iterations=iterations,
        win_rate=rate_of(wins, len(mine)),
        shown_first=rate_of(n_first, len(first)),
        shown_second=rate_of(n_second, len(second)),
        p_value=float(stats.binomtest(wins, len(mine)).pvalue) if mine else None,
        depends_on_order=_majority(n_first, len(first)) * _majority(n_second, len(second)) < 0,
    )


def _majority(k: int, n: int) -> int:
    """1 for more than half, -1 for fewer, 0 for exactly half."""
    return (2 * k > n) - (2 * k < n)
