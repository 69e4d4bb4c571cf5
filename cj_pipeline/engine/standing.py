"""An assessment's standing: whether what is still to be asked may be sent without a person asking again."""

from cj_pipeline.domain.continuation import Standing
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import StandingRecord


def set_standing(engine: Engine, name: str, standing: Standing, reason: str = "") -> None:
    """Keep what is wanted of an assessment, or what stopped it."""
    engine.ledger.set_standing(StandingRecord(name, standing, reason, engine.clock.now()))


def why_stopped(engine: Engine, name: str) -> str:
    """Why nothing is sent for an assessment, in words for people; empty if something may be."""
    record = engine.ledger.standing(name)
    if record is None or record.standing is Standing.ACTIVE:
        return ""
    return f"{name} is {record.standing.value}: {record.reason}"


def is_cancelled(engine: Engine, name: str) -> bool:
    """Whether a person wants the assessment's live jobs to end."""
    record = engine.ledger.standing(name)
    return record is not None and record.standing is Standing.CANCELLED
