"""The `human_decisions` asset: what people decided."""

import dagster as dg

from cj_pipeline.defs.assets.essays import essays
from cj_pipeline.defs.assets.pair_set import pair_set
from cj_pipeline.defs.columns import column_metadata
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import people_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.run_tags import tag_run
from cj_pipeline.engine.people import assigned_pairs
from cj_pipeline.engine.people_tables import HUMAN_DECISIONS_TABLE, human_decisions_table
from cj_pipeline.engine.rank import current_pair_set


@dg.asset(partitions_def=ASSESSMENTS, deps=[essays, pair_set], group_name="rank", kinds={"pandas", "parquet"})
def human_decisions(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> dg.MaterializeResult[None]:
    """What people decided about the same essays: on the judging page (`cj judge`), or in files under `decisions/`.

    People's decisions and the models' verdicts go into one scale. Each kind of answer keeps its own meaning there: a
    person says which essay is better (or that they are equal, where that is allowed), a model also says how clearly.
    Beside every decision stands which essay most models preferred, so that disagreements can be looked at. A file that
    was changed is read again here; a decision whose essay was edited since no longer counts.
    """
    name = context.partition_key
    with operator_failures():
        bench = pipeline.bench()
        n_changed = bench.gather_people(current_pair_set(bench.engine, name).snapshot)
        pairs = current_pair_set(bench.engine, name)
        table = human_decisions_table(pairs)
        bench.tables.save_table(name, HUMAN_DECISIONS_TABLE, table)
    tag_run(context, pairs)
    both = table[(table["winner"] != "") & (table["models_prefer"] != "")]
    agreed = float((both["winner"] == both["models_prefer"]).mean()) if len(both) else None
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(table),
            "n_people": int(table["judge"].nunique()),
            "n_changed": n_changed,
            "n_pairs_assigned_to_people": len(assigned_pairs(pairs)),
            "n_on_pairs_that_models_judged": len(both),
            **({} if agreed is None else {"agreement_with_models": round(agreed, 4)}),
            "preview": dg.MetadataValue.md(people_preview(table)),
            **column_metadata(HUMAN_DECISIONS_TABLE),
            "table": dg.MetadataValue.path(str(bench.tables.path(name, HUMAN_DECISIONS_TABLE, "csv"))),
        }
    )
