"""How much Dagster's event log grows by one assessment, on SQLite: whole runs in this process."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from unittest.mock import patch

from benchmarks.dagster_overhead.cohorts import N_ESSAYS, dagster_instance
from cj_pipeline.defs import resources
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline_tests.support.benches import A_DAY_S, make_rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment

_JOBS: Final = ("submit_assessment", "collect_assessment")
_QUIET: Final = {"loggers": {"console": {"config": {"log_level": "ERROR"}}}}


@dataclass(frozen=True)
class Growth:
    """What one assessment adds, from submission to ranking.

    Attributes:
        rows: Rows of the event log.
        bytes_kept: Bytes that all files in Dagster's home grow by.
        runs: Runs.
    """

    rows: float
    bytes_kept: float
    runs: int


def growth(root: Path, emulator: RunningEmulator, n: int) -> Growth:
    """Take some assessments through submission and collection by Dagster's runs; one before does not count."""
    rig = make_rig(root, emulator)
    for number in range(n + 1):
        make_assessment(root, f"class-{number}", N_ESSAYS, comparisons_per_essay=3)
    with dagster_instance(root) as (home, instance), patch.object(resources, "_bench", lambda _environment: rig.bench):
        daemon = MiniDaemon(instance, resources.PipelineResource())
        daemon.tick("assessment_folder_sensor")
        _run(daemon, _JOBS[0], "class-0")
        before = _rows(home), _size(home)
        for job in _JOBS:
            for number in range(1, n + 1):
                _run(daemon, job, f"class-{number}")
            rig.advance(A_DAY_S)
            rig.poll()
        grown = _rows(home) - before[0], _size(home) - before[1]
    rig.bench.close()
    return Growth(grown[0] / n, grown[1] / n, len(_JOBS))


def _run(daemon: MiniDaemon, job: str, name: str) -> None:
    result = daemon.run(job, name, run_config=_QUIET)
    if not result.success:
        raise RuntimeError(f"{job} of {name} failed")


def _rows(home: Path) -> int:
    """Events of all runs; each run has a database of its own."""
    total = 0
    for path in (home / "history" / "runs").glob("*.db"):
        if path.name != "index.db":
            with closing(sqlite3.connect(path)) as connection:
                [(n,)] = connection.execute("select count(*) from event_logs")
                total += n
    return total


def _size(home: Path) -> int:
    return sum(path.stat().st_size for path in home.rglob("*") if path.is_file() and not path.is_symlink())
