"""The page about reliability says what its records say, sums included."""

# ruff: noqa: D103 - the name of a test is its sentence

from typing import Any

import pytest

from benchmarks.count_payments import Counts, add_up
from benchmarks.fault_suite.scenarios import BATCH, BATCH_FAULTS, SYNC_FAULTS, Scenario, singles
from benchmarks.fault_suite.suite import is_violated, rows, scenarios
from benchmarks.record import read_record
from tools import faults_table, peers_table, throughput_table
from tools.reliability_page import reliability_page

RUN = Scenario("missing rows", "openai", BATCH, 1)
CALL = Scenario("429", "anthropic", "per_request", 1)


def record(**figures: Any) -> dict[str, Any]:  # noqa: ANN401 (figures of a benchmark)
    return {"commit": "0123456789ab", "machine": "Linux, 2 cores", "figures": {"seed": 1, **figures}}


FAULTS = record(
    n_runs=3,
    rows=rows(
        [(RUN, Counts(10, withheld=2)), (RUN, Counts(10, lost=1, paid_twice=3)), (CALL, Counts(10, most_extra=1))]
    ),
)
THROUGHPUT = record(
    whole_way=[
        {
            "ledger": "SQLite",
            "n_comparisons": 100_000,
            "request_bytes": 920_000_000,
            "result_bytes": 77_000_000,
            "plan_s": 8.0,
            "record_s": 12.0,
            "collect_s": 9.0,
            "bare_s": 7.0,
            "peak_mib": 300.4,
        }
    ],
    large_file=[
        {
            "ledger": "SQLite",
            "n_rows": 50_000,
            "file_bytes": 211_000_000,
            "collect_s": 6.0,
            "rss_before_mib": 140.6,
            "peak_mib": 200.2,
        }
    ],
)
PEERS = record(
    versions={"inspect_ai": "1.2.3"},
    rows=[
        {
            "client": "inspect_ai",
            "provider": "openai",
            "fault": "one row missing",
            "asked": 12,
            "answered": 0,
            "billed": 12,
            "billed_again": 0,
            "lost": 12,
            "jobs": 1,
            "end": "waits for ever",
        }
    ],
)


@pytest.mark.parametrize(
    "words",
    [
        "| missing rows | openai | 2 | 20 | 1 | 3 | 0 | 0 | 2 | 0 |",
        "| 429 | anthropic | 1 | 10 | 0 | 0 | 0 | 0 | 0 | 0 |",
        "| **all** |  | **2** | **20** | **1** | **3** |",
        "| SQLite | 100,000 | 920 | 77 | 8.0 | 12.0 | 9.0 | 7.0 | 3.0 | 300 |",
        "| SQLite | 50,000 | 211 | 6.0 | 141 | 200 | 60 |",
        "| one row missing | openai | inspect_ai | 0 of 12 | 12 | 0 | 12 | 1 | waits for ever |",
        "Measured at commit `0123456789ab` on Linux, 2 cores: 3 runs, seed 1.",
        "inspect_ai 1.2.3",
        "make faults RUNS=2000 SEED=1",
    ],
)
def test_the_page_says_what_was_measured_and_how(words: str) -> None:
    assert words in reliability_page(FAULTS, PEERS, THROUGHPUT, "the command")


def test_counts_add_up_and_the_largest_extra_stays_the_largest() -> None:
    total = add_up([Counts(10, possibly_paid=1, most_extra=1), Counts(10, possibly_paid=2, most_extra=2)])

    assert (total["comparisons"], total["possibly_paid"], total["most_extra"]) == (20, 3, 2)


@pytest.mark.parametrize("what", ["lost", "paid_twice", "left_open", "live_duplicates", "most_extra"])
def test_a_broken_promise_is_seen(what: str) -> None:
    assert not is_violated(RUN, Counts(10, withheld=5))
    broken = Counts(10)
    setattr(broken, what, 1)
    assert is_violated(RUN, broken)


def test_one_lost_answer_to_a_call_is_no_broken_promise_and_two_are() -> None:
    assert not is_violated(CALL, Counts(10, possibly_paid=3, most_extra=1))
    assert is_violated(CALL, Counts(10, possibly_paid=2, most_extra=2))


def test_the_long_form_holds_every_fault_every_death_and_a_thousand_runs() -> None:
    wanted = scenarios(1, 1200)

    assert len(wanted) == 1200
    assert {s.name for s in wanted} >= {*BATCH_FAULTS, *SYNC_FAULTS, "cancel race", "random combinations"}
    assert {s.dies_at[0] for s in wanted if s.name == "SIGKILL at one write"} == set(range(1, 61))
    assert wanted == scenarios(1, 1200)
    assert len(list(singles(1))) > 80


def test_the_committed_record_is_whole_and_keeps_its_promises() -> None:
    faults, throughput, peers = (read_record(name) for name in ("fault_suite", "throughput", "peers"))
    batch = [row for row in faults["figures"]["rows"] if row["mode"] == "batch jobs"]

    assert sum(row["runs"] for row in batch) >= 1000
    assert sum(row["runs"] for row in faults["figures"]["rows"]) == faults["figures"]["n_runs"]
    for name in ("lost", "paid_twice", "left_open", "live_duplicates"):
        assert sum(row[name] for row in faults["figures"]["rows"]) == 0
    assert faults_table.render(faults)
    assert {row["ledger"] for row in throughput["figures"]["whole_way"]} == {"SQLite", "PostgreSQL"}
    assert throughput_table.render(throughput)
    assert {row["client"] for row in peers["figures"]["rows"]} == {"inspect_ai", "bespokelabs-curator", "cj_pipeline"}
    assert peers_table.render(peers)
