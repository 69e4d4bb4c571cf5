"""Keeping a backfill in progress while the providers work.

A backfill fails partitions whose runs have all ended without their results. A run that carries the backfill's tag and
has not ended keeps it open: so for every backfill that waits for an assessment, one collect run is put into the
queue and held there (`cj/hold` has the limit 0 in dagster.yaml) until the assessment's jobs have ended.
See docs/decisions/0003-not-ready-yet.md.
"""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg
from dagster import DagsterRunStatus, RunRecord

from cj_pipeline.defs.not_ready import WAITING_TAG

ASSESSMENT_TAG = "cj/assessment"
GROUP_TAG = "cj/collect_group"
HOLD_TAG = "cj/hold"
_PARTITION_TAG = "dagster/partition"
_BACKFILL_TAG = "dagster/backfill"
_AT_A_TIME = 200


def hold_requests(instance: dg.DagsterInstance, assessments: Sequence[str]) -> list[dg.RunRequest]:
    """Runs to put on hold: one for each backfill that waits for one of these assessments and has none yet."""
    waiting = _backfills(instance, _PARTITION_TAG, assessments, {WAITING_TAG: "true"})
    held = _backfills(instance, ASSESSMENT_TAG, assessments, {HOLD_TAG: ["waiting", "released"]})
    return [
        dg.RunRequest(
            run_key=f"hold:{backfill}:{assessment}",
            partition_key=assessment,
            tags={ASSESSMENT_TAG: assessment, HOLD_TAG: "waiting", _BACKFILL_TAG: backfill},
        )
        for assessment, backfill in sorted(waiting - held)
    ]


def release_held(instance: dg.DagsterInstance, assessment: str | None) -> int:
    """Let the held runs of an assessment go; returns how many there were."""
    held = [run for run in held_runs(instance) if run.tags.get(ASSESSMENT_TAG) == assessment]
    for run in held:
        instance.add_run_tags(run.run_id, {HOLD_TAG: "released"})
    return len(held)


def held_runs(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """All runs that are held in the queue, or on their way into it."""
    unstarted = [DagsterRunStatus.NOT_STARTED, DagsterRunStatus.QUEUED]
    filters = dg.RunsFilter(tags={HOLD_TAG: "waiting"}, statuses=unstarted)
    return [record.dagster_run for record in instance.get_run_records(filters)]


def _backfills(
    instance: dg.DagsterInstance, key: str, assessments: Sequence[str], tags: Mapping[str, str | list[str]]
) -> set[tuple[str, str]]:
    """Assessments and backfills of the runs that carry one of the assessments under this key, and these tags."""
    runs = [record.dagster_run for record in runs_with(instance, key, assessments, tags)]
    return {(run.tags[key], run.tags[_BACKFILL_TAG]) for run in runs if run.tags.get(_BACKFILL_TAG)}


def runs_with(
    instance: dg.DagsterInstance,
    key: str,
    values: Sequence[str],
    tags: Mapping[str, str | list[str]] | None = None,
    statuses: Sequence[DagsterRunStatus] = (),
) -> Iterator[RunRecord]:
    """All runs whose tag is one of these values: a query for each would make a tick last too long."""
    for start in range(0, len(values), _AT_A_TIME):
        wanted = {**(tags or {}), key: list(values[start : start + _AT_A_TIME])}
        yield from instance.get_run_records(dg.RunsFilter(tags=wanted, statuses=statuses))
