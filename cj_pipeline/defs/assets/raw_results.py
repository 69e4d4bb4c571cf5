"""The `raw_results` asset: what the providers answered, byte for byte."""

from collections.abc import Iterator

import dagster as dg

from cj_pipeline.defs.assets.batch_submissions import batch_submissions
from cj_pipeline.defs.columns import column_metadata
from cj_pipeline.defs.course_metadata import course_metadata
from cj_pipeline.defs.failures import RETRIES, operator_failures
from cj_pipeline.defs.not_ready import not_ready
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import outcomes_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.run_tags import tag_run
from cj_pipeline.engine.collect import collect
from cj_pipeline.engine.course import course
from cj_pipeline.engine.rank import current_pair_set, waiting_for


@dg.asset(
    partitions_def=ASSESSMENTS,
    deps=[batch_submissions],
    group_name="judge",
    kinds={"json"},
    retry_policy=RETRIES,
    output_required=False,
)
def raw_results(
    context: dg.AssetExecutionContext, pipeline: PipelineResource
) -> Iterator[dg.AssetObservation | dg.Output[None]]:
    """What the providers sent back: every byte kept unchanged, every request accounted for.

    Each request ends in exactly one way: ok, refused, truncated, invalid, errored, expired, cancelled or missing. An
    answer that cannot be read is invalid; it never counts for either essay. While jobs are still running this step
    says what it waits for and makes nothing; the batch_job_sensor comes back to it.
    """
    name = context.partition_key
    with operator_failures():
        bench = pipeline.bench()
        engine = bench.engine
        report = collect(engine, name)
        pairs = current_pair_set(engine, name)
        reason = waiting_for(engine, pairs)
    tag_run(context, pairs)
    if reason:
        yield from not_ready(context, reason)
        return
    totals = engine.ledger.totals(pairs.session.session_id)
    counts = engine.ledger.collection_counts(pairs.session.session_id)
    yield dg.Output(
        None,
        metadata={
            "dagster/row_count": totals.n_attempts,
            "n_jobs_collected_new": report.n_collected,
            "n_duplicate_rows": counts.n_duplicates,
            "n_foreign_rows": counts.n_strangers,
            "n_unreadable_lines": counts.n_unreadable,
            "input_tokens": totals.input_tokens,
            "output_tokens": totals.output_tokens,
            **course_metadata(course(engine, pairs), pairs.snapshot.assessment.title, synthetic=bench.synthetic),
            "outcomes": dg.MetadataValue.md(outcomes_preview(pairs)),
            "raw_answers": dg.MetadataValue.path(str(bench.settings.raw_dir / name)),
            **column_metadata("raw_results"),
        },
    )
