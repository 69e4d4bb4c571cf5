# ruff: noqa: D103 - the names of the tests say it
"""Twenty published judging sessions in compatibility mode: what No More Marking and sirt print, we print.

The decisions are those of Kinnear, Jones and Davies (2025), https://doi.org/10.31219/osf.io/c9q3b_v1, who estimated
them with sirt.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.published_sessions.measure import compare, halves
from benchmarks.record import read_record

N_SESSIONS = 20
LIMITS = {"theta": 0.005, "se.theta": 0.001, "ssr": 0.0005, "separation": 0.003, "score": 1e-9, "infit": 0.001}
MOST_RELATIVE_OUTFIT = 0.002
MOST_SPLIT_HALF, MEDIAN_SPLIT_HALF = 0.06, 0.005
"""Medians over 100 random splits; with five products (Luckett2018_pizza) they still vary by hundredths."""


@pytest.fixture(scope="module")
def sessions() -> list[Path]:
    """Folders of the sessions; the tests fail without the reference data."""
    return sorted((Path(os.environ["CJ_REFERENCE_DATA"]) / "cj_sessions").iterdir())


@pytest.mark.reference
def test_estimates_errors_and_reliability_are_the_published_ones(sessions: list[Path]) -> None:
    found = [compare(session) for session in sessions]

    _print_worst(found)
    assert len(found) == N_SESSIONS
    for row in found:
        for name, limit in LIMITS.items():
            assert row[f"worst_{name}"] <= limit, row
        assert row["worst_relative_outfit"] <= MOST_RELATIVE_OUTFIT, row


@pytest.mark.reference
def test_the_record_on_the_page_can_be_repeated(sessions: list[Path]) -> None:
    recorded = read_record("published_sessions")["figures"]["sessions"]

    for row, session in zip(recorded, sessions, strict=True):
        again = compare(session)
        assert {name: row[name] for name in again if name != "scaled_gradient"} == pytest.approx(
            {name: value for name, value in again.items() if name != "scaled_gradient"}, abs=1e-6
        )


@pytest.mark.reference
def test_split_halves_by_judge_are_the_published_ones(sessions: list[Path]) -> None:
    found = [halves(session) for session in sessions if session.name != "Pollitt2017_example4"]

    apart = [abs(row["split_half"] - row["published_split_half"]) for row in found]
    sys.stdout.write(
        f"\nsplit halves: worst {max(apart):.4f}, median {np.median(apart):.4f} from the published median\n"
    )
    assert max(apart) <= MOST_SPLIT_HALF
    assert np.median(apart) <= MEDIAN_SPLIT_HALF


def _print_worst(found: Sequence[dict[str, Any]]) -> None:
    sys.stdout.write("\n")
    for name in (*LIMITS, "relative_outfit"):
        worst = max(found, key=lambda row: float(row[f"worst_{name}"]))
        sys.stdout.write(f"worst {name:16} {worst[f'worst_{name}']:.6f}  {worst['session']}\n")
