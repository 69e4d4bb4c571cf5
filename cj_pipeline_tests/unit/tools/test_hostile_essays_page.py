"""The page about hostile essays says what its record says, and what it does not show."""

# ruff: noqa: D103 - the name of a test is its sentence

from typing import Any

import pytest

from benchmarks.record import read_record
from tools.hostile_essays_page import hostile_essays_page


def line(family: str, split: str, detected: float) -> dict[str, Any]:
    success = {"surface": 0.0, "gullible_outside": 0.125, "gullible_inside": 0.75}
    left = {"surface": 0.0, "gullible_outside": 0.0, "gullible_inside": 0.25}
    found = {"family": family, "split": split, "n_attacks": 4, "n_trials": 40, "detected": detected}
    return {**found, "success": success, "success_undetected": left}


RECORD = {
    "commit": "0123456789ab",
    "machine": "Linux, 2 cores",
    "figures": {
        "seed": 1,
        "split_seed": 2,
        "n_attacks": 8,
        "pairs": [{}, {}],
        "rows": [line("direct_order", "held_out", 0.5), line("direct_order", "tuned", 1.0)],
        "other_hand_rows": [line("appeal", "other_hand", 0.625)],
        "control_nonce_known": line("fake_delimiter", "both", 1.0),
        "false_alarms": [{"essays": "ELLIPSE", "n_essays": 125, "n_flagged": 2, "rate": 0.016, "rate_at_most": 0.0495}],
    },
}


@pytest.mark.parametrize(
    "words",
    [
        "| direct order | 4 | 50 % | 0 % | 12 % | 0 % | 75 % | 25 % |",
        "| direct order | 4 | 100 % | 0 % | 12 % | 0 % | 75 % | 25 % |",
        "| appeal | 4 | 62 % | 0 % | 12 % | 0 % | 75 % | 25 % |",
        "| ELLIPSE | 125 | 2 | 1.6 % | 5.0 % |",
        "Measured at commit `0123456789ab` on Linux, 2 cores: 8 attacks, 2 pairs, seed 1, split by seed 2.",
        "**No claim is made about real models**",
        "make attacks CJ_REFERENCE_DATA=<folder>",
    ],
)
def test_the_page_says_what_was_measured_and_how(words: str) -> None:
    assert words in hostile_essays_page(RECORD, "render")


def test_the_held_out_part_comes_first() -> None:
    text = hostile_essays_page(RECORD, "render")

    assert text.index("### Held out") < text.index("### Tuned on")


def test_the_committed_record_has_both_parts_and_the_false_alarms() -> None:
    figures = read_record("hostile_essays")["figures"]

    assert {row["split"] for row in figures["rows"] if row["family"] == "all"} == {"tuned", "held_out"}
    assert [alarms["essays"] for alarms in figures["false_alarms"]] == ["eng5-role-models", "lower5", "ELLIPSE"]
