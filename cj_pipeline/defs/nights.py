"""Nights: a sensor that submits every pending assessment at a set hour, as one backfill, under one budget.

It spends money, so it is off until somebody switches it on and sets a budget. Why a sensor and not a cron condition or
a schedule: docs/decisions/0046-nights.md.
"""

from collections.abc import Sequence
from typing import Final

import dagster as dg

# The one place that names this class: a RunRequest that asks for a backfill takes nothing else.
from dagster._core.definitions.assets.graph.asset_graph_subset import AssetGraphSubset

from cj_pipeline.defs.night_round import NightRound, look_on
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.engine.advance import unfinished_assessments
from cj_pipeline.engine.night import CATCH_UP, Night, begun
from cj_pipeline.engine.night_settings import NightOptions
from cj_pipeline.errors import ConfigurationError
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
    course = NightRound.read(context.cursor)
    if night <= course.seen_to:
        return dg.SensorResult(skip_reason=f"The night of {course.seen_to} was seen to.", cursor=course.seen_to)
    if now - began_at > CATCH_UP:
        reason = f"The night of {night} was missed by more than twelve hours and is left out."
        return dg.SensorResult(skip_reason=reason, cursor=night)
    return _look_on(context, bench, course.in_night(night))


def _look_on(context: dg.SensorEvaluationContext, bench: Workbench, course: NightRound) -> dg.SensorResult:
    """Look at folders for as long as a tick may take, and ask for the backfill when all were looked at."""
    night = course.night
    course, trouble, n_left = look_on(bench, course, _at_rest(context.instance, bench))
    for line in trouble:
        context.log.warning(line)
    if n_left:
        said = f"{len(course.pending)} pending so far in the night of {night}, {n_left} folder(s) to be looked at."
        return dg.SensorResult(skip_reason=said, cursor=course.cursor())
    if not course.pending:
        return dg.SensorResult(skip_reason=f"Nothing was pending in the night of {night}.", cursor=night)
    return dg.SensorResult(run_requests=[_backfill(course.pending, night)], cursor=night)


def _at_rest(instance: dg.DagsterInstance, bench: Workbench) -> list[str]:
    """Assessments with a folder and a partition in which nothing goes on by itself, by name."""
    folders = set(bench.assessments()) & set(instance.get_dynamic_partitions(str(ASSESSMENTS.name)))
    return sorted(folders - set(unfinished_assessments(bench.engine)))


def _backfill(names: Sequence[str], night: str) -> dg.RunRequest:
    subset = ASSESSMENTS.subset_with_partition_keys(names)
    # In the synchronous modes the submitting run asks the judges itself, longer than other runs may take.
    # Results that are there, and people, go before what is still to be submitted: a night has time.
    tags = {NIGHT_TAG: night, "dagster/max_runtime": str(24 * 3600), "dagster/priority": "-1"}
    return dg.RunRequest.for_asset_graph_subset(
        AssetGraphSubset(  # type: ignore[call-arg]  # mypy misreads Dagster's decorated named tuple
            {dg.AssetKey(asset): subset for asset in SUBMITTED_AT_NIGHT}, set()
        ),
        tags=tags,
    )
