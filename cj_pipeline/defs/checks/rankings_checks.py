"""Checks of the scale, computed together: one fit, one answer to each question."""

from collections.abc import Iterator, Mapping
from typing import Final

import dagster as dg

from cj_pipeline.defs.assets.rankings import rankings
from cj_pipeline.defs.failures import operator_failures
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import markdown_table
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.engine.rank import Ranking, Waiting, rank
from cj_pipeline.engine.ranking_findings import FINDERS, Finding, shown
from cj_pipeline.errors import DisconnectedError, EstimationError

DESCRIPTIONS: Final[Mapping[str, str]] = {
    "ranking_has_converged": "The fit has reached its optimum: the measures are the ones that the verdicts call for.",
    "ranking_is_connected": "Verdicts link every essay with every other, directly or through others. Without that there "
    "is no common scale, and ranks across groups are refused.",
    "errors_are_as_expected": "Standard errors are no larger than the planned comparisons can give for a class of this "
    "spread. There is no error that is good for every class, so this is compared with the plan, not with a fixed limit; "
    "the reference system's flags stand beside it. It warns.",
    "reliability_meets_target": "The reliability by marginal likelihood reaches `target_reliability` of assessment.yaml. "
    "Without a target it is only shown. It says how consistent the judges are, not whether they are right. It warns.",
    "position_effect_is_bounded": "Being shown first neither helps nor hurts an essay by more than a bound (one logit "
    "unless set otherwise), for any judge. The effect is taken out of the measures either way. It warns.",
    "judges_fit_the_scale": "No judge decides against the scale, or more regularly than it, beyond what chance explains: "
    "infit and outfit lie within bands simulated for this very set of comparisons. It warns.",
    "essays_are_ranked_once": "Every essay of the folder is ranked once, no other essay is, and no text stands there "
    "twice.",
}
"""What each check asks, for those who read Dagster's pages."""

_ERRORS: Final = frozenset({"ranking_has_converged", "ranking_is_connected", "essays_are_ranked_once"})
"""Where a scale that fails is no scale. All others warn: a person has to say what it means for the use at hand."""


@dg.multi_asset_check(
    name="ranking_checks",
    specs=[
        dg.AssetCheckSpec(name, asset=rankings, description=text, partitions_def=ASSESSMENTS)
        for name, text in DESCRIPTIONS.items()
    ],
    can_subset=True,
)
def ranking_checks(
    context: dg.AssetCheckExecutionContext, pipeline: PipelineResource
) -> Iterator[dg.AssetCheckResult]:
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
    yield from (_result(name, FINDERS[name](ranking, engine.options.quality)) for name in wanted)
    context.log.info("Checked the ranking of %s (%s).", context.partition_key, _state(ranking))


def _state(ranking: Ranking) -> str:
    return "final" if ranking.is_final else "not final"


def _result(name: str, found: Finding) -> dg.AssetCheckResult:
    evidence = {"evidence": dg.MetadataValue.md(markdown_table(found.header, found.rows))} if found.rows else {}
    return dg.AssetCheckResult(
        check_name=name,
        passed=found.holds,
        severity=_severity(name),
        description=found.words,
        metadata={**{key: shown(value) for key, value in found.numbers.items()}, **evidence},
    )


def _no_scale(name: str, error: EstimationError) -> dg.AssetCheckResult:
    """Without a scale its convergence or connection fails, and nothing can be said about the rest."""
    cause = "ranking_is_connected" if isinstance(error, DisconnectedError) else "ranking_has_converged"
    words = str(error) if name == cause else f"There is no scale to be checked: {error}"
    return dg.AssetCheckResult(check_name=name, passed=False, severity=_severity(name), description=words)


def _not_ready(name: str, reason: str) -> dg.AssetCheckResult:
    severity = dg.AssetCheckSeverity.WARN
    return dg.AssetCheckResult(
        check_name=name, passed=False, severity=severity, description=f"Not ready yet: {reason}"
    )


def _severity(name: str) -> dg.AssetCheckSeverity:
    return dg.AssetCheckSeverity.ERROR if name in _ERRORS else dg.AssetCheckSeverity.WARN
