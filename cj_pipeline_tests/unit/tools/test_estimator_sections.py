"""The page about the estimator says what its records say, also where something was not run."""

# ruff: noqa: D103 - the name of a test is its sentence

from typing import Any

import pytest

from benchmarks.record import read_record
from tools.estimator_sections import ESTIMATOR_AGAIN, SECTIONS, estimator_sections

OWN = {"wall_s": 0.04, "cpu_s": 0.05, "peak_mib": 70, "error": 2e-9, "scaled_gradient": 3e-15, "monte_carlo": 0.0}
RECORDS: dict[str, dict[str, Any]] = {
    "estimation": {
        "spread": 1.5,
        "load": 0.5,
        "cases": [{"n": 1000, "m": 20000, "seed": 1, "gradient": 1e-12}],
        "rows": [
            {"contestant": "ours", "n": 1000, "standard_errors": "yes", "errors": "exact", "prior_sd": 0.0, **OWN},
            {"contestant": "shipped", "n": 1000, "standard_errors": "yes", "errors": "exact", "prior_sd": 0.9, **OWN},
            {
                "contestant": "large",
                "n": 1000,
                "standard_errors": "yes",
                "prior_sd": 0.0,
                **OWN,
                "errors": "probe",
                "monte_carlo": 0.0021,
            },
            {"contestant": "peer", "n": 1000, "standard_errors": "no", "not_run": "not done within 300 s"},
        ],
    },
    "coverage": {
        "sets": 1000,
        "per_essay": 10,
        "rows": [{"n": 24, "sd": 1.0, "categories": 2, "pooled": 0.96, "top": 0.95, "bottom": 0.94, "naive_ends": 0.7}],
    },
    "strength": {
        "repetitions": 60,
        "spread": 2.0,
        "rows": [{"kind": "winner alone", "n": 24, "c": 4, "spearman": 0.7544, "standard_error": 0.0105}],
    },
}


def read(name: str) -> dict[str, Any]:
    """Return a record made by hand."""
    return {"commit": "0123456789ab", "machine": "Linux, 2 cores", "figures": RECORDS[name]}


@pytest.mark.parametrize(
    "words",
    [
        "| ours | 0.04 | 0.05 | 2e-09 | yes | 70 |",
        "| shipped | 0.04 | 0.05 | certificate 3e-15 | yes | 70 |",
        "| large | 0.04 | 0.05 | 2e-09 | yes, within 0.21% | 70 |",
        "| peer | not run |  |  | not done within 300 s |  |",
        "### 1,000 essays, 20,000 comparisons",
        "| 24 | 1.0 | 2 | 0.960 | 0.950 | 0.940 | 0.700 |",
        "| winner alone | 0.754 (0.011) |",
        "Measured at commit `0123456789ab` on Linux, 2 cores.",
        "make bench-estimation",
    ],
)
def test_the_page_says_what_was_measured_and_how(words: str) -> None:
    assert words in "\n\n".join([*estimator_sections(read), ESTIMATOR_AGAIN])


def test_what_the_committed_records_promise_holds() -> None:
    figures = {name: read_record(name)["figures"] for _, name, _ in SECTIONS}
    own = [row for row in figures["estimation"]["rows"] if row["contestant"] == "cj_pipeline, binary"]

    assert [row["n"] for row in own] == [24, 1000, 10_000, 100_000]
    assert all(row["error"] <= 1e-6 for row in own)
    assert all(row["peak_mib"] < 400 for row in own)
    assert all(row["monte_carlo"] <= 0.005 for row in own)
    assert all(0.93 <= row["pooled"] <= 0.97 for row in figures["coverage"]["rows"])
    assert all(0.90 <= row[end] <= 0.99 for row in figures["coverage"]["rows"] for end in ("top", "bottom"))
    assert figures["coverage"]["sets"] == 1000
