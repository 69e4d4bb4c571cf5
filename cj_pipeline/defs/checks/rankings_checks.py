"""Checks of the scale."""

import dagster as dg

from cj_pipeline.defs.assets.rankings import rankings
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.engine.rank import Waiting, rank
from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.newton import GRADIENT_TOLERANCE


@dg.asset_check(asset=rankings, partitions_def=ASSESSMENTS)
def ranking_has_converged(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> dg.AssetCheckResult:
    """The fit has reached its optimum, all essays are on one scale, and every essay of the folder is ranked once."""
    with operator_failures():
        try:
            ranking = rank(pipeline.bench().engine, context.partition_key)
        except EstimationError as error:
            return dg.AssetCheckResult(passed=False, description=str(error))
    if isinstance(ranking, Waiting):
        return dg.AssetCheckResult(passed=False, description=f"Not ready yet: {ranking.reason}")
    ids = [essay.essay_id for essay in ranking.pairs.snapshot.essays]
    complete = sorted(ranking.table["essay_id"]) == sorted(ids)
    return dg.AssetCheckResult(
        passed=complete and ranking.fit.scaled_gradient <= GRADIENT_TOLERANCE,
        description="" if complete else "Some essays are missing from the ranking: materialise rankings again.",
        metadata={
            "scaled_gradient": ranking.fit.scaled_gradient,
            "tolerance": GRADIENT_TOLERANCE,
            "n_newton_steps": ranking.fit.n_steps,
            "n_essays_ranked": len(ranking.table),
        },
    )
