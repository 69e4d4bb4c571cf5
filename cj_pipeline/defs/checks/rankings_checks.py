"""Checks of the scale, computed together: one fit, one answer to each question."""

from collections.abc import Iterator
from typing import Final

import dagster as dg

from cj_pipeline.defs.assets.rankings import rankings
from cj_pipeline.defs.check_results import check_result, check_specs
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.engine.rank import Ranking, Waiting, rank
from cj_pipeline.engine.ranking_findings import FINDERS
from cj_pipeline.errors import DisconnectedError, EstimationError

_ERRORS: Final = frozenset({"ranking_has_converged", "ranking_is_connected", "essays_are_ranked_once"})
"""Where a scale that fails is no scale. All others warn: a person has to say what it means for the use at hand."""


@dg.multi_asset_check(
    name="ranking_checks",
    specs=check_specs(rankings, FINDERS),
    can_subset=True,
)
def ranking_checks(context: dg.AssetCheckExecutionContext, pipeline: PipelineResource) -> Iterator[dg.AssetCheckResult]:
    """Everything that is asked of a ranking, from one fit."""
    wanted = [key.name for key in context.selected_asset_check_keys]
    with operator_failures():
        engine = pipeline.bench().engine
        try:
            ranking = rank(engine, context.partition_key)
        except EstimationError as error:
            yield from (_no_scale(name, error) for name in wanted)
            return
    if isinstance(ranking, Waiting):
        yield from (_not_ready(name, ranking.reason) for name in wanted)
        return
    yield from (check_result(name, FINDERS[name](ranking, engine.options.quality), _severity(name)) for name in wanted)
    context.log.info("Checked the ranking of %s (%s).", context.partition_key, _state(ranking))


def _state(ranking: Ranking) -> str:
    return "final" if ranking.is_final else "not final"


def _no_scale(name: str, error: EstimationError) -> dg.AssetCheckResult:
    """Without a scale its convergence or connection fails, and nothing can be said about the rest."""
    cause = "ranking_is_connected" if isinstance(error, DisconnectedError) else "ranking_has_converged"
    words = str(error) if name == cause else f"There is no scale to be checked: {error}"
    return dg.AssetCheckResult(check_name=name, passed=False, severity=_severity(name), description=words)


def _not_ready(name: str, reason: str) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(check_name=name, passed=False, severity=severity, description=f"Not ready yet: {reason}")


def _severity(name: str) -> dg.AssetCheckSeverity:
    return dg.AssetCheckSeverity.ERROR if name in _ERRORS else dg.AssetCheckSeverity.WARN
