"""Checks of the tables of verdicts and of people's decisions, and of the report."""

import inspect

import dagster as dg

from cj_pipeline.defs.assets.comparisons import comparisons
from cj_pipeline.defs.assets.human_decisions import human_decisions
from cj_pipeline.defs.assets.report import report
from cj_pipeline.defs.check_results import check_result
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.engine.plan import load_snapshot
from cj_pipeline.engine.rank import current_pair_set
from cj_pipeline.engine.verdict_findings import essays_keep_their_verdicts as look_at_essays
from cj_pipeline.engine.verdict_findings import people_agree_with_models as look_at_people
from cj_pipeline.reporting.report_findings import report_shows_every_essay as look_at_report


@dg.asset_check(asset=comparisons, partitions_def=ASSESSMENTS, description=inspect.getdoc(look_at_essays))
def essays_keep_their_verdicts(
    context: dg.AssetCheckExecutionContext, pipeline: PipelineResource
) -> dg.AssetCheckResult:
    """Verdicts by essay."""
    with operator_failures():
        pairs = current_pair_set(pipeline.bench().engine, context.partition_key)
    return check_result("essays_keep_their_verdicts", look_at_essays(pairs))


@dg.asset_check(asset=human_decisions, partitions_def=ASSESSMENTS, description=inspect.getdoc(look_at_people))
def people_agree_with_models(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> dg.AssetCheckResult:
    """People beside models."""
    with operator_failures():
        pairs = current_pair_set(pipeline.bench().engine, context.partition_key)
    return check_result("people_agree_with_models", look_at_people(pairs))


@dg.asset_check(
    asset=report,
    partitions_def=ASSESSMENTS,
    description=(inspect.getdoc(look_at_report) or "").partition("\n\nArgs")[0],
)
def report_shows_every_essay(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> dg.AssetCheckResult:
    """The files of the report."""
    name = context.partition_key
    with operator_failures():
        bench = pipeline.bench()
        essays = [essay.essay_id for essay in load_snapshot(bench.engine, name).essays]
    return check_result("report_shows_every_essay", look_at_report(bench.settings.reports_dir / name, essays))
