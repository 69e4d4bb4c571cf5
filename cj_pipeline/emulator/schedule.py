"""When a job does what. Pure: a job's state is a function of its schedule, its faults, its cancel time and the clock.

Because nothing here waits or counts, a restarted emulator goes on exactly where it was.
"""

import math
from dataclasses import dataclass
from typing import Literal

from cj_pipeline.emulator import chance
from cj_pipeline.emulator.settings import EXPIRY_S

Phase = Literal["validating", "in_progress", "finalizing", "cancelling", "completed", "failed", "expired", "cancelled"]
_LONGEST_CANCEL_S = 600.0


@dataclass(frozen=True)
class Schedule:
    """The spans drawn for a job at its creation, in virtual seconds."""

    validation_s: float
    processing_s: float
    finalizing_s: float
    cancelling_s: float


@dataclass(frozen=True)
class Disturbances:
    """What scripted faults do to a job's course.

    Attributes:
        invalid: The job fails validation.
        extra_finalizing_s: Added to the finalizing span.
        done_share: Share of the requests that will ever be done; below 1 the job runs into its expiry.
        stuck_in: Phase which is never left, or None.
        stuck_expires: Whether a stuck job still expires after 24 hours.
        ignores_cancel: The job ends as if it had not been cancelled.
    """

    invalid: bool = False
    extra_finalizing_s: float = 0.0
    done_share: float = 1.0
    stuck_in: str | None = None
    stuck_expires: bool = False
    ignores_cancel: bool = False


def draw_openai(seed: int, job_id: str, job_seconds: tuple[float, float]) -> Schedule:
    """Draw a schedule whose spans add up to a length within the range."""
    total = _length(seed, job_id, job_seconds)
    return Schedule(0.05 * total, 0.85 * total, 0.1 * total, min(_LONGEST_CANCEL_S, 0.1 * total))


def draw_anthropic(seed: int, job_id: str, job_seconds: tuple[float, float]) -> Schedule:
    """Draw a schedule without the phases that Anthropic does not have."""
    total = _length(seed, job_id, job_seconds)
    return Schedule(0.0, total, 0.0, min(_LONGEST_CANCEL_S, 0.1 * total))


def _length(seed: int, job_id: str, job_seconds: tuple[float, float]) -> float:
    low, high = job_seconds
    return low + (high - low) * chance.unit(seed, "length", job_id)


@dataclass(frozen=True)
class Course:
    """The whole course of one job as known now: its past, and what will happen if nobody cancels it."""

    created_at: float
    n_requests: int
    schedule: Schedule
    disturbances: Disturbances = Disturbances()
    cancel_at: float | None = None

    @property
    def in_progress_at(self) -> float:
        """When validation ends."""
        stuck = self.disturbances.stuck_in == "validating"
        return math.inf if stuck else self.created_at + self.schedule.validation_s

    @property
    def finalizing_at(self) -> float:
        """When the last request is done."""
        never = self.disturbances.stuck_in == "in_progress" or self.disturbances.done_share < 1
        return math.inf if never else self.in_progress_at + self.schedule.processing_s

    @property
    def expires_at(self) -> float:
        """When unfinished requests expire."""
        return self.created_at + EXPIRY_S

    @property
    def cancelled_at(self) -> float:
        """When a cancelled job stops."""
        ignored = self.cancel_at is None or self.disturbances.ignores_cancel
        if ignored or self.disturbances.stuck_in == "cancelling":
            return math.inf
        return (self.cancel_at or 0.0) + self.schedule.cancelling_s

    def end(self) -> tuple[float, Phase]:
        """Return when and how the job ends; infinity if it never does."""
        invalid = self.disturbances.invalid and (self.cancel_at is None or self.cancel_at >= self.in_progress_at)
        if invalid:
            return self.in_progress_at, "failed"
        stuck = self.disturbances.stuck_in == "finalizing"
        wait = self.schedule.finalizing_s + self.disturbances.extra_finalizing_s
        ends: list[tuple[float, Phase]] = [
            (self.cancelled_at, "cancelled"),
            (math.inf if stuck else self.finalizing_at + wait, "completed"),
            (self.expires_at if self._can_expire() else math.inf, "expired"),
        ]
        if self.cancel_at is not None and not self.disturbances.ignores_cancel:
            del ends[1]
        return min(ends, key=lambda end: end[0])

    def phase(self, now: float) -> Phase:
        """Return what the job is doing at a time."""
        end_at, last = self.end()
        if now >= end_at:
            return last
        if self.cancel_at is not None and now >= self.cancel_at:
            return "cancelling"
        if now < self.in_progress_at:
            return "validating"
        return "in_progress" if now < self.finalizing_at else "finalizing"

    def is_over(self, now: float) -> bool:
        """Whether the job has reached its last phase."""
        return now >= self.end()[0]

    def n_done(self, now: float) -> int:
        """Return how many requests are done at a time."""
        end_at, last = self.end()
        if last == "failed":
            return 0
        stop = self.cancel_at if last == "cancelled" and self.cancel_at is not None else math.inf
        at = min(now, end_at, stop)
        most = math.floor(self.n_requests * self.disturbances.done_share + 1e-9)
        if at >= self.finalizing_at:
            return most
        return min(most, math.floor(self.n_requests * self._progress(at)))

    def _progress(self, at: float) -> float:
        if at < self.in_progress_at:
            return 0.0
        if self.schedule.processing_s == 0:
            return 1.0
        return min(1.0, (at - self.in_progress_at) / self.schedule.processing_s)

    def _can_expire(self) -> bool:
        return self.disturbances.stuck_in is None or self.disturbances.stuck_expires
