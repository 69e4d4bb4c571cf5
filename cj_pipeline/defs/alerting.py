"""Alerts: sensors that tell people of stalled jobs and failed runs. Without a target they do nothing.

Why not Dagster's e-mail sensor: docs/decisions/0045-alerts.md.
"""

import json
from typing import Final

import dagster as dg

from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.domain.batches import OPEN_PHASES
from cj_pipeline.engine.alerts import findings
from cj_pipeline.engine.ports import Engine
from cj_pipeline.observability.alerting import send_alert

MOST_LINES: Final = 20
"""Lines of one message."""

_STALLED_TEXT = (
    "Tells people of batch jobs that are stuck: results not there 30 minutes after the last request was handled, "
    "cancelled for 30 minutes, older than 20 hours, out of reach or unknown at the provider. Every job is told of once "
    "for each of these. Does nothing unless CJ_ALERT_WEBHOOK_URL or CJ_ALERT_EMAIL_TO is set."
)
_FAILED_TEXT = (
    "Tells people of failed runs, with what happened and what to do. Does nothing unless CJ_ALERT_WEBHOOK_URL or "
    "CJ_ALERT_EMAIL_TO is set."
)


@dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=60, description=_STALLED_TEXT)
def stalled_job_sensor(context: dg.SensorEvaluationContext, pipeline: PipelineResource) -> dg.SensorResult:
    """Tell of what is stuck and was not told of."""
    bench = pipeline.bench()
    if bench.settings.alerts.is_empty:
        return dg.SensorResult(
            skip_reason="Nobody is to be told: CJ_ALERT_WEBHOOK_URL and CJ_ALERT_EMAIL_TO are unset."
        )
    found = _found(bench.engine)
    told = set(json.loads(context.cursor or "[]")) & set(found)
    new = {key: line for key, line in found.items() if key not in told}
    if not new:
        return dg.SensorResult(skip_reason=f"{len(told)} told of before, nothing new.", cursor=_cursor(told))
    subject = f"cj_pipeline: {len(new)} batch job finding(s) to look at"
    delivery = send_alert(bench.settings.alerts, subject, _shortened(list(new.values())))
    for line in delivery.trouble:
        context.log.warning(line)
    # Told again at the next tick only if nobody was reached.
    told |= set(new) if delivery.n_delivered else set()
    said = f"{len(new)} finding(s), {delivery.n_delivered} target(s) told."
    return dg.SensorResult(skip_reason=" ".join([said, *delivery.trouble]), cursor=_cursor(told))


@dg.run_failure_sensor(
    name="failed_run_sensor", default_status=dg.DefaultSensorStatus.RUNNING, description=_FAILED_TEXT
)
def failed_run_sensor(context: dg.RunFailureSensorContext, pipeline: PipelineResource) -> None:
    """Tell of a failed run."""
    targets = pipeline.bench().settings.alerts
    if targets.is_empty:
        return
    run = context.dagster_run
    of = f" of {run.tags['dagster/partition']}" if "dagster/partition" in run.tags else ""
    lines = [_reason(event) for event in context.get_step_failure_events()] or [_without_step(context)]
    delivery = send_alert(targets, f"cj_pipeline: {run.job_name}{of} failed", _shortened([*lines, f"Run {run.run_id}"]))
    for line in delivery.trouble:
        context.log.warning(line)


def _found(engine: Engine) -> dict[str, str]:
    """Every finding about an open job: its name, and what it says."""
    now = engine.clock.now()
    jobs = engine.ledger.jobs(phases=OPEN_PHASES)
    return {f"{job.job_id}:{kind}": line for job in jobs for kind, line in findings(job, now).items()}


def _cursor(told: set[str]) -> str:
    return json.dumps(sorted(told))


def _shortened(lines: list[str]) -> str:
    more = [f"and {len(lines) - MOST_LINES} more."] if len(lines) > MOST_LINES else []
    return "\n".join(lines[:MOST_LINES] + more)


def _reason(event: dg.DagsterEvent) -> str:
    """The operator's message of a failed step; of other faults only the kind, for their text may hold anything."""
    failure = event.step_failure_data
    if failure.user_failure_data and failure.user_failure_data.description:
        return f"{event.step_key}: {failure.user_failure_data.description}"
    cause = failure.error.cause if failure.error else None
    kind = cause.cls_name if cause else (failure.error.cls_name if failure.error else "unknown fault")
    return f"{event.step_key}: {kind}. See the run's page."


def _without_step(context: dg.RunFailureSensorContext) -> str:
    """A run that failed outside its steps: its worker died, or took too long."""
    return f"{context.failure_event.message or 'It failed outside its steps.'} It is started again where that helps."
