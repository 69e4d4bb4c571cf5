"""Looking for what is pending in a night: folder by folder, as far as one tick goes, and on from there in the next.

Dagster ends a tick after 60 seconds, and reading a thousand folders may take longer. What was found so far is kept in
the sensor's cursor, so that one night still becomes one backfill.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.engine.night import is_pending
from cj_pipeline.errors import CjError
from cj_pipeline.wiring import Workbench

LONGEST: Final = timedelta(seconds=20)
"""How long one tick looks at folders."""


@dataclass(frozen=True, slots=True)
class NightRound:
    """How far a night has come; what the sensor's cursor holds.

    Attributes:
        seen_to: The night that was seen to last, ISO date.
        night: The night that is being looked at; empty: none is.
        after: The folder that was looked at last in it.
        pending: Assessments found pending in it so far.
    """

    seen_to: str
    night: str = ""
    after: str = ""
    pending: tuple[str, ...] = ()

    @classmethod
    def read(cls, cursor: str) -> "NightRound":
        """From a cursor: a date, or where a night is under way its course as JSON."""
        if not cursor.startswith("{"):
            return cls(cursor)
        kept = json.loads(cursor)
        return cls(**{**kept, "pending": tuple(kept["pending"])})

    def cursor(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self)) if self.night else self.seen_to

    def in_night(self, night: str) -> "NightRound":
        """The same course where this night is under way, else the beginning of this night."""
        return self if self.night == night else NightRound(self.seen_to, night)


def look_on(bench: Workbench, course: NightRound, names: Sequence[str]) -> tuple[NightRound, list[str], int]:
    """Look at folders from where the last tick ended, for as long as a tick may take, and at one at least.

    Args:
        bench: Engine and folders.
        course: How far the night has come.
        names: Assessments in which nothing goes on by itself, sorted.

    Returns:
        How far it has come then, what could not be looked at, and how many are left.
    """
    left = [name for name in names if name > course.after]
    started, pending, after = bench.engine.clock.now(), list(course.pending), course.after
    trouble: list[str] = []
    for n_done, name in enumerate(left):
        if n_done and bench.engine.clock.now() - started >= LONGEST:
            return NightRound(course.seen_to, course.night, after, tuple(pending)), trouble, len(left) - n_done
        try:
            pending += [name] if _is_pending(bench, name) else []
        except (CjError, OSError) as error:
            trouble.append(f"{name}: {error}")
        after = name
    return NightRound(course.seen_to, course.night, after, tuple(pending)), trouble, 0


def _is_pending(bench: Workbench, name: str) -> bool:
    kept = bench.engine.tables.load_snapshot(name)
    folder = bench.read(name, RunOverrides.read(dict(kept.overrides)) if kept else None)
    return is_pending(bench.engine, kept, folder)
