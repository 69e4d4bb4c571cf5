"""What assets say of the mode in force, and how a run knows that it goes on by itself."""

from typing import Any, Final

from cj_pipeline.engine.modes import MODE_KEY
from cj_pipeline.engine.records import SessionRecord

CONTINUES: Final = "continue_submission"
"""Job whose runs go on with what a person submitted; they plan and send only what was decided."""


def mode_metadata(session: SessionRecord) -> dict[str, Any]:
    """The mode in force, who chose it, and what has to be known about the choice."""
    kept = {MODE_KEY: str(session.metadata[MODE_KEY])}
    for key in ("llm_batching_mode_source", "llm_batching_mode_notice"):
        if session.metadata.get(key):
            kept[key] = str(session.metadata[key])
    return kept
