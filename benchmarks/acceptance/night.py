"""Driving a night: the sensor is switched on, and everything else is the product's."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline.ledger.database import open_database
from cj_pipeline_tests.support import instigation
from cj_pipeline_tests.support.installations import installation_variables, running_installation
from cj_pipeline_tests.support.postgres import Postgres
from cj_pipeline_tests.support.processes import until
from cj_pipeline_tests.support.servers import DagsterServer

SENSOR: Final = "nightly_submission_sensor"
_SERVICES: Final = ("code", "daemon", "webserver")
_UNFINISHED: Final = {"QUEUED", "NOT_STARTED", "STARTING", "STARTED", "CANCELING", "MANAGED"}
_BUDGET_USD: Final = "1000"
_PATIENCE_S: Final = 300.0
_QUICK: Final = {"CJ_SETTLE_S": "30", "CJ_LEASE_S": "15", "CJ_NIGHT_BUDGET_USD": _BUDGET_USD}


@dataclass(frozen=True)
class Site:
    """A running installation.

    Attributes:
        root: Its data folder.
        emulator: Who answers.
        dagster: Its webserver.
        variables: Its environment.
    """

    root: Path
    emulator: RunningEmulator
    dagster: DagsterServer
    variables: dict[str, str]

    @property
    def ledger_url(self) -> str:
        """Address of the ledger."""
        return self.variables["CJ_LEDGER_URL"]

    @property
    def dagster_url(self) -> str:
        """Address of Dagster's own database."""
        return self.variables["CJ_DAGSTER_URL"].replace("postgresql+psycopg2:", "postgresql:")


@contextmanager
def running_site(root: Path, postgres: Postgres, seed: int) -> Iterator[Site]:
    """Code server, daemon, webserver, PostgreSQL and emulator; nights begin at the present hour."""
    with running_emulator(root / "emulator", seed=seed, job_seconds=(2.0, 8.0), frozen_clock=False) as emulator:
        hour = {"CJ_NIGHT_HOUR": str(_now().hour)}
        variables = {**installation_variables(root, emulator.url, postgres), **_QUICK, **hour}
        open_database(variables["CJ_LEDGER_URL"]).dispose()
        with running_installation(root, variables, _SERVICES) as servers:
            yield Site(root, emulator, servers["webserver"], variables)


def begin_night(site: Site, names: Sequence[str]) -> dict[str, Any]:
    """Switch the night's sensor on as if that had been done the day before; returns the backfill that it asks for."""
    until(lambda: set(names) <= set(site.dagster.partitions()), "the folder sensor to add the partitions", _PATIENCE_S)
    known = {backfill["id"] for backfill in instigation.backfills(site.dagster)}
    instigation.switch_on(site.dagster, SENSOR, (_now() - timedelta(days=1)).date().isoformat())

    def new() -> list[dict[str, Any]]:
        return [b for b in instigation.backfills(site.dagster) if b["id"] not in known]

    until(lambda: bool(new()), "the night's backfill", _PATIENCE_S)
    return new()[0]


def until_ranked(site: Site, names: Sequence[str], patience_s: float) -> float:
    """Wait until all have their final ranking and no run is under way; returns how long that took, seconds.

    Raises:
        TimeoutError: It took too long.
    """
    started = time.monotonic()
    what = f"the final rankings of {len(names)} assessments"
    until(lambda: set(names) <= finished(site.ledger_url), what, patience_s)
    until(lambda: set(names) <= site.dagster.materialised("rankings"), what, patience_s)
    seconds = time.monotonic() - started
    until(lambda: not unfinished_runs(site.dagster), "the last runs to end", patience_s)
    return seconds


def unfinished_runs(server: DagsterServer) -> int:
    """Runs that have not ended."""
    return sum(n for (_, status), n in instigation.runs(server).items() if status in _UNFINISHED)


def finished(ledger_url: str) -> set[str]:
    """Assessments that the ledger calls finished."""
    engine = open_database(ledger_url)
    with engine.connect() as connection:
        rows = connection.exec_driver_sql("select assessment from standings where standing = 'finished'")
        found = {str(row[0]) for row in rows}
    engine.dispose()
    return found


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 (the processes go by the machine's clock)
