"""What runs say of the mode in force and of the wave they belong to, and how a run knows that it goes on by itself."""

from typing import Any, Final

import dagster as dg

from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.modes import MODE_KEY
from cj_pipeline.engine.records import SessionRecord

CONTINUES: Final = "continue_submission"
"""Job whose runs go on with what a person submitted; they plan and send only what was decided."""

MODE_TAG: Final = "cj/llm_batching_mode"
WAVE_TAG: Final = "cj/wave"


def mode_metadata(session: SessionRecord) -> dict[str, Any]:
    """The mode in force, who chose it, and what has to be known about the choice."""
    kept = {MODE_KEY: str(session.metadata[MODE_KEY])}
    for key in ("llm_batching_mode_source", "llm_batching_mode_notice"):
        if session.metadata.get(key):
            kept[key] = str(session.metadata[key])
    return kept


def tag_run(context: dg.AssetExecutionContext, pairs: PairSet, n_waves: int) -> None:
    """Let the run carry the mode and the wave, so that runs can be found by them."""
    tags = {MODE_TAG: str(pairs.session.metadata[MODE_KEY]), WAVE_TAG: str(n_waves)}
    context.instance.add_run_tags(context.run.run_id, tags)
    notice = pairs.session.metadata.get("llm_batching_mode_notice")
    if notice:
        context.log.warning(str(notice))
