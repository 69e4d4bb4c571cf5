"""Checks of what came back."""

from collections.abc import Iterator

import dagster as dg

from cj_pipeline.defs.assets.raw_results import raw_results
from cj_pipeline.defs.check_results import check_result, check_specs
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import markdown_table, outcomes_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.domain.batches import Outcome
from cj_pipeline.engine.answer_findings import ANSWER_FINDERS, Answers
from cj_pipeline.engine.deciding import needs_asking
from cj_pipeline.engine.finding import Finding
from cj_pipeline.engine.rank import current_pair_set
from cj_pipeline.engine.reconciliation import reconcile_session
from cj_pipeline.engine.records import JobUsage


@dg.asset_check(asset=raw_results, partitions_def=ASSESSMENTS, blocking=True)
def raw_results_are_reconciled(
    context: dg.AssetCheckExecutionContext, pipeline: PipelineResource
) -> dg.AssetCheckResult:
    """Every request that was sent has exactly one outcome, and no answer came from elsewhere or twice.

    Where a request lacks its outcome nothing goes on to a ranking. Rows that are not ours, and second answers, are left
    out and counted; of them this warns.
    """
    with operator_failures():
        engine = pipeline.bench().engine
        balance = reconcile_session(engine, current_pair_set(engine, context.partition_key).session.session_id)
    rows = (
        ("requests sent", balance.n_sent),
        ("outcomes", balance.n_outcomes),
        ("second answers", balance.counts.n_duplicates),
        ("answers to nothing of ours", balance.counts.n_strangers),
        ("unreadable lines", balance.counts.n_unreadable),
    )
    figures = {
        "n_sent": balance.n_sent,
        "n_outcomes": balance.n_outcomes,
        "n_duplicate_rows": balance.counts.n_duplicates,
        "n_foreign_rows": balance.counts.n_strangers,
        "n_unreadable_lines": balance.counts.n_unreadable,
    }
    return check_result(
        "raw_results_are_reconciled",
        Finding(
            balance.holds,
            "" if balance.holds else f"{balance.fault} See docs/operations/batch-jobs.md.",
            figures,
            ("what", "how many"),
            rows,
            is_grave=balance.n_sent != balance.n_outcomes,
        ),
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


_USAGE = ("job", "input by provider", "input by answers", "output by provider", "output by answers")


def _usage(job: JobUsage) -> tuple[object, ...]:
    return (
        job.provider_batch_id,
        job.reported_input,
        job.recorded_input,
        job.reported_output,
        job.recorded_output,
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
        metadata={
            "n_jobs_compared": len(jobs),
            "n_jobs_that_differ": len(off),
            "evidence": dg.MetadataValue.md(markdown_table(_USAGE, map(_usage, off or jobs), len(off or jobs))),
        },
    )


@dg.multi_asset_check(
    name="answer_checks",
    specs=check_specs(raw_results, ANSWER_FINDERS),
    can_subset=True,
)
def answer_checks(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> Iterator[dg.AssetCheckResult]:
    """What is asked of the answers: verdicts, refusals, unusable answers, flips."""
    with operator_failures():
        engine = pipeline.bench().engine
        answers = Answers(current_pair_set(engine, context.partition_key), engine.options)
    for key in context.selected_asset_check_keys:
        yield check_result(key.name, ANSWER_FINDERS[key.name](answers))
