# ruff: noqa: D103 - the names of the tests say it
"""Figures of anchor alignment, on examples small enough to count by hand."""

from dataclasses import replace

import numpy as np
import pytest

from cj_pipeline.harness.eng5.alignment import KnownGrades, align, order_flips
from cj_pipeline.harness.eng5.schema_studies import Alignment
from cj_pipeline_tests.unit.harness.verdicts import rankings, verdict

KNOWN = KnownGrades(("F", "E", "D", "C"), {"a": "C", "b": "D", "c": "D", "d": "F"})


def aligned(*, measures: tuple[float, ...] = (2.0, 1.0, -1.0, -2.0)) -> Alignment:
    """Four anchors; c beats the better a in both orders, b and d are split by the order of showing."""
    table = rankings(*((name, m, 0.5, wins, 4) for name, m, wins in zip("abcd", measures, (2, 3, 3, 0), strict=True)))
    verdicts = [
        verdict("a", "b", "a"),
        verdict("b", "a", "a"),
        verdict("a", "c", "c", strength=1, reason="clearer"),
        verdict("c", "a", "c", strength=3, reason="clearer"),
        verdict("b", "c", "b"),
        verdict("b", "d", "b"),
        verdict("d", "b", "d"),
        verdict("c", "d", "c"),
    ]
    return align(KNOWN, table, verdicts, np.random.default_rng(1))


def test_direct_inversions_are_pairs_whose_verdicts_favour_the_lower_grade() -> None:
    found = aligned()

    [inversion] = found.direct_inversions
    assert (inversion.higher_id, inversion.lower_id, inversion.steps) == ("a", "c", 1)
    assert (inversion.n_for_lower, inversion.n_verdicts, inversion.strength) == (2, 2, 2.0)
    assert inversion.reasons == ("clearer",)
    assert not inversion.beyond_error


def test_pairs_of_equal_grade_are_left_out_and_split_ones_are_no_inversions() -> None:
    found = aligned()

    assert found.n_pairs == 4
    [split] = found.split_pairs
    assert (split.higher_id, split.lower_id, split.steps, split.first_always) == ("b", "d", 2, True)


def test_verdicts_are_counted_by_steps_and_pooled_upwards() -> None:
    found = aligned()

    by_steps = {steps: (rate.k, rate.n) for steps, rate in found.agreement_by_steps.items()}
    upwards = {steps: (rate.k, rate.n) for steps, rate in found.agreement_from_steps.items()}
    assert by_steps == {1: (2, 4), 2: (2, 3)}
    assert upwards == {1: (4, 7), 2: (2, 3)}


def test_places_are_dealt_the_known_grades_in_order() -> None:
    found = aligned(measures=(-1.0, 2.0, 1.0, -2.0))

    assert [(a.essay_id, a.place_grade, a.steps_off) for a in found.anchors] == [
        ("b", "C", 1),
        ("c", "D", 0),
        ("a", "D", -1),
        ("d", "F", 0),
    ]
    assert (found.within_one.k, found.exact.k, found.n_measure_inversions) == (4, 2, 2)
    # Three pairs agree, two do not, one is of equal grade: (3 - 2) / sqrt(6 * 5).
    assert found.tau_b.value == pytest.approx(1 / 30**0.5, abs=1e-6)
    assert found.zero_win_anchors == ("d",)


def test_foretold_grades_are_compared_where_there_are_any() -> None:
    known = replace(KNOWN, foretold={"a": "C", "b": "F", "d": "E"})
    table = rankings(*((name, m, 0.5, 1, 2) for name, m in zip("abcd", (2.0, 1.0, -1.0, -2.0), strict=True)))

    found = align(known, table, [verdict("a", "b", "a")], np.random.default_rng(1))

    assert (found.foretold_exact.k, found.foretold_within_one.k, found.foretold_within_one.n) == (1, 2, 3)
    assert [a.foretold_grade for a in found.anchors] == ["C", "F", None, "E"]
    assert found.foretold_qwk.value is not None
    assert aligned().foretold_qwk.value is None


def test_equal_measures_share_the_middle_of_what_falls_to_them_whatever_their_names() -> None:
    found = aligned(measures=(1.0, 1.0, 1.0, -2.0))

    assert {a.place_grade for a in found.anchors if a.essay_id != "d"} == {"D"}


def test_an_inversion_beyond_error_needs_measures_far_apart_the_wrong_way() -> None:
    assert not aligned(measures=(-0.1, 0.0, 0.5, -2.0)).direct_inversions[0].beyond_error
    assert aligned(measures=(-3.0, 0.0, 3.0, -4.0)).direct_inversions[0].beyond_error


def test_order_flips_count_pairs_whose_majority_changes() -> None:
    steady = [verdict("a", "b", "a"), verdict("b", "a", "a")]
    flipped = [verdict("a", "c", "a"), verdict("c", "a", "c")]
    even = [verdict("a", "d", "a"), verdict("a", "d", "d"), verdict("d", "a", "a")]
    once = [verdict("b", "c", "b")]

    rate = order_flips([*steady, *flipped, *even, *once])

    assert (rate.k, rate.n) == (1, 3)
