"""Dagster's entry. `build_definitions(**overrides)` lets tests and the command line swap the resource."""

import os
import warnings

import dagster as dg

from cj_pipeline.defs.alerting import failed_run_sensor, stalled_job_sensor
from cj_pipeline.defs.assets.batch_submissions import batch_submissions
from cj_pipeline.defs.assets.comparisons import comparisons
from cj_pipeline.defs.assets.essays import essays
from cj_pipeline.defs.assets.grade_projections import grade_projections
from cj_pipeline.defs.assets.human_decisions import human_decisions
from cj_pipeline.defs.assets.pair_set import pair_set
from cj_pipeline.defs.assets.rankings import rankings
from cj_pipeline.defs.assets.raw_results import raw_results
from cj_pipeline.defs.assets.report import report

# Partition-aware checks are in preview in this version of Dagster, which says so at every use.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.PreviewWarning)
    from cj_pipeline.defs.checks import (
        batch_submissions_checks,
        essays_checks,
        grade_projections_checks,
        intake_checks,
        pair_set_checks,
        rankings_checks,
        raw_results_checks,
        result_checks,
    )
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
from cj_pipeline.defs.pages import with_pages
from cj_pipeline.defs.people_sensing import people_sensor
from cj_pipeline.defs.rescoring import rescoring_sensor
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.schedules import nightly_rescoring, weekly_retention
from cj_pipeline.defs.sensors import assessment_folder_sensor, batch_job_sensor, cancel_sensor, continuation_sensor
from cj_pipeline.defs.shared_storage import require_shared_storage
from cj_pipeline.settings import load_settings

_ASSETS = (
    essays,
    pair_set,
    batch_submissions,
    raw_results,
    comparisons,
    human_decisions,
    rankings,
    grade_projections,
    report,
)


def build_definitions(pipeline: PipelineResource | None = None) -> dg.Definitions:
    """Everything Dagster shows.

    Args:
        pipeline: The resource; None: made from the environment.
    """
    resource = pipeline or PipelineResource()
    return dg.Definitions(
        assets=with_pages(_ASSETS, resource.settings().pages),
        asset_checks=dg.load_asset_checks_from_modules(
            [
                essays_checks,
                intake_checks,
                pair_set_checks,
                batch_submissions_checks,
                raw_results_checks,
                result_checks,
                rankings_checks,
                grade_projections_checks,
            ]
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
        resources={"pipeline": resource},
        # Runs are short and small: a process per step would cost more than the step.
        executor=dg.in_process_executor,
    )


def require_sound_environment() -> None:
    """Refuse to load, and so to start, with settings that cannot be used.

    Raises:
        ConfigurationError: With every fault.
    """
    settings = load_settings(os.environ)
    if settings.several_hosts and os.environ.get("DAGSTER_HOME"):
        with dg.DagsterInstance.get() as instance:
            require_shared_storage(settings, instance)


require_sound_environment()
defs = build_definitions()
