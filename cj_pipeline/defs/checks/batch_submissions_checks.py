"""Checks of what was sent: money, requests that run twice, room at the providers."""

from collections.abc import Iterator
from typing import Final

import dagster as dg

from cj_pipeline.defs.assets.batch_submissions import batch_submissions
from cj_pipeline.defs.check_results import check_result, check_specs
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.engine.submission_findings import SUBMISSION_FINDERS, look_at_submission

_BLOCKS: Final = frozenset({"nothing_is_sent_twice"})


@dg.multi_asset_check(
    name="submission_checks",
    specs=check_specs(batch_submissions, SUBMISSION_FINDERS, _BLOCKS),
    can_subset=True,
)
def submission_checks(
    context: dg.AssetCheckExecutionContext, pipeline: PipelineResource
) -> Iterator[dg.AssetCheckResult]:
    """What is asked of a submission, from the ledger alone."""
    with operator_failures():
        sent = look_at_submission(pipeline.bench().engine, context.partition_key)
    for key in context.selected_asset_check_keys:
        yield check_result(key.name, SUBMISSION_FINDERS[key.name](sent))
