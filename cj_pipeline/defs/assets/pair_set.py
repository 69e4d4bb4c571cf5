"""The `pair_set` asset: design."""

import dagster as dg

from cj_pipeline.defs.assets.essays import essays
from cj_pipeline.defs.columns import column_metadata
from cj_pipeline.defs.continuing import CONTINUES, mode_metadata
from cj_pipeline.defs.cost_preview import forecast_metadata
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.pictures import inline_picture
from cj_pipeline.defs.previews import pairs_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.run_tags import tag_run
from cj_pipeline.engine.forecast import forecast
from cj_pipeline.engine.plan import plan
from cj_pipeline.reporting.pair_graph_picture import pair_graph_picture
from cj_pipeline.wiring import require_fresh


@dg.asset(partitions_def=ASSESSMENTS, deps=[essays], group_name="plan", kinds={"numpy"})
def pair_set(context: dg.AssetExecutionContext, pipeline: PipelineResource) -> dg.MaterializeResult[None]:
    """Which essays meet, which of the two is shown first, and which judge is asked.

    Every essay takes part in nearly the same number of comparisons, is shown first about as often as second, and is
    linked to every other essay through a chain of comparisons. The plan follows from essays, settings and seed
    alone; only where comparisons are asked in several waves, later waves pair essays that the answers so far place
    near each other. Essays that were added later get their own comparisons; what was planned before stays. Nothing
    is sent and nothing is paid for at this step.
    """
    name = context.partition_key
    continues = context.run.job_name == CONTINUES
    with operator_failures():
        bench = pipeline.bench()
        if not continues:
            require_fresh(bench, name)
        pairs = plan(bench.engine, name, continues=continues)
        expected = forecast(bench.engine, pairs)
    assessment, session = pairs.snapshot.assessment, pairs.session
    n_waves = max((c.wave for c in pairs.comparisons), default=0)
    tag_run(context, pairs)
    notice = session.metadata.get("llm_batching_mode_notice")
    if notice:
        context.log.warning(str(notice))
    return dg.MaterializeResult(
        data_version=dg.DataVersion(pairs.digest[:16]),
        metadata={
            "dagster/row_count": len(pairs.comparisons),
            "n_comparisons_new": pairs.n_new,
            "n_comparisons_superseded": pairs.n_superseded,
            "max_pairs_cap": assessment.max_pairs_cap,
            "seed": assessment.seed,
            "n_waves": n_waves,
            "pair_design": assessment.pair_design,
            "orientation": assessment.orientation,
            "judging_session": session.session_id,
            **mode_metadata(session),
            "prompt_version": str(session.metadata["prompt_version"]),
            "prompt_hash": str(session.metadata["prompt_hash"]),
            **forecast_metadata(expected),
            "picture": inline_picture("Which essays meet", pair_graph_picture(pairs)),
            "preview": dg.MetadataValue.md(pairs_preview(pairs)),
            **column_metadata("pair_set"),
        },
    )
