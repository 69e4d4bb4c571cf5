"""Re-scoring: finished assessments whose scale no longer holds what people decided, or what is known of the anchors.

Decided from the ledger and from what the folder holds now. Sends nothing and costs nothing. An assessment that still
goes on is left alone: its next ranking takes everything in.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from cj_pipeline.domain.continuation import Standing
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.advance import unfinished_assessments
from cj_pipeline.engine.deciding import state_key
from cj_pipeline.engine.people import PAGE, file_changes
from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.engine.plan import current_session
from cj_pipeline.engine.ports import Engine

QUIET: Final = timedelta(minutes=2)
"""How long nobody may have decided on the page: whoever judges twenty pairs is to cause one ranking, not twenty."""


@dataclass(frozen=True, slots=True)
class Rescoring:
    """A finished assessment that is to be scored again.

    Attributes:
        assessment: Its name.
        key: Name of exactly this change: once it was scored, the next change has another name.
        reads_anchors: Whether the folder's anchors have changed, so that the essays have to be read again first.
        overrides: What the run that read the essays wanted; reading them again is to keep it.
    """

    assessment: str
    key: str
    reads_anchors: bool = False
    overrides: Mapping[str, Any] = field(default_factory=dict, compare=False)


def finished_assessments(engine: Engine) -> list[str]:
    """Assessments that are finished or cancelled and in which nothing goes on by itself, by name."""
    records = [r for standing in (Standing.FINISHED, Standing.CANCELLED) for r in engine.ledger.standings(standing)]
    return sorted({record.assessment for record in records} - set(unfinished_assessments(engine)))


def rescoring(
    engine: Engine, kept: AssessmentSnapshot, folder: AssessmentSnapshot, in_files: Sequence[HumanDecision]
) -> Rescoring | None:
    """Whether a finished assessment is to be scored again.

    Args:
        engine: The engine.
        kept: The essays as they were last read.
        folder: The essays as they are in the folder now, with the same overrides.
        in_files: What the files of people's decisions hold now.

    Returns:
        What is to be done; None where the last decision saw everything that is there, or people are still at it.
    """
    session = current_session(engine, kept)
    last = engine.ledger.latest_decision(session.session_id) if session else None
    if session is None or last is None:
        return None
    state = state_key(engine, kept, session.session_id)
    changed = file_changes(engine, kept.name, in_files)
    same_but_anchors = folder.judged_digest == kept.judged_digest and folder.anchors_digest != kept.anchors_digest
    anchors = folder.anchors_digest if same_but_anchors else ""
    seen = str(last.numbers.get("state"))
    if (state == seen and not changed and not anchors) or _at_it(engine, kept.name):
        return None
    # Counted, so that a change that is taken back and made again is another change.
    n_decided = len(engine.ledger.decisions(session.session_id))
    parts = repr((n_decided, seen, state, sorted(changed), anchors))
    key = hashlib.sha256(parts.encode()).hexdigest()[:12]
    return Rescoring(kept.name, key, reads_anchors=bool(anchors), overrides=kept.overrides)


def _at_it(engine: Engine, name: str) -> bool:
    """Whether somebody decided on the judging page just now."""
    times = [d.recorded_at for d in engine.ledger.human_decisions(name) if d.source == PAGE]
    return bool(times) and engine.clock.now() - max(times) < QUIET
