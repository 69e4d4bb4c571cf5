"""Schedules: what is done by the calendar and spends nothing. Submission at night is a sensor (nights.py)."""

import os
from collections.abc import Iterator
from zoneinfo import available_timezones

import dagster as dg

from cj_pipeline.defs.jobs import apply_retention, rescore_assessment
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.engine.rescoring import finished_assessments

_ASKED_FOR = os.environ.get("CJ_NIGHT_TIME_ZONE", "")
_ZONE = _ASKED_FOR if _ASKED_FOR in available_timezones() else "UTC"
"""A zone that is not known is a fault of the settings, which the first run names."""

_RESCORING_TEXT = (
    "Scores every finished assessment again at 4 o'clock, with all of its checks. Off until it is switched on: changes "
    "of people's decisions and anchors are seen without it. Spends nothing."
)
_RETENTION_TEXT = (
    "On Sundays deletes the providers' copies of what was collected, where CJ_DELETE_AFTER_COLLECT is set and the "
    "collection could not do it. Spends nothing."
)


@dg.schedule(
    job=rescore_assessment,
    cron_schedule="0 4 * * *",
    execution_timezone=_ZONE,
    default_status=dg.DefaultScheduleStatus.STOPPED,
    description=_RESCORING_TEXT,
)
def nightly_rescoring(
    context: dg.ScheduleEvaluationContext, pipeline: PipelineResource
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Ask for a run for every finished assessment, once a night."""
    names = finished_assessments(pipeline.bench().engine)
    if not names:
        yield dg.SkipReason("No assessment is finished.")
    for name in names:
        yield dg.RunRequest(run_key=f"{context.scheduled_execution_time:%Y-%m-%d}:{name}", partition_key=name)


weekly_retention = dg.ScheduleDefinition(
    name="weekly_retention",
    job=apply_retention,
    cron_schedule="0 5 * * 0",
    execution_timezone=_ZONE,
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description=_RETENTION_TEXT,
)
