"""Tags by which runs are found: assessment and providers from the start, mode and wave as soon as the run knows them.

Runs of the jobs carry the first two whoever starts them. A run of single assets, and a backfill's, gets them from the
first asset that it makes.
"""

from typing import Final

import dagster as dg

from cj_pipeline.defs.holding import ASSESSMENT_TAG
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.modes import MODE_KEY

PROVIDER_TAG: Final = "cj/provider"
"""Whose models judge; several by comma."""

MODE_TAG: Final = "cj/llm_batching_mode"
WAVE_TAG: Final = "cj/wave"
"""Waves planned so far."""


def provider_words(providers: set[str]) -> str:
    """The value of the tag: names in alphabetical order."""
    return ", ".join(sorted(providers))


def tag_as_read(context: dg.AssetExecutionContext, snapshot: AssessmentSnapshot) -> None:
    """Let the run carry what is known from the folder."""
    _add(context, _of(snapshot))


def tag_run(context: dg.AssetExecutionContext, pairs: PairSet) -> None:
    """Let the run carry assessment, providers, mode and wave."""
    n_waves = max((c.wave for c in pairs.comparisons), default=0)
    found = {MODE_TAG: str(pairs.session.metadata[MODE_KEY]), WAVE_TAG: str(n_waves)}
    _add(context, {**_of(pairs.snapshot), **found})


def _of(snapshot: AssessmentSnapshot) -> dict[str, str]:
    providers = {judge.provider for judge in snapshot.assessment.judges}
    return {ASSESSMENT_TAG: snapshot.name, PROVIDER_TAG: provider_words(providers)}


def _add(context: dg.AssetExecutionContext, tags: dict[str, str]) -> None:
    run = context.instance.get_run_by_id(context.run.run_id)
    if run is None or not tags.items() <= run.tags.items():
        context.instance.add_run_tags(context.run.run_id, tags)
