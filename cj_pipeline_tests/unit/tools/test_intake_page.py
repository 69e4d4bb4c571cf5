"""The page about reading essays says what its record says."""

# ruff: noqa: D103 - the name of a test is its sentence

import pytest

from tools.intake_page import intake_page

RECORD = {
    "commit": "0123456789ab",
    "machine": "Linux, 2 cores",
    "figures": {
        "fuzzed": [
            {
                "seed": 7,
                "n_files": 1400,
                "read": 400,
                "refused": 600,
                "damaged": 400,
                "slowest_s": 1.26,
                "peak_bytes": 2.1e8,
            }
        ],
        "mixed": {"n_read": 48, "n_named": 12, "seconds": 2.5, "peak_bytes_of_a_child": 8.14e7},
        "near_duplicates": [
            {"n_texts": 1000, "n_planted": 100, "n_found": 99, "n_others": 1, "seconds": 0.26, "peak_bytes": 7e7}
        ],
    },
}


@pytest.mark.parametrize(
    "words",
    [
        "commit `0123456789ab` on Linux, 2 cores",
        "| 7 | 1,400 | 400 | 600 | 400 | 1.3 | 210 |",
        "48 read, 12 named with a cause, in 2.5 processor seconds",
        "No child took more than 81 MB.",
        "in 100 pairs the second text begins with 170 words",
        "| 1,000 | 99 of 100 | 1 | 0.3 | 70 |",
    ],
)
def test_figures_are_those_of_the_record(words: str) -> None:
    assert words in intake_page(RECORD, "run me")
