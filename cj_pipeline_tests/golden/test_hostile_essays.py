# ruff: noqa: D103 - the names of the tests say it
"""False alarms on real essays."""

import os
import sys
from pathlib import Path

import pytest

from benchmarks.attacks.measure import ellipse_alarms
from benchmarks.record import read_record


@pytest.mark.reference
def test_false_alarms_on_real_essays_stay_at_or_below_the_record() -> None:
    [recorded] = [a for a in read_record("hostile_essays")["figures"]["false_alarms"] if a["essays"] == "ELLIPSE"]

    found = ellipse_alarms(Path(os.environ["CJ_REFERENCE_DATA"]))

    sys.stdout.write(f"\nELLIPSE: {found['n_flagged']} of {found['n_essays']} essays flagged without cause\n")
    assert found["n_essays"] == 125
    assert found["rate"] <= recorded["rate"]
