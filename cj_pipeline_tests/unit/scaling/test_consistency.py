"""Circular triads and flips, counted by hand and by brute force."""

import math
from itertools import combinations

import numpy as np
import pytest

from cj_pipeline.scaling import consistency
from cj_pipeline.scaling.comparison_data import ComparisonData, binary_data, comparison_data
from cj_pipeline.scaling.consistency import circular_triads, flips, reversed_repeats
from cj_pipeline_tests.support.judged_classes import judged, made_scale


def counted_by_hand(data: ComparisonData) -> tuple[int, int]:
    """Triads and circular triads, three essays at a time; every pair is put once."""
    beats = set()
    for a, b, answer in zip(data.first.tolist(), data.second.tolist(), data.category.tolist(), strict=True):
        beats.add((a, b) if answer else (b, a))
    found = circular = 0
    for three in combinations(range(data.n_essays), 3):
        edges = [(a, b) for a in three for b in three if (a, b) in beats]
        if len(edges) == 3:
            found += 1
            circular += sorted(a for a, _ in edges) == list(three)
    return found, circular


def test_three_essays_in_a_circle() -> None:
    """The smallest circle; the largest possible number is one."""
    data = comparison_data([0, 1, 2], [1, 2, 0], [1, 1, 1], 3)
    found = circular_triads(made_scale([0, 0, 0]), data)
    assert (found.n_triads, found.n_circular, found.most, found.circular_share) == (1, 1, 1, 1.0)
    assert (found.by_chance, found.by_scale) == pytest.approx((0.25, 0.25))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(("n", "per_essay"), [(9, 4), (20, 10), (13, 12)])
def test_products_count_what_a_search_counts(
    n: int, per_essay: int, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sparse and dense alike."""
    truth = made_scale(np.linspace(-1, 1, n))
    data = judged(truth, per_essay, seed)
    for dense_from in (0.0, 2.0):
        monkeypatch.setattr(consistency, "_DENSE_FROM", dense_from)
        found = circular_triads(truth, data)
        assert (found.n_triads, found.n_circular) == counted_by_hand(data)


def test_a_perfect_order_has_no_circles_and_a_tournament_of_five_at_most_five() -> None:
    """Kendall and Babington Smith: (n^3 - n) / 24 for odd n, (n^3 - 4n) / 24 for even n."""
    for n, most in ((5, 5), (7, 14), (6, 8), (24, 572)):
        pairs = np.array(list(combinations(range(n), 2))).T
        found = circular_triads(
            made_scale(np.zeros(n)), comparison_data(pairs[0], pairs[1], np.ones(pairs.shape[1]), n)
        )
        assert (found.n_triads, found.n_circular, found.most) == (math.comb(n, 3), 0, most)


def test_a_coin_makes_a_quarter_of_the_triads_circular() -> None:
    """Counted and expected agree over many triads."""
    truth = made_scale(np.zeros(40))
    found = circular_triads(truth, judged(truth, 38, seed=1))
    assert found.by_scale == pytest.approx(found.by_chance)
    assert found.n_circular == pytest.approx(found.by_chance, rel=0.1)


def test_what_the_scale_expects_is_what_answers_at_the_truth_give() -> None:
    """Mean over many sets."""
    truth = made_scale(np.linspace(-2, 2, 14))
    found = [circular_triads(truth, judged(truth, 12, seed)) for seed in range(60)]
    counted, expected = (np.array([[t.n_circular, t.by_scale] for t in found])).T
    assert counted.mean() == pytest.approx(expected.mean(), rel=0.1)


def test_an_undecided_pair_closes_no_triad() -> None:
    """A half-win, or one vote each way."""
    tie = binary_data([0, 1, 2], [1, 2, 0], [1, 1, 0.5], 3)
    split = comparison_data([0, 1, 2, 0], [1, 2, 0, 2], [1, 1, 1, 1], 3)
    for data in (tie, split):
        found = circular_triads(made_scale([0, 0, 0]), data)
        assert found.n_triads == 0
        assert math.isnan(found.circular_share)


def test_repeats_meet_in_order_and_by_judge() -> None:
    """The k-th answer of one order meets the k-th of the other, of the same judge unless any will do."""
    data = comparison_data(
        [0, 1, 0, 1, 2, 1], [1, 0, 1, 0, 0, 0], [1, 1, 0, 0, 1, 1], 3, judge=[0, 0, 0, 1, 0, 0], n_judges=2
    )
    one, other = reversed_repeats(data)
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == [(0, 1), (2, 5)]
    one, other = reversed_repeats(data, same_judge=False)
    assert list(zip(one.tolist(), other.tolist(), strict=True)) == [(0, 1), (2, 3)]


def test_flips_are_counted_by_their_direction() -> None:
    """Twice for whoever was first, once for whoever was second, once the same essay, once a tie."""
    first, second = [0, 1, 2, 3, 4, 5, 6, 7, 0, 2], [1, 0, 3, 2, 5, 4, 7, 6, 2, 0]
    answers = [2, 2, 2, 2, 0, 0, 2, 0, 2, 1]
    data = comparison_data(first, second, answers, 8, n_categories=(3,))
    found = flips(made_scale(np.zeros(8), cuts=[(-1.0, 1.0)]), data)
    assert (found.rate.n, found.rate.value) == (5, 0.6)
    assert (found.n_first_twice, found.n_second_twice) == (2, 1)
    assert found.by_scale == pytest.approx(0.5)


def test_the_scale_expects_more_flips_where_the_position_counts() -> None:
    """Between equals with odds of 3 to 1 for the first: 9/16 + 1/16."""
    data = comparison_data([0, 1], [1, 0], [1, 1], 2)
    found = flips(made_scale([0, 0], position_effect=float(np.log(3))), data)
    assert found.by_scale == pytest.approx(10 / 16)
    assert (found.rate.value, found.n_first_twice) == (1.0, 1)


def test_without_repeats_nothing_is_said() -> None:
    """Any rate is possible."""
    found = flips(made_scale([0, 0]), comparison_data([0], [1], [1], 2))
    assert (found.rate.n, found.rate.low, found.rate.high) == (0, 0, 1)
    assert math.isnan(found.by_scale)
