"""Sensors: what changes outside (folders, provider jobs, wishes to cancel) wakes Dagster. Thin shells around decisions.

None starts to spend: a submission is started by a person, and goes on within what that person submitted.
"""

from collections import Counter

import dagster as dg

from cj_pipeline.defs.collecting import Step
from cj_pipeline.defs.holding import ASSESSMENT_TAG, held_runs, hold_requests, release_held
from cj_pipeline.defs.jobs import cancel_assessment, collect_assessment, continue_submission
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.work import MOST_AT_ONCE, Work, launched, steps_for
from cj_pipeline.engine.advance import collect_groups, continuations, unfinished_assessments
from cj_pipeline.engine.cancel import unfinished_cancellations
from cj_pipeline.engine.poll import PollReport, poll
from cj_pipeline.engine.ports import Engine

_FOLDER_TEXT = (
    "A new folder under data/assessments with an assessment.yaml becomes a partition. Nothing is read, sent or spent."
)
_JOBS_TEXT = (
    "Watches the providers' batch jobs. When jobs of an assessment have ended, its results are collected. It spends "
    "nothing. A collection that fails is tried again after 1, 4, 16 and 64 minutes."
)
_CONTINUE_TEXT = (
    "Goes on with what a person submitted: sends what waited for room at a provider, and asks again what can be "
    "helped, within the assessment's cost limit. It starts nothing of its own, and leaves paused and cancelled "
    "assessments alone."
)
_CANCEL_TEXT = (
    "Finishes cancellations: where an assessment was cancelled and a live job could not be asked to end then, it is "
    "asked again. It spends nothing."
)


@dg.sensor(default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=30, description=_FOLDER_TEXT)
def assessment_folder_sensor(context: dg.SensorEvaluationContext, pipeline: PipelineResource) -> dg.SensorResult:
    """Add a partition for every new assessment folder."""
    known = set(context.instance.get_dynamic_partitions(str(ASSESSMENTS.name)))
    new = [name for name in pipeline.bench().assessments() if name not in known]
    if not new:
        return dg.SensorResult(skip_reason=f"No new assessment folder; {len(known)} known.")
    return dg.SensorResult(dynamic_partitions_requests=[ASSESSMENTS.build_add_request(new)])


@dg.sensor(
    job=collect_assessment,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=5,
    description=_JOBS_TEXT,
)
def batch_job_sensor(context: dg.SensorEvaluationContext, pipeline: PipelineResource) -> dg.SensorResult:
    """Poll what is due, ask for runs that collect what has ended, and keep waiting backfills open."""
    engine = pipeline.bench().engine
    report = poll(engine)
    for line in [*report.trouble, *report.alerts]:
        context.log.warning(line)
    steps = steps_for(context.instance, engine, _to_collect(engine))
    requests = launched(context.instance, steps)
    requests += _hold_or_release(context.instance, engine, steps)
    return dg.SensorResult(run_requests=requests, skip_reason=None if requests else _tally(report, steps))


@dg.sensor(
    job=continue_submission,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=15,
    description=_CONTINUE_TEXT,
)
def continuation_sensor(context: dg.SensorEvaluationContext, pipeline: PipelineResource) -> dg.SensorResult:
    """Ask for runs that go on with what a person submitted."""
    engine = pipeline.bench().engine
    steps = steps_for(context.instance, engine, _to_continue(engine))
    requests = launched(context.instance, steps)
    skipped = None if requests else f"{len(steps)} submission(s) to go on with, none due now."
    return dg.SensorResult(run_requests=requests, skip_reason=skipped)


@dg.sensor(
    # By name: given the job itself, Dagster would build the sensor anew, with a warning about its own code.
    job_name=cancel_assessment.name,
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description=_CANCEL_TEXT,
)
def cancel_sensor(context: dg.SensorEvaluationContext, pipeline: PipelineResource) -> dg.SensorResult:
    """Ask for a cancel run where a cancelled assessment has live jobs that were not asked to end."""
    engine = pipeline.bench().engine
    work = [Work("cancel_assessment", more.assessment, more.key) for more in unfinished_cancellations(engine)]
    requests = launched(context.instance, steps_for(context.instance, engine, work))
    skipped = None if requests else f"{len(work)} cancellation(s) to finish, none due now."
    return dg.SensorResult(run_requests=requests, skip_reason=skipped)


def _to_collect(engine: Engine) -> list[Work]:
    return [Work("collect_assessment", group.assessment, group.key) for group in collect_groups(engine)]


def _to_continue(engine: Engine) -> list[Work]:
    return [Work("continue_submission", more.assessment, f"go-{more.key}") for more in continuations(engine)]


def _hold_or_release(instance: dg.DagsterInstance, engine: Engine, steps: dict[Work, Step]) -> list[dg.RunRequest]:
    """Hold a run for every waiting backfill; let those go that have nothing to wait for, or whose work was given up."""
    unfinished = set(unfinished_assessments(engine))
    both = {**steps, **steps_for(instance, engine, _to_continue(engine))}
    given_up = {work.assessment for work, step in both.items() if step is Step.GAVE_UP}
    held = {run.tags.get(ASSESSMENT_TAG) for run in held_runs(instance)}
    for assessment in (held - unfinished) | (held & given_up):
        release_held(instance, assessment)
    return hold_requests(instance, sorted(unfinished - given_up))[:MOST_AT_ONCE]


def _tally(report: PollReport, steps: dict[Work, Step]) -> str:
    parts = [f"{report.n_polled} job(s) asked for", f"{len(report.ended)} ended"]
    tally = Counter((work.job, step) for work, step in steps.items())
    parts += [f"{count} {job} {step}" for (job, step), count in sorted(tally.items())]
    parts += [f"{len(report.trouble)} in trouble: {report.trouble[0]}"] if report.trouble else []
    parts += [f"{len(report.alerts)} to look at: {report.alerts[0]}"] if report.alerts else []
    return "; ".join(parts) + "."
