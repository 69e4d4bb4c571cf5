"""When to ask for a collect run: a pure decision over the runs that were asked for before.

A run key alone would not do: Dagster remembers it for ever, so a collection that failed once would never come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dagster import DagsterRunStatus

MAX_TRIES = 5
"""Collect runs asked for one set of jobs before a person has to look."""

_FIRST_PAUSE_S = 60.0
_GROWTH = 4.0


class Step(StrEnum):
    """What to do about a set of ended jobs."""

    LAUNCH = "launch"
    RUNNING = "running"
    BACKING_OFF = "backing off"
    GAVE_UP = "gave up"


@dataclass(frozen=True, slots=True)
class PastRun:
    """A collect run asked for before.

    Attributes:
        status: Where it stands.
        ended_at: When it ended, seconds since the epoch; None if it has not.
    """

    status: DagsterRunStatus
    ended_at: float | None


def decide(runs: Sequence[PastRun], now: float) -> Step:
    """Decide about one set of jobs that is still to be collected.

    Args:
        runs: Collect runs asked for this set, oldest first.
        now: Seconds since the epoch.

    Returns:
        LAUNCH at once the first time; after a run that did not do it, after pauses of 1, 4, 16, 64 minutes.
    """
    if not runs:
        return Step.LAUNCH
    last = runs[-1]
    if last.status not in {DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED}:
        return Step.RUNNING
    if len(runs) >= MAX_TRIES:
        return Step.GAVE_UP
    pause = _FIRST_PAUSE_S * _GROWTH ** (len(runs) - 1)
    return Step.LAUNCH if now - (last.ended_at or now) >= pause else Step.BACKING_OFF
