"""People's decisions from files: rows by name become decisions about the essays as they are now."""

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from cj_pipeline.domain.decision_rows import DecisionRows, RecordedDecision
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.errors import ConfigurationError

_MOST_SHOWN = 5
_NAMELESS = "unnamed"
_LONGEST_SOURCE = 300


def decisions_of_file(
    snapshot: AssessmentSnapshot, rows: DecisionRows, source: str, now: datetime, called: Callable[[str], str] = str
) -> list[HumanDecision]:
    """The decisions of one file, about the essays as they are now.

    Args:
        snapshot: The essays.
        rows: What the file holds.
        source: Name of the file.
        now: When it was read.
        called: What an essay that the file names is called in the assessment (its label, where there is a class list).

    Returns:
        Decisions; the same row gives the same id however often the file is read, wherever it stands in it.

    Raises:
        ConfigurationError: Rows name essays that the assessment does not have.
    """
    digests = {essay.essay_id: essay.digest for essay in snapshot.essays}
    _require_known(rows, set(digests), called)
    ties = any(row.answer.winner == "tie" for row in rows.decisions)
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for named in rows.decisions:
        row = replace(named, first=called(named.first), second=called(named.second))
        parts = _identity(row, digests)
        found.append(
            HumanDecision(
                decision_id=_decision_id(snapshot.name, source, (*parts, str(seen[parts]))),
                assessment=snapshot.name,
                judge=row.judge or _NAMELESS,
                first_id=row.first,
                first_digest=digests[row.first],
                second_id=row.second,
                second_digest=digests[row.second],
                winner=row.answer.winner,
                ties_allowed=ties,
                ordered=rows.shows_order,
                time_ms=None if row.duration_s is None else round(row.duration_s * 1000),
                source=source[:_LONGEST_SOURCE],
                decided_at=_time(row.decided_at),
                recorded_at=now,
            )
        )
        seen[parts] += 1
    return found


def _require_known(rows: DecisionRows, known: set[str], called: Callable[[str], str]) -> None:
    faults = [
        f"{rows.source}:{row.line}: there is no essay {name!r} in essays/; correct the name or remove the line."
        for row in rows.decisions
        for name in (row.first, row.second)
        if called(name) not in known
    ]
    if len(faults) > _MOST_SHOWN:
        faults[_MOST_SHOWN:] = [f"{rows.source}: {len(faults) - _MOST_SHOWN} more names are unknown."]
    if faults:
        raise ConfigurationError(faults)


def _identity(row: RecordedDecision, digests: dict[str, str]) -> tuple[str, ...]:
    essays = (row.first, digests[row.first], row.second, digests[row.second])
    return (*essays, row.answer.winner, row.judge, row.decided_at)


def _decision_id(*parts: str | tuple[str, ...]) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _time(text: str) -> datetime | None:
    """A time as files write it; one without a zone counts as UTC; None where it is not understood."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
