# ruff: noqa: D103 - the names of the tests say it
"""The synthetic judge's figures: on the sample here, on real essays where the reference data are named."""

import os
import sys
from pathlib import Path

import pytest

from benchmarks.record import read_record
from benchmarks.synthetic_judge import SEEDS, ellipse_figures, sample_figures


@pytest.mark.parametrize("seed", SEEDS)
def test_the_sample_anchors_are_ordered_by_grade(seed: int) -> None:
    figures = sample_figures(seed)

    # Twelve anchors: one swap of neighbours moves tau by 0.03, and judges of other seeds differ by 0.1.
    assert figures["tau_b"] >= 0.5
    assert abs(figures["tau_b_of_word_count"]) <= 0.5
    assert figures == read_record("synthetic_judge")["figures"]["sample"][seed - 1]


def test_the_sample_anchors_are_ordered_by_grade_on_the_whole() -> None:
    kept = read_record("synthetic_judge")["figures"]["sample"]

    assert sum(row["tau_b"] for row in kept) / len(kept) >= 0.65


@pytest.mark.reference
@pytest.mark.parametrize("seed", SEEDS)
def test_the_record_on_real_essays_can_be_repeated(seed: int) -> None:
    reference = Path(os.environ["CJ_REFERENCE_DATA"])

    figures = ellipse_figures(reference / "ellipse" / "impact_of_technology.csv", seed)

    sys.stdout.write(
        f"\nELLIPSE, seed {seed}: Spearman {figures['spearman']}, QWK {figures['qwk']} of the synthetic judge with the "
        f"human score, {figures['spearman_of_word_count']} and {figures['qwk_of_word_count']} of the word count alone "
        f"({figures['n_essays']} essays)\n"
    )
    assert figures == read_record("synthetic_judge")["figures"]["ellipse"][seed - 1]
