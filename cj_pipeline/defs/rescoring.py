"""Re-scoring inside Dagster: what was scored is scored again when something it rests on was updated by itself.

An asset takes part by its automation condition (`scored_again_after`). None of the assets that lead to a submission has
one that the sensor looks at, so nothing here can spend.
See docs/decisions/0044-what-re-scores.md.
"""

from typing import Any

import dagster as dg

Condition = dg.AutomationCondition[Any]

_TEXT = (
    "Scores again what was scored before, when something it rests on was updated by itself: rankings when people's "
    "decisions were read, and what hangs on rankings. It spends nothing."
)


def scored_again_after(*upstream: str) -> Condition:
    """Condition of an asset that is to be made again when one of these was, in another run than its own.

    What was never made is left alone: the collect run makes it when the results are there. A run that makes both the
    asset and what it rests on asks for nothing more.
    """
    updated: Condition = dg.AutomationCondition.newly_updated()
    made: Condition = _any_of(upstream, updated).since(updated | dg.AutomationCondition.newly_requested())
    under_way: Condition = dg.AutomationCondition.in_progress()
    return (made & ~dg.AutomationCondition.missing() & ~under_way & ~_any_of(upstream, under_way)).with_label(
        f"scored again after {', '.join(upstream)}"
    )


def _any_of(upstream: tuple[str, ...], condition: Condition) -> Condition:
    first, *others = (dg.AutomationCondition.asset_matches(dg.AssetKey(name), condition) for name in upstream)
    for other in others:
        first |= other
    return first


rescoring_sensor = dg.AutomationConditionSensorDefinition(
    "rescoring_sensor",
    target=dg.AssetSelection.assets("rankings").downstream(),
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description=_TEXT,
)
