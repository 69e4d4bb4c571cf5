"""Dagster's entry. `build_definitions(**overrides)` lets tests and the command line swap the resource."""

import warnings

import dagster as dg

from cj_pipeline.defs.alerting import failed_run_sensor, stalled_job_sensor
from cj_pipeline.defs.assets.batch_submissions import batch_submissions
from cj_pipeline.defs.assets.comparisons import comparisons
from cj_pipeline.defs.assets.essays import essays
from cj_pipeline.defs.assets.human_decisions import human_decisions
from cj_pipeline.defs.assets.pair_set import pair_set
from cj_pipeline.defs.assets.rankings import rankings
from cj_pipeline.defs.assets.raw_results import raw_results

# Partition-aware checks are in preview in this version of Dagster, which says so at every use.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.PreviewWarning)
    from cj_pipeline.defs.checks import essays_checks, pair_set_checks, rankings_checks, raw_results_checks
from cj_pipeline.defs.jobs import (
    apply_retention,
    cancel_assessment,
    collect_assessment,
    continue_submission,
    reread_anchors,
    rescore_assessment,
    submit_assessment,
)
from cj_pipeline.defs.nights import nightly_submission_sensor
from cj_pipeline.defs.people_sensing import people_sensor
from cj_pipeline.defs.rescoring import rescoring_sensor
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.schedules import nightly_rescoring, weekly_retention
from cj_pipeline.defs.sensors import assessment_folder_sensor, batch_job_sensor, cancel_sensor, continuation_sensor


def build_definitions(pipeline: PipelineResource | None = None) -> dg.Definitions:
    """Everything Dagster shows.

    Args:
        pipeline: The resource; None: made from the environment.
    """
    return dg.Definitions(
        assets=[essays, pair_set, batch_submissions, raw_results, comparisons, human_decisions, rankings],
        asset_checks=dg.load_asset_checks_from_modules(
            [essays_checks, pair_set_checks, raw_results_checks, rankings_checks]
        ),
        jobs=[
            submit_assessment,
            collect_assessment,
            continue_submission,
            cancel_assessment,
            rescore_assessment,
            reread_anchors,
            apply_retention,
        ],
        schedules=[nightly_rescoring, weekly_retention],
        sensors=[
            assessment_folder_sensor,
            batch_job_sensor,
            continuation_sensor,
            cancel_sensor,
            people_sensor,
            rescoring_sensor,
            stalled_job_sensor,
            failed_run_sensor,
            nightly_submission_sensor,
        ],
        resources={"pipeline": pipeline or PipelineResource()},
        # Runs are short and small: a process per step would cost more than the step.
        executor=dg.in_process_executor,
    )


defs = build_definitions()
