"""Checks of what came back."""

import dagster as dg

from cj_pipeline.defs.assets.raw_results import raw_results
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import outcomes_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.domain.batches import Outcome
from cj_pipeline.engine.deciding import needs_asking
from cj_pipeline.engine.rank import current_pair_set
from cj_pipeline.engine.reconciliation import reconcile_session


@dg.asset_check(asset=raw_results, partitions_def=ASSESSMENTS)
def raw_results_are_reconciled(
    context: dg.AssetCheckExecutionContext, pipeline: PipelineResource
) -> dg.AssetCheckResult:
    """Every request that was sent has exactly one outcome, and no answer came from elsewhere or twice."""
    with operator_failures():
        engine = pipeline.bench().engine
        balance = reconcile_session(engine, current_pair_set(engine, context.partition_key).session.session_id)
    return dg.AssetCheckResult(
        passed=balance.holds,
        description="" if balance.holds else f"{balance.fault} See docs/operations/batch-jobs.md.",
        metadata={
            "n_sent": balance.n_sent,
            "n_outcomes": balance.n_outcomes,
            "n_duplicate_rows": balance.counts.n_duplicates,
            "n_foreign_rows": balance.counts.n_strangers,
            "n_unreadable_lines": balance.counts.n_unreadable,
        },
    )


@dg.asset_check(asset=raw_results, partitions_def=ASSESSMENTS)
def comparisons_have_verdicts(
    context: dg.AssetCheckExecutionContext, pipeline: PipelineResource
) -> dg.AssetCheckResult:
    """Every planned comparison has a verdict. A few without one do no harm; this check warns."""
    with operator_failures():
        engine = pipeline.bench().engine
        pairs = current_pair_set(engine, context.partition_key)
    without = [c for c in pairs.comparisons if c.status != Outcome.OK]
    again = sum(needs_asking(c, engine.options.max_attempts) for c in without)
    remedy = f"{len(without)} without a verdict; materialise batch_submissions to ask {again} of them again."
    return dg.AssetCheckResult(
        passed=not without,
        severity=dg.AssetCheckSeverity.WARN,
        description=remedy if without else "",
        metadata={
            "n_without_verdict": len(without),
            "n_can_be_asked_again": again,
            "outcomes": dg.MetadataValue.md(outcomes_preview(pairs)),
        },
    )


@dg.asset_check(asset=raw_results, partitions_def=ASSESSMENTS)
def usage_agrees_with_the_provider(
    context: dg.AssetCheckExecutionContext, pipeline: PipelineResource
) -> dg.AssetCheckResult:
    """The tokens of all answers of a job add up to what the provider counts for the job. A difference is a warning.

    Only OpenAI adds up a job's tokens. A difference means that answers were paid for that did not arrive, or that the
    cost shown is not the cost billed.
    """
    with operator_failures():
        engine = pipeline.bench().engine
        session_id = current_pair_set(engine, context.partition_key).session.session_id
        jobs = engine.ledger.job_usage(session_id)
    off = [job for job in jobs if not job.agrees]
    lines = [
        f"{job.provider_batch_id}: the provider counts {job.reported_input} input and {job.reported_output} output "
        f"tokens, its answers have {job.recorded_input} and {job.recorded_output}."
        for job in off
    ]
    return dg.AssetCheckResult(
        passed=not off,
        severity=dg.AssetCheckSeverity.WARN,
        description=" ".join([*lines, "See docs/operations/batch-jobs.md."]) if off else "",
        metadata={"n_jobs_compared": len(jobs), "n_jobs_that_differ": len(off)},
    )
