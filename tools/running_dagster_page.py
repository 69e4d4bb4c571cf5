"""The page about running Dagster, from the records of a night and of the overhead."""

from collections.abc import Mapping
from typing import Any

from tools.pages import mark, page, table

_NIGHT = {
    "assessments": "assessments",
    "ranked": "ranked",
    "jobs": "jobs",
    "runs": "runs",
    "sensor_ticks": "sensor ticks",
    "latency_median_s": "job end to ranking, median, s",
    "latency_p95_s": "95th percentile, s",
    "lost": "lost",
    "paid_twice": "paid twice",
    "possibly_paid": "possibly paid",
    "faults_struck": "faults that struck",
    "seconds": "seconds",
}

_WHAT = """\
What Dagster adds to the work: how a night goes on real processes, what an idle installation takes, how long sensors
tick, and how the event log grows. Nothing real was asked: the
[loopback emulator](decisions/0005-emulator-at-the-socket.md) answered."""

_A_NIGHT = """\
Code server, daemon, webserver and PostgreSQL are processes of their own. Thirty assessments of five essays, in all
three modes and at both providers, are pending; the `nightly_submission_sensor` is switched on, and the rest is the
product's: one backfill, batch jobs of 2 to 8 seconds, sensors, rankings, checks. Faults drawn by seed from those of the
[fault suite](reliability.md#what-faults-cost) strike meanwhile. Losses and payments are counted as there, from the
emulator's journal. Job end is the provider's own time, or that of the last answer where requests are asked at once;
ranking is when Dagster has the asset `rankings`. The wait in the run queue is part of it: four runs at a time share
the machine's cores."""

_TICKS = """\
The longest of three ticks, evaluated as the code server does it, on SQLite. *Open* means that a batch job is under way,
*ended* that its results wait; 50 jobs are polled in a tick at most, and 25 runs asked for. Processor time stands beside
time by the wall, which other programs prolong. Dagster ends a tick after 60 seconds. The night's sensor reads all
folders that are at rest, 20 seconds a tick."""

_IDLE = """\
Code server and daemon on SQLite, while {finished} assessments are finished and {open} have a batch job under way;
sensors as they are at first. A share of 1 is a whole core."""

_LOG = """\
One assessment of four essays, submitted and collected in {runs} runs, adds {rows:.0f} rows to Dagster's event log and
{kib:.0f} KiB to its folder on SQLite, where every run has a database of its own. In the night above, on PostgreSQL,
{pg_rows:.0f} rows and {pg_kib:.0f} KiB (with indexes) for each assessment."""

_AGAIN = """\
```sh
make acceptance
make bench-dagster
make reference
```

The first fails if anything is lost, paid twice, left open or not ranked, the second if a tick takes longer than 20
seconds. The night is also part of `make test-slow`."""


def running_dagster_page(night: Mapping[str, Any], overhead: Mapping[str, Any], command: str) -> str:
    """What Dagster adds.

    Args:
        night: What `benchmarks.acceptance` wrote.
        overhead: What `benchmarks.dagster_overhead` wrote.
        command: What a person runs to render the page.
    """
    figures = overhead["figures"]
    return page(
        mark("benchmarks/acceptance.json and dagster_overhead.json", "tools/render_results.py", command),
        "Running Dagster, measured",
        _WHAT,
        "## A night",
        _A_NIGHT,
        f"{_origin(night)}: seed {night['figures']['seed']}.",
        night_table(night["figures"]["night"]),
        "## Ticks",
        _TICKS,
        f"{_origin(overhead)}.",
        ticks_table(figures),
        "## An idle installation",
        _IDLE.format(finished=figures["finished"], open=figures["open"]),
        idle_table(figures),
        "## The event log",
        _growth(figures["event_log"], night["figures"]["night"]),
        "## Measuring again",
        _AGAIN,
    )


def night_table(night: Mapping[str, Any]) -> str:
    """One row: what a night came to."""
    return table(tuple(_NIGHT.values()), [[night[name] for name in _NIGHT]])


def ticks_table(figures: Mapping[str, Any]) -> str:
    """One row for each sensor and load."""
    rows = [
        (row["with"], f"`{row['sensor']}`", f"{row['wall_s']:.2f}", f"{row['cpu_s']:.2f}") for row in figures["ticks"]
    ]
    return table(("with", "sensor", "seconds", "processor seconds"), rows)


def idle_table(figures: Mapping[str, Any]) -> str:
    """One row for each process."""
    rows = [(row["process"], f"{row['cpu_share']:.3f}", f"{row['rss_mib']:.0f}") for row in figures["idle"]]
    return table(("process", "share of a core", "memory, MiB"), rows)


def _growth(log: Mapping[str, Any], night: Mapping[str, Any]) -> str:
    return _LOG.format(
        runs=log["runs"],
        rows=log["rows"],
        kib=log["bytes_kept"] / 1024,
        pg_rows=night["event_rows_per_assessment"],
        pg_kib=night["event_bytes_per_assessment"] / 1024,
    )


def _origin(record: Mapping[str, Any]) -> str:
    return f"Measured at commit `{record['commit']}` on {record['machine']}"
