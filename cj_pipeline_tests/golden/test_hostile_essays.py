# ruff: noqa: D103 - the names of the tests say it
"""The attack suite: its data, and its record."""

import os
import sys
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.attacks.suite import attacks, false_alarms, rows
from benchmarks.record import read_record


def test_the_attacks_are_many_and_split_in_every_family() -> None:
    split = Counter((attack.family, attack.split) for attack in attacks())

    assert len(attacks()) >= 60
    assert len({attack.text for attack in attacks()}) == len(attacks())
    assert len({family for family, _ in split}) == 8
    assert all(split[family, "tuned"] - split[family, "held_out"] in {0, 1} for family, _ in split)


def test_the_record_on_attacks_can_be_repeated() -> None:
    found = rows()

    assert found == read_record("hostile_essays")["figures"]["rows"]
    for row in found:
        assert row["won_gullible_outside"] == row["won_surface"]
        if row["family"] == "all":
            assert row["won_gullible_inside"] / row["n_tries"] > 0.9
            assert row["detected"] / row["n_tries"] > 0.8


@pytest.mark.reference
def test_the_record_on_false_alarms_can_be_repeated() -> None:
    found = false_alarms(Path(os.environ["CJ_REFERENCE_DATA"]))

    sys.stdout.write(f"\nessays flagged without cause: {found}\n")
    assert found == read_record("hostile_essays")["figures"]["false_alarms"]
