"""From what a check found to what Dagster shows of it: words with a remedy, figures, and a table of evidence."""

import inspect
from collections.abc import Callable, Collection, Mapping

import dagster as dg

from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.defs.previews import markdown_table
from cj_pipeline.engine.finding import Finding, shown


def check_specs(
    asset: dg.AssetsDefinition, finders: Mapping[str, Callable[..., Finding]], blocks: Collection[str] = ()
) -> list[dg.AssetCheckSpec]:
    """The checks of an asset, one for each way to look at it, described by that in its own words.

    Args:
        asset: What is checked.
        finders: How to look at it, by name.
        blocks: Names of those that keep everything downstream from being made.
    """
    return [
        dg.AssetCheckSpec(
            name,
            asset=asset,
            description=inspect.getdoc(find),
            partitions_def=ASSESSMENTS,
            blocking=name in blocks,
        )
        for name, find in finders.items()
    ]


def check_result(name: str, found: Finding, severity: dg.AssetCheckSeverity | None = None) -> dg.AssetCheckResult:
    """The result of one check.

    Args:
        name: Its name.
        found: What it found.
        severity: How bad it is where it does not hold; None: as the finding says.
    """
    evidence = {"evidence": dg.MetadataValue.md(markdown_table(found.header, found.rows))} if found.rows else {}
    return dg.AssetCheckResult(
        check_name=name,
        passed=found.holds,
        severity=severity or (dg.AssetCheckSeverity.ERROR if found.is_grave else dg.AssetCheckSeverity.WARN),
        description=found.words,
        metadata={**{key: shown(value) for key, value in found.numbers.items()}, **evidence},
    )
