"""`make two-workers`: 200 small assessments by two workers, then 20 by Dagster's runs, all of them mortal."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.count_payments import Counts, count, provider_state
from benchmarks.record import write_record
from benchmarks.two_workers.cohort import cohort
from benchmarks.two_workers.dagster_runs import DagsterRuns
from benchmarks.two_workers.engine_workers import Workers
from cj_pipeline.emulator.embedding import running_emulator
from cj_pipeline.ledger.database import open_database
from cj_pipeline_tests.support.benches import environment
from cj_pipeline_tests.support.postgres import Postgres, running_postgres
from tools.two_workers_page import rows_table

_QUICK: Final = {
    "CJ_POLL_MIN_S": "0.5",
    "CJ_POLL_MAX_S": "2",
    "CJ_SETTLE_S": "5",
    "CJ_LEASE_S": "10",
    "CJ_SEVERAL_HOSTS": "true",
}
PATIENCE_S: Final = 240.0
"""Longest time that either way of working may take, seconds; more where other programs keep the machine busy."""


@dataclass(frozen=True)
class Phase:
    """What one way of working came to.

    Attributes:
        worked_by: Who did the work.
        assessments: Number of assessments.
        ranked: Those with a ranking table, or recorded as finished, at the end.
        seconds: How long it took.
        deaths: Processes that were killed, by kind.
        counts: See `benchmarks.count_payments`.
    """

    worked_by: str
    assessments: int
    ranked: int
    seconds: float
    deaths: dict[str, int]
    counts: Counts

    @property
    def is_violated(self) -> bool:
        """Whether something was lost, paid twice, left open, or not brought to its end."""
        c = self.counts
        broken = c.lost + c.paid_twice + c.left_open + c.live_duplicates + self.deaths.get("failed", 0)
        return broken > 0 or c.most_extra > 1 or self.ranked < self.assessments

    def row(self) -> dict[str, Any]:
        """As it is kept."""
        counts = {k: v for k, v in asdict(self.counts).items() if k != "notes"}
        return {
            "worked_by": self.worked_by,
            "assessments": self.assessments,
            "ranked": self.ranked,
            "seconds": round(self.seconds, 1),
            **{f"deaths_{k}": v for k, v in self.deaths.items()},
            **counts,
        }


def by_engine_workers(folder: Path, postgres: Postgres, n: int, seed: int, patience_s: float) -> Phase:
    """All assessments by two workers of the engine, killed every few seconds."""
    members = cohort(folder, n, seed)
    url = postgres.new_database()
    open_database(url).dispose()
    with running_emulator(folder / "emulator", seed=seed, job_seconds=(1.0, 4.0), frozen_clock=False) as emulator:
        variables = _variables(folder, emulator.url, url)
        workers = Workers([m.name for m in members], variables, seed, patience_s, folder / "workers.log")
        started = time.monotonic()
        workers.run()
        seconds = time.monotonic() - started
        state = provider_state(emulator.url)
        counts = count(url, folder / "store" / "raw", emulator.journal(), state)
    return Phase("two engine workers", n, _finished(url), seconds, asdict(workers.deaths), counts)


def by_dagster(folder: Path, postgres: Postgres, n: int, seed: int, patience_s: float) -> Phase:
    """Assessments by Dagster's daemon and its run workers, which are killed, as is the daemon."""
    members = cohort(folder, n, seed)
    url, dagster_url = postgres.new_database(), postgres.new_database()
    open_database(url).dispose()
    with running_emulator(folder / "emulator", seed=seed, job_seconds=(2.0, 8.0), frozen_clock=False) as emulator:
        variables = {
            **_variables(folder, emulator.url, url),
            "CJ_DAGSTER_URL": dagster_url.replace("postgresql:", "postgresql+psycopg2:"),
        }
        started = time.monotonic()
        deaths = DagsterRuns(folder, variables, [m.name for m in members], seed, patience_s).run()
        seconds = time.monotonic() - started
        state = provider_state(emulator.url)
        counts = count(url, folder / "store" / "raw", emulator.journal(), state)
    return Phase("Dagster runs, up to four at a time", n, _finished(url), seconds, deaths, counts)


def _variables(folder: Path, emulator_url: str, ledger_url: str) -> dict[str, str]:
    store = {"CJ_STORE_URL": str(folder / "store"), "CJ_LEDGER_URL": ledger_url}
    return {**environment(folder, emulator_url), **_QUICK, **store}


def _finished(url: str) -> int:
    engine = open_database(url)
    with engine.connect() as connection:
        query = "select count(*) from standings where standing = 'finished'"
        n = int(connection.exec_driver_sql(query).scalar_one())
    engine.dispose()
    return n


def run_all(folder: Path, n_engine: int, n_dagster: int, seed: int, patience_s: float = PATIENCE_S) -> list[Phase]:
    """Both ways of working, one after the other, on one PostgreSQL server."""
    phases = []
    with running_postgres() as postgres:
        for work, n in ((by_engine_workers, n_engine), (by_dagster, n_dagster)):
            if n:
                (folder / work.__name__).mkdir()
                phases.append(work(folder / work.__name__, postgres, n, seed, patience_s))
    return phases


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, write the record, print the table; exit code 1 if anything was lost, paid twice or left open."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assessments", type=int, default=200)
    parser.add_argument("--dagster", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=PATIENCE_S)
    parser.add_argument("--keep", action="store_true", help="write benchmarks/two_workers.json")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="cj-two-") as folder:
        phases = run_all(Path(folder), given.assessments, given.dagster, given.seed, given.patience)
        _tell_failures(Path(folder))
    figures = {"seed": given.seed, "rows": [phase.row() for phase in phases]}
    if given.keep:
        write_record("two_workers", figures)
    sys.stdout.write(rows_table(figures) + "\n")
    for phase in phases:
        sys.stdout.writelines(f"{phase.worked_by}: {note}\n" for note in phase.counts.notes)
    return 1 if any(phase.is_violated for phase in phases) else 0


def _tell_failures(folder: Path) -> None:
    for log in folder.rglob("workers.log"):
        sys.stdout.write(log.read_text("utf-8"))
