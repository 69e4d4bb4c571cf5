"""Deleting Dagster's history of one assessment: its runs, their events, checks and logs."""

import sqlite3
from contextlib import closing
from pathlib import Path

import dagster as dg
import sqlalchemy as sa
from dagster._core.storage.event_log import SqlEventLogStorage
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable, AssetKeyTable

from cj_pipeline.defs.partitions import ASSESSMENTS

PARTITION_TAG = "dagster/partition"
_PATIENCE_S = 20


def delete_history(instance: dg.DagsterInstance, name: str, *, whole: bool) -> int:
    """Delete all runs of an assessment; previews, passages and pictures are part of their events.

    Args:
        instance: Dagster's instance.
        name: The assessment.
        whole: Whether its partition goes, too.

    Returns:
        Number of runs that were deleted.
    """
    run_ids = [
        record.dagster_run.run_id for record in instance.get_run_records(dg.RunsFilter(tags={PARTITION_TAG: name}))
    ]
    for run_id in run_ids:
        instance.compute_log_manager.delete_logs(prefix=[run_id])
        instance.delete_run(run_id)
    _delete_copies(instance, run_ids)
    if whole:
        instance.delete_dynamic_partition(str(ASSESSMENTS.name), name)
    return len(run_ids)


def _delete_copies(instance: dg.DagsterInstance, run_ids: list[str]) -> None:
    """What Dagster keeps of a run's events outside its log: evaluations of checks, and the last event of an asset."""
    storage = instance.event_log_storage
    if not run_ids or not isinstance(storage, SqlEventLogStorage):
        return
    checks, keys = AssetCheckExecutionsTable, AssetKeyTable
    nothing = {"last_materialization": None, "last_run_id": None, "last_materialization_timestamp": None}
    with storage.index_connection() as connection:
        connection.execute(sa.delete(checks).where(checks.c.run_id.in_(run_ids)))
        connection.execute(sa.update(keys).where(keys.c.last_run_id.in_(run_ids)).values(nothing))


def compact_files(home: Path) -> list[Path]:
    """Let Dagster's SQLite files, where it uses such, give up the bytes of what was deleted.

    Returns:
        Files that another process kept busy: the bytes are still in them.
    """
    busy = []
    for path in sorted(home.rglob("*.db")):
        with closing(sqlite3.connect(path, isolation_level=None, timeout=_PATIENCE_S)) as connection:
            try:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            except sqlite3.OperationalError:
                busy.append(path)
    return busy
