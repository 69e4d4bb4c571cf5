"""The `batch_submissions` asset: the only one that spends money."""

from typing import Any

import dagster as dg

from cj_pipeline.defs.assets.pair_set import pair_set
from cj_pipeline.defs.failures import RETRIES, operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import jobs_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.engine.plan import load_snapshot
from cj_pipeline.engine.submit import submit
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
    before it is created, within the assessment's cost limit. The providers take up to 24 hours at half price; this
    step ends as soon as the jobs are accepted, and the batch_job_sensor collects the answers when they are there.
    """
    name = context.partition_key
    with operator_failures():
        bench = pipeline.bench()
        require_fresh(bench, name)
        require_keys(bench.settings, load_snapshot(bench.engine, name))
        report = submit(bench.engine, name)
        totals = bench.engine.ledger.totals(report.session.session_id)
        jobs = bench.engine.ledger.jobs(session_id=report.session.session_id)
    for line in report.waiting:
        context.log.warning(line)
    metadata: dict[str, Any] = {
        "n_requests_new": report.n_requests,
        "n_jobs_new": len(report.sent),
        "n_jobs_adopted": len(report.adopted),
        "n_duplicates_cancelled": len(report.cancelled_duplicates),
        "n_jobs_waiting": len(report.waiting),
        "spent_usd": round(totals.spent_usd, 6),
        "reserved_usd": round(totals.reserved_usd, 6),
        "jobs": dg.MetadataValue.md(jobs_preview(jobs)),
        "raw_requests": dg.MetadataValue.path(str(bench.settings.raw_dir / name)),
    }
    if bench.synthetic:
        metadata["notice"] = SYNTHETIC_NOTICE
    return dg.MaterializeResult(metadata=metadata)
