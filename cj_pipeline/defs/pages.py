"""What every asset's page says besides its own: who is responsible, and where it is explained what to do."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any, Final

import dagster as dg

from cj_pipeline.reporting.page_settings import PageOptions
from cj_pipeline.settings import CHECKOUT

RUNBOOKS: Final = {
    "essays": "docs/operations/preparing-essays.md",
    "pair_set": "docs/operations/cj-assessment-runbook.md",
    "batch_submissions": "docs/operations/batch-jobs.md",
    "raw_results": "docs/operations/batch-jobs.md",
    "comparisons": "docs/operations/cj-assessment-runbook.md",
    "human_decisions": "docs/operations/cj-assessment-runbook.md",
    "rankings": "docs/reading-a-scale.md",
    "grade_projections": "docs/grades.md",
    "report": "docs/reports.md",
}
"""What to read about each asset."""


def with_pages(assets: Sequence[dg.AssetsDefinition], options: PageOptions) -> list[dg.AssetsDefinition]:
    """The assets with their owners and their link.

    Args:
        assets: All assets.
        options: Owners, and where the documentation is.
    """

    def told(spec: dg.AssetSpec) -> dg.AssetSpec:
        link = runbook(RUNBOOKS[spec.key.to_user_string()], options)
        return spec.replace_attributes(owners=list(options.owners)).merge_attributes(metadata={"runbook": link})

    return [asset.map_asset_specs(told) for asset in assets]


def runbook(page: str, options: PageOptions) -> dg.MetadataValue[Any]:
    """A link to a page of the documentation; its path, or its name alone, where no address was set.

    Args:
        page: Its path from the project's folder.
        options: Where the documentation is.
    """
    if options.docs_url:
        return dg.MetadataValue.url(f"{options.docs_url}/{PurePosixPath(page).relative_to('docs')}")
    here = CHECKOUT / page
    return dg.MetadataValue.path(str(here)) if here.is_file() else dg.MetadataValue.text(page)
