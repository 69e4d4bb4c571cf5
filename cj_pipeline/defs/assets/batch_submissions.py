"""The `batch_submissions` asset: the only one that spends money."""

from typing import Any

import dagster as dg

from cj_pipeline.defs.assets.pair_set import pair_set
from cj_pipeline.defs.columns import column_metadata
from cj_pipeline.defs.continuing import CONTINUES, mode_metadata
from cj_pipeline.defs.course_metadata import course_metadata
from cj_pipeline.defs.failures import RETRIES, operator_failures
from cj_pipeline.defs.nights import night_of
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import jobs_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.run_tags import tag_run
from cj_pipeline.engine.course import course
from cj_pipeline.engine.plan import load_snapshot
from cj_pipeline.engine.rank import current_pair_set
from cj_pipeline.engine.submit import Progress, submit
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE
from cj_pipeline.wiring import require_fresh, require_keys


@dg.asset(
    partitions_def=ASSESSMENTS,
    deps=[pair_set],
    group_name="judge",
    kinds={"openai", "anthropic"},
    retry_policy=RETRIES,
    pool="provider_submit",
)
def batch_submissions(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> dg.MaterializeResult[None]:
    """The comparisons sent to the judges, as batch jobs at the providers. THIS STEP SPENDS MONEY.

    Only comparisons that have no answer yet are sent, so doing it twice pays once. Every job is written to the ledger
    before it is created, within the assessment's cost limit; before a large job one request is asked by itself. The
    providers take up to 24 hours at half price; this step ends as soon as the jobs are accepted. The batch_job_sensor
    collects the answers when they are there, and goes on with what waited for room or can be asked again. In the modes
    per_request and serial_bundle the judges are asked at once, at full price; this step ends when all have answered.
    """
    name = context.partition_key
    continues = context.run.job_name == CONTINUES
    with operator_failures():
        bench = pipeline.bench()
        # What was planned is sent as it was read, even if the folder has changed since.
        if not continues:
            require_fresh(bench, name)
        require_keys(bench.settings, load_snapshot(bench.engine, name))
        report = submit(
            bench.engine,
            name,
            continues=continues,
            night=night_of(context.run, bench.settings.night),
            progress=_told(context),
        )
        pairs = current_pair_set(bench.engine, name)
        so_far = course(bench.engine, pairs)
        totals = bench.engine.ledger.totals(report.session.session_id)
        jobs = bench.engine.ledger.jobs(session_id=report.session.session_id)
    tag_run(context, pairs)
    for line in report.waiting:
        context.log.warning(line)
    metadata: dict[str, Any] = {
        "dagster/row_count": len(jobs),
        **mode_metadata(report.session),
        **course_metadata(so_far, pairs.snapshot.assessment.title, synthetic=bench.synthetic),
        "n_requests_new": report.n_requests,
        "n_jobs_new": len(report.sent),
        "n_jobs_adopted": len(report.adopted),
        "n_duplicates_cancelled": len(report.cancelled_duplicates),
        "n_jobs_waiting": len(report.waiting),
        "n_held_back": report.n_held,
        "n_possibly_paid": totals.n_possibly_paid,
        "jobs": dg.MetadataValue.md(jobs_preview(jobs)),
        **column_metadata("batch_submissions"),
        "raw_requests": dg.MetadataValue.path(str(bench.settings.raw_dir / name)),
    }
    if bench.synthetic:
        metadata["notice"] = SYNTHETIC_NOTICE
    return dg.MaterializeResult(metadata=metadata)


def _told(context: dg.AssetExecutionContext) -> Progress:
    """Say in the run's log how far a synchronous mode is, at every tenth of the way."""

    def told(n_done: int, n_all: int) -> None:
        if n_done * 10 // n_all > (n_done - 1) * 10 // n_all:
            context.log.info("%d of %d requests answered", n_done, n_all)

    return told
