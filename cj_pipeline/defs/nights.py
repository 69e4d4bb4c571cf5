"""Nights: a sensor that submits every pending assessment at a set hour, as one backfill, under one budget.

It spends money, so it is off until somebody switches it on and sets a budget. Why a sensor and not a cron condition or
a schedule: docs/decisions/0046-nights.md.
"""

from typing import Final

import dagster as dg

# The one place that names this class: a RunRequest that asks for a backfill takes nothing else.
from dagster._core.definitions.assets.graph.asset_graph_subset import AssetGraphSubset

from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.engine.advance import unfinished_assessments
from cj_pipeline.engine.night import CATCH_UP, Night, begun, is_pending
from cj_pipeline.engine.night_settings import NightOptions
from cj_pipeline.errors import CjError, ConfigurationError
from cj_pipeline.wiring import Workbench

NIGHT_TAG: Final = "cj/night"
"""On runs of a night's backfill: which night's budget binds them."""

SUBMITTED_AT_NIGHT: Final = ("essays", "pair_set", "batch_submissions")
_NO_BUDGET = "CJ_NIGHT_BUDGET_USD is not set: set it to what one night may cost; until then nothing is submitted."
_TEXT = (
    "THIS SPENDS MONEY once it is switched on. At CJ_NIGHT_HOUR it submits every pending assessment as one backfill: "
    "those never submitted, those a night's budget held up, and those whose folder changed since. All of them together "
    "cost at most CJ_NIGHT_BUDGET_USD. A night that was missed is made up for within twelve hours, never twice. What a "
    "person cancelled, and what was paused by a fault, is left alone."
)


def night_of(run: dg.DagsterRun, options: NightOptions) -> Night | None:
    """The night that a run belongs to; None where a person submits.

    Raises:
        ConfigurationError: It belongs to a night, and nights have no budget any more.
    """
    name = run.tags.get(NIGHT_TAG)
    if name is None:
        return None
    if options.budget_usd is None:
        raise ConfigurationError(_NO_BUDGET)
    return Night(name, options.budget_usd)


@dg.sensor(
    asset_selection=dg.AssetSelection.assets(*SUBMITTED_AT_NIGHT),
    default_status=dg.DefaultSensorStatus.STOPPED,
    minimum_interval_seconds=60,
    description=_TEXT,
)
def nightly_submission_sensor(context: dg.SensorEvaluationContext, pipeline: PipelineResource) -> dg.SensorResult:
    """Ask for one backfill a night."""
    bench = pipeline.bench()
    options = bench.settings.night
    now = bench.engine.clock.now()
    night, began_at = begun(now, options.hour, options.zone)
    if options.budget_usd is None:
        return dg.SensorResult(skip_reason=_NO_BUDGET)
    if context.cursor is None:
        return dg.SensorResult(skip_reason="Switched on; it submits from the next night on.", cursor=night)
    if night <= context.cursor:
        return dg.SensorResult(skip_reason=f"The night of {context.cursor} was seen to.", cursor=context.cursor)
    if now - began_at > CATCH_UP:
        reason = f"The night of {night} was missed by more than twelve hours and is left out."
        return dg.SensorResult(skip_reason=reason, cursor=night)
    names, trouble = _pending(bench, list(context.instance.get_dynamic_partitions(str(ASSESSMENTS.name))))
    for line in trouble:
        context.log.warning(line)
    if not names:
        return dg.SensorResult(skip_reason=f"Nothing was pending in the night of {night}.", cursor=night)
    return dg.SensorResult(run_requests=[_backfill(names, night)], cursor=night)


def _pending(bench: Workbench, partitions: list[str]) -> tuple[list[str], list[str]]:
    """Pending assessments by name, and those that could not be looked at."""
    folders = set(bench.assessments()) & set(partitions)
    names, trouble = [], []
    for name in sorted(folders - set(unfinished_assessments(bench.engine))):
        try:
            kept = bench.engine.tables.load_snapshot(name)
            folder = bench.read(name, RunOverrides.read(dict(kept.overrides)) if kept else None)
        except (CjError, OSError) as error:
            trouble.append(f"{name}: {error}")
        else:
            names += [name] if is_pending(bench.engine, kept, folder) else []
    return names, trouble


def _backfill(names: list[str], night: str) -> dg.RunRequest:
    subset = ASSESSMENTS.subset_with_partition_keys(names)
    # In the synchronous modes the submitting run asks the judges itself, longer than other runs may take.
    tags = {NIGHT_TAG: night, "dagster/max_runtime": str(24 * 3600)}
    return dg.RunRequest.for_asset_graph_subset(
        AssetGraphSubset(  # type: ignore[call-arg]  # mypy misreads Dagster's decorated named tuple
            {dg.AssetKey(asset): subset for asset in SUBMITTED_AT_NIGHT}, set()
        ),
        tags=tags,
    )
