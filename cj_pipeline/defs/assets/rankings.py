"""The `rankings` asset: the scale."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from cj_pipeline.defs.assets.comparisons import comparisons
from cj_pipeline.defs.assets.human_decisions import human_decisions
from cj_pipeline.defs.columns import column_metadata
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.not_ready import not_ready
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.pictures import inline_picture
from cj_pipeline.defs.previews import ranking_preview
from cj_pipeline.defs.quality_metadata import quality_metadata
from cj_pipeline.defs.rescoring import scored_again_after
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.run_tags import tag_run
from cj_pipeline.engine.modes import MODE_KEY
from cj_pipeline.engine.rank import JUDGES_TABLE, RANKINGS_TABLE, Ranking, Waiting, rank
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE, ranking_picture
from cj_pipeline.wiring import Workbench


@dg.asset(
    partitions_def=ASSESSMENTS,
    deps=[comparisons, human_decisions],
    group_name="rank",
    kinds={"scipy", "parquet"},
    output_required=False,
    automation_condition=scored_again_after("human_decisions"),
)
def rankings(
    context: dg.AssetExecutionContext, pipeline: PipelineResource
) -> Iterator[dg.AssetObservation | dg.Output[None]]:
    """The essays in order, each with its place on a common scale and how sure that place is.

    A Bradley-Terry model turns the verdicts, each with its strength, into measures in logits (mean zero): an essay one
    logit above another is expected to win about 73 of 100 comparisons with it. How far apart the essays are is
    estimated too. Every measure has a standard error and a 95 % interval, and every rank an interval of ranks that the
    data allow; essays whose intervals overlap widely cannot be told apart. The advantage of being shown first is
    estimated and taken out, for every judge where several gave enough verdicts. What people decided counts beside the
    models' verdicts. Where comparisons are asked in several
    waves, the ranking is made after each of them, and says whether it is final and why the asking stopped.
    """
    name = context.partition_key
    with operator_failures():
        bench = pipeline.bench()
        ranking = rank(bench.engine, name)
        if not isinstance(ranking, Waiting):
            bench.tables.save_table(name, JUDGES_TABLE, ranking.judges)
            bench.tables.save_table(name, RANKINGS_TABLE, bench.with_students(name, ranking.table))
    if isinstance(ranking, Waiting):
        yield from not_ready(context, ranking.reason)
        return
    tag_run(context, ranking.pairs)
    yield dg.Output(None, metadata=_metadata(bench, name, ranking))


def _course(ranking: Ranking) -> dict[str, Any]:
    """What the judging session keeps of its course, without the measures, which the table has."""
    kept = ranking.pairs.session.metadata
    return {key: value for key, value in kept.items() if key != "bt_scores"}


def _metadata(bench: Workbench, name: str, ranking: Ranking) -> dict[str, Any]:
    fit, totals = ranking.fit, ranking.totals
    synthetic = totals.n_synthetic > 0
    picture = ranking_picture(ranking.table, ranking.pairs.snapshot.assessment.title, synthetic=synthetic)
    title = SYNTHETIC_NOTICE if synthetic else "Measures with 95 % intervals"
    return {
        "dagster/row_count": len(ranking.table),
        "made_by": SYNTHETIC_NOTICE if synthetic else ", ".join(ranking.pairs.session.metadata["judges"]),
        "picture": inline_picture(title, picture),
        "ranking": dg.MetadataValue.md(ranking_preview(ranking.table)),
        "n_comparisons_used": round(fit.n_comparisons.sum() / 2),
        "cut_points": ", ".join(f"{cut:+.2f}" for cut in fit.cut_points[0]),
        **quality_metadata(ranking),
        "is_final": ranking.is_final,
        "decision": ranking.decided.decision.value,
        "stop_reason": ranking.decided.stop_reason.value if ranking.decided.stop_reason else "none yet",
        "explanation": ranking.decided.explanation,
        "n_waves": max(c.wave for c in ranking.pairs.comparisons),
        "llm_batching_mode": str(ranking.pairs.session.metadata[MODE_KEY]),
        "judging_session": dg.MetadataValue.json(_course(ranking)),
        "spent_usd": round(totals.spent_usd, 6),
        **column_metadata(RANKINGS_TABLE),
        "table": dg.MetadataValue.path(str(bench.tables.path(name, RANKINGS_TABLE, "csv"))),
        "table_of_judges": dg.MetadataValue.path(str(bench.tables.path(name, JUDGES_TABLE, "csv"))),
    }
