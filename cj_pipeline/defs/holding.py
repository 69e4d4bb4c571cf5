"""Keeping a backfill in progress while the providers work.

A backfill fails partitions whose runs have all ended without their results. A run that carries the backfill's tag and
has not ended keeps it open: so for every backfill that waits for an assessment, one collect run is put into the
queue and held there (`cj/hold` has the limit 0 in dagster.yaml) until the assessment's jobs have ended.
See docs/decisions/0003-not-ready-yet.md.
"""

import dagster as dg
from dagster import DagsterRunStatus, RunRecord

from cj_pipeline.defs.not_ready import WAITING_TAG

ASSESSMENT_TAG = "cj/assessment"
GROUP_TAG = "cj/collect_group"
HOLD_TAG = "cj/hold"
_PARTITION_TAG = "dagster/partition"
_BACKFILL_TAG = "dagster/backfill"


def hold_requests(instance: dg.DagsterInstance, assessment: str) -> list[dg.RunRequest]:
    """Runs to put on hold: one for each backfill that waits for this assessment and has none yet."""
    waiting = _backfills(instance, {_PARTITION_TAG: assessment, WAITING_TAG: "true"})
    held = _backfills(instance, {ASSESSMENT_TAG: assessment, HOLD_TAG: ["waiting", "released"]})
    return [
        dg.RunRequest(
            run_key=f"hold:{backfill}:{assessment}",
            partition_key=assessment,
            tags={ASSESSMENT_TAG: assessment, HOLD_TAG: "waiting", _BACKFILL_TAG: backfill},
        )
        for backfill in sorted(waiting - held)
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


def _backfills(instance: dg.DagsterInstance, tags: dict[str, str | list[str]]) -> set[str]:
    found = {record.dagster_run.tags.get(_BACKFILL_TAG) for record in _records(instance, tags)}
    return {backfill for backfill in found if backfill}


def _records(instance: dg.DagsterInstance, tags: dict[str, str | list[str]]) -> list[RunRecord]:
    return list(instance.get_run_records(dg.RunsFilter(tags=tags)))
