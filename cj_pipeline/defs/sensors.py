"""Sensors: what changes outside (folders, provider jobs) wakes Dagster. Thin shells around decisions; none spends."""

from collections import Counter

import dagster as dg

from cj_pipeline.defs.collecting import PastRun, Step, decide
from cj_pipeline.defs.holding import ASSESSMENT_TAG, GROUP_TAG, held_runs, hold_requests, release_held
from cj_pipeline.defs.jobs import collect_assessment
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.engine.advance import CollectGroup, collect_groups, running_assessments, unfinished_assessments
from cj_pipeline.engine.poll import PollReport, poll
from cj_pipeline.engine.ports import Engine

_FOLDER_TEXT = (
    "A new folder under data/assessments with an assessment.yaml becomes a partition. Nothing is read, sent or spent."
)
_JOBS_TEXT = (
    "Watches the providers' batch jobs. When all jobs of an assessment have ended, its results are collected. "
    "It spends nothing. A collection that fails is tried again after 1, 4, 16 and 64 minutes."
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
    """Poll what is due, and ask for a collect run where everything has ended."""
    engine = pipeline.bench().engine
    report = poll(engine)
    for line in report.trouble:
        context.log.warning(line)
    now = engine.clock.now().timestamp()
    steps: Counter[str] = Counter()
    groups = collect_groups(engine)
    requests = _hold_or_release(context.instance, engine, groups)
    for group in groups:
        runs = _past_runs(context.instance, group)
        step = decide(runs, now)
        steps[step] += 1
        if step is Step.LAUNCH:
            requests.append(_collect_run(group, len(runs)))
    return dg.SensorResult(run_requests=requests, skip_reason=None if requests else _tally(report, steps))


def _hold_or_release(instance: dg.DagsterInstance, engine: Engine, groups: list[CollectGroup]) -> list[dg.RunRequest]:
    """Hold a run for every waiting backfill; let those go whose results are there, or came another way."""
    running = set(running_assessments(engine))
    for group in groups:
        if group.assessment not in running:
            release_held(instance, group.assessment, {GROUP_TAG: group.key})
    held = {run.tags.get(ASSESSMENT_TAG) for run in held_runs(instance)}
    for assessment in held - set(unfinished_assessments(engine)):
        release_held(instance, assessment, {})
    return [request for name in sorted(running) for request in hold_requests(instance, name)]


def _past_runs(instance: dg.DagsterInstance, group: CollectGroup) -> list[PastRun]:
    tags = {ASSESSMENT_TAG: group.assessment, GROUP_TAG: group.key}
    records = sorted(instance.get_run_records(dg.RunsFilter(tags=tags)), key=lambda r: r.create_timestamp)
    return [PastRun(record.dagster_run.status, record.end_time) for record in records]


def _collect_run(group: CollectGroup, n_before: int) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"collect:{group.assessment}:{group.key}:{n_before}",
        partition_key=group.assessment,
        tags={ASSESSMENT_TAG: group.assessment, GROUP_TAG: group.key},
    )


def _tally(report: PollReport, steps: Counter[str]) -> str:
    parts = [f"{report.n_polled} job(s) asked for", f"{len(report.ended)} ended"]
    parts += [f"{count} collection(s) {step}" for step, count in sorted(steps.items())]
    parts += [f"{len(report.trouble)} in trouble: {report.trouble[0]}"] if report.trouble else []
    return "; ".join(parts) + "."
