"""Sensors: what changes outside (folders, provider jobs, wishes to cancel) wakes Dagster. Thin shells around decisions.

None starts to spend: a submission is started by a person, and goes on within what that person submitted.
"""

from collections import Counter
from dataclasses import dataclass

import dagster as dg

from cj_pipeline.defs.collecting import PastRun, Step, decide
from cj_pipeline.defs.holding import ASSESSMENT_TAG, GROUP_TAG, held_runs, hold_requests, release_held
from cj_pipeline.defs.jobs import cancel_assessment, collect_assessment, continue_submission
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
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
    steps = _steps(context.instance, engine, _to_collect(engine))
    requests = _launched(context.instance, steps)
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
    steps = _steps(context.instance, engine, _to_continue(engine))
    requests = _launched(context.instance, steps)
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
    work = [_Work("cancel_assessment", more.assessment, more.key) for more in unfinished_cancellations(engine)]
    requests = _launched(context.instance, _steps(context.instance, engine, work))
    skipped = None if requests else f"{len(work)} cancellation(s) to finish, none due now."
    return dg.SensorResult(run_requests=requests, skip_reason=skipped)


@dataclass(frozen=True, slots=True)
class _Work:
    """Work for one assessment, with a name for exactly this state of it."""

    job: str
    assessment: str
    key: str

    @property
    def tags(self) -> dict[str, str]:
        return {ASSESSMENT_TAG: self.assessment, GROUP_TAG: self.key}


def _to_collect(engine: Engine) -> list[_Work]:
    return [_Work("collect_assessment", group.assessment, group.key) for group in collect_groups(engine)]


def _to_continue(engine: Engine) -> list[_Work]:
    return [_Work("continue_submission", more.assessment, f"go-{more.key}") for more in continuations(engine)]


def _steps(instance: dg.DagsterInstance, engine: Engine, work: list[_Work]) -> dict[_Work, Step]:
    now = engine.clock.now().timestamp()
    return {each: decide(_past_runs(instance, each), now) for each in work}


def _launched(instance: dg.DagsterInstance, steps: dict[_Work, Step]) -> list[dg.RunRequest]:
    return [_request(instance, each) for each, step in steps.items() if step is Step.LAUNCH]


def _hold_or_release(instance: dg.DagsterInstance, engine: Engine, steps: dict[_Work, Step]) -> list[dg.RunRequest]:
    """Hold a run for every waiting backfill; let those go that have nothing to wait for, or whose work was given up."""
    unfinished = set(unfinished_assessments(engine))
    both = {**steps, **_steps(instance, engine, _to_continue(engine))}
    given_up = {work.assessment for work, step in both.items() if step is Step.GAVE_UP}
    held = {run.tags.get(ASSESSMENT_TAG) for run in held_runs(instance)}
    for assessment in (held - unfinished) | (held & given_up):
        release_held(instance, assessment)
    return [request for name in sorted(unfinished - given_up) for request in hold_requests(instance, name)]


def _past_runs(instance: dg.DagsterInstance, work: _Work) -> list[PastRun]:
    records = sorted(instance.get_run_records(dg.RunsFilter(tags=dict(work.tags))), key=lambda r: r.create_timestamp)
    return [PastRun(record.dagster_run.status, record.end_time) for record in records]


def _request(instance: dg.DagsterInstance, work: _Work) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"{work.job}:{work.assessment}:{work.key}:{len(_past_runs(instance, work))}",
        partition_key=work.assessment,
        tags=work.tags,
    )


def _tally(report: PollReport, steps: dict[_Work, Step]) -> str:
    parts = [f"{report.n_polled} job(s) asked for", f"{len(report.ended)} ended"]
    tally = Counter((work.job, step) for work, step in steps.items())
    parts += [f"{count} {job} {step}" for (job, step), count in sorted(tally.items())]
    parts += [f"{len(report.trouble)} in trouble: {report.trouble[0]}"] if report.trouble else []
    parts += [f"{len(report.alerts)} to look at: {report.alerts[0]}"] if report.alerts else []
    return "; ".join(parts) + "."
