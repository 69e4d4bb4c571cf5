"""The `comparisons` asset: the verdicts as a table."""

import dagster as dg

from cj_pipeline.defs.assets.raw_results import raw_results
from cj_pipeline.defs.columns import column_metadata
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import verdicts_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.run_tags import tag_run
from cj_pipeline.engine.rank import COMPARISONS_TABLE, comparisons_table, current_pair_set


@dg.asset(partitions_def=ASSESSMENTS, deps=[raw_results], group_name="rank", kinds={"pandas", "parquet"})
def comparisons(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> dg.MaterializeResult[None]:
    """One row per comparison: the two essays, the judge, who won, how clearly, and the judge's reason.

    This is the evidence behind the ranking. Comparisons without a verdict stay in the table with the cause.
    """
    name = context.partition_key
    with operator_failures():
        bench = pipeline.bench()
        pairs = current_pair_set(bench.engine, name)
        table = comparisons_table(pairs)
        bench.tables.save_table(name, COMPARISONS_TABLE, table)
    tag_run(context, pairs)
    judged = table[table["outcome"] == "ok"]
    share_first = float((judged["winner_position"] == "first").mean()) if len(judged) else 0.0
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(table),
            "n_verdicts": len(judged),
            "n_without_verdict": len(table) - len(judged),
            "share_won_by_first_shown": round(share_first, 4),
            "preview": dg.MetadataValue.md(verdicts_preview(table)),
            **column_metadata(COMPARISONS_TABLE),
            "table": dg.MetadataValue.path(str(bench.tables.path(name, COMPARISONS_TABLE, "csv"))),
        }
    )
