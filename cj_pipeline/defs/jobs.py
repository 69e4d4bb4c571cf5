"""Jobs: the two halves of an assessment, going on, and stopping. No run waits for the providers' work."""

from typing import Any

import dagster as dg

from cj_pipeline.defs.account_tags import CONTINUING, LOOKING, SUBMITTING
from cj_pipeline.defs.continuing import CONTINUES
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.engine.cancel import cancel
from cj_pipeline.engine.retention import purge_collected

_A_DAY = {"dagster/max_runtime": str(24 * 3600)}
"""In the synchronous modes the submitting run asks the judges itself, longer than other runs may take."""

submit_assessment = dg.define_asset_job(
    "submit_assessment",
    selection=dg.AssetSelection.assets("essays", "pair_set", "batch_submissions"),
    tags=_A_DAY,
    config=SUBMITTING,
    description="Reads the essays, plans the pair set and submits batch jobs. This spends money. The run ends at once; "
    "the batch_job_sensor collects the results when they are there.",
)

collect_assessment = dg.define_asset_job(
    "collect_assessment",
    selection=dg.AssetSelection.assets(
        "raw_results", "comparisons", "human_decisions", "rankings", "grade_projections", "report"
    ),
    config=LOOKING,
    description="Fetches finished results, fits the ranking, sets grades on it and writes the report. Spends "
    "nothing; started by the batch_job_sensor.",
)

_SCORES = dg.AssetSelection.assets("human_decisions").downstream()

rescore_assessment = dg.define_asset_job(
    "rescore_assessment",
    selection=_SCORES,
    config=LOOKING,
    description="Reads what people decided and scores a finished assessment again, with all of its checks. Spends "
    "nothing; started by the people_sensor.",
)

reread_anchors = dg.define_asset_job(
    "reread_anchors",
    selection=dg.AssetSelection.assets("essays") | _SCORES,
    config=LOOKING,
    description="Reads the folder again because anchors.csv has changed while all texts are the same, and scores the "
    "assessment again. Spends nothing; started by the people_sensor.",
)

continue_submission = dg.define_asset_job(
    CONTINUES,
    selection=dg.AssetSelection.assets("pair_set", "batch_submissions"),
    tags=_A_DAY,
    config=CONTINUING,
    description="Goes on with a submission that a person started: plans and sends one more wave where that was "
    "decided, sends what waited for room at a provider, and asks again what can be helped. Spends within the cost "
    "limit; started by the continuation_sensor.",
)


@dg.op
def delete_provider_files(context: dg.OpExecutionContext, pipeline: PipelineResource) -> None:
    """Delete what providers keep of collected jobs, where `CJ_DELETE_AFTER_COLLECT` asks for it."""
    engine = pipeline.bench().engine
    trouble = [f"{name}: {line}" for name in pipeline.bench().assessments() for line in purge_collected(engine, name)]
    for line in trouble:
        context.log.warning(line)
    context.log.info("%d job(s) could not be cleared and are tried again.", len(trouble))


@dg.job(
    description="Deletes the providers' copies of requests and answers of collected jobs, where "
    "CJ_DELETE_AFTER_COLLECT is set. Spends nothing.",
)
def apply_retention() -> None:
    """Clear what is not to be kept."""
    delete_provider_files()


@dg.op
def cancel_live_jobs(context: dg.OpExecutionContext, pipeline: PipelineResource) -> None:
    """Ask for the end of every live job of an assessment; answers that are there or still come are kept."""
    with operator_failures():
        report = cancel(pipeline.bench().engine, context.partition_key)
    metadata: dict[str, Any] = {"n_asked_to_end": len(report.asked), "n_ending": len(report.live)}
    context.log.info("Asked to end: %s. Still ending: %s.", report.asked or "nothing", report.live or "nothing")
    if report.trouble:
        raise dg.Failure(description="; ".join(report.trouble), metadata=metadata, allow_retries=True)


@dg.job(
    partitions_def=ASSESSMENTS,
    config=LOOKING,
    description="Cancels every live job of an assessment at its providers and sends nothing more. Partial answers are "
    "kept and collected. Submitting again goes on from there.",
)
def cancel_assessment() -> None:
    """Cancel one assessment."""
    cancel_live_jobs()
