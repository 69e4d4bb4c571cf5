# ruff: noqa: D103 - the names of the tests say it
"""Attacks by another hand, and false alarms on real essays."""

import os
import sys
from pathlib import Path

import pytest

from benchmarks.attacks.attack import OTHER_HAND, load_attacks
from benchmarks.attacks.measure import ellipse_alarms, rows, trials
from benchmarks.attacks.pairs import plain_pairs, read_samples
from benchmarks.record import read_record


def test_what_is_found_of_another_hands_attacks_can_be_repeated() -> None:
    samples = read_samples()
    found = rows(trials(load_attacks(OTHER_HAND), plain_pairs(samples)))

    assert found == read_record("hostile_essays")["figures"]["other_hand_rows"]
    [whole] = [row for row in found if row["family"] == "all"]
    assert whole["n_attacks"] >= 60
    assert whole["detected"] >= 0.8
    assert whole["success"]["gullible_outside"] == whole["success"]["surface"]


@pytest.mark.reference
def test_false_alarms_on_real_essays_stay_at_or_below_the_record() -> None:
    [recorded] = [a for a in read_record("hostile_essays")["figures"]["false_alarms"] if a["essays"] == "ELLIPSE"]

    found = ellipse_alarms(Path(os.environ["CJ_REFERENCE_DATA"]))

    sys.stdout.write(f"\nELLIPSE: {found['n_flagged']} of {found['n_essays']} essays flagged without cause\n")
    assert found["n_essays"] == 125
    assert found["rate"] <= recorded["rate"]
