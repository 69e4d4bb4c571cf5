"""Driving an assessment to its end: submit, poll, collect, go on, for no longer than a limit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from threading import Event, Thread
from typing import Protocol

from cj_pipeline.domain.batches import CANARY, JobPhase
from cj_pipeline.domain.continuation import Standing, StopReason
from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.engine.advance import collect_groups, continuations, unfinished_assessments
from cj_pipeline.engine.collect import collect
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.poll import poll
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.rank import (
    COMPARISONS_TABLE,
    RANKINGS_TABLE,
    Ranking,
    Waiting,
    comparisons_table,
    current_pair_set,
    rank,
)
from cj_pipeline.engine.standing import set_standing
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import CanaryError, CostLimitError, EstimationError, PausedError, ProviderError
from cj_pipeline.wiring import Workbench

_LOOK_S = 0.2
"""How often, in real time, the watch looks at the clock."""

_STOPPING = (EstimationError, ProviderError, CanaryError, CostLimitError, PausedError)
"""Faults after which what was answered until then is still worth keeping."""


class Driver(Protocol):
    """Carries an assessment on, step by step."""

    def submit(self, name: str, overrides: RunOverrides) -> int:
        """Read, plan and submit; returns the number of requests sent."""
        ...

    def go_on(self, name: str) -> int:
        """Send what can follow of a submission; returns the number of requests sent."""
        ...

    def collect(self, name: str) -> None:
        """Collect what has ended, decide, and rank if everything has."""
        ...


@dataclass(frozen=True, slots=True)
class EngineDriver:
    """Drives with the engine's verbs, without Dagster.

    Attributes:
        bench: Engine and folders.
    """

    bench: Workbench

    def submit(self, name: str, overrides: RunOverrides) -> int:
        """Read, plan and submit; returns the number of requests sent."""
        self.bench.tables.save_snapshot(self.bench.read(name, overrides))
        plan(self.bench.engine, name)
        return submit(self.bench.engine, name).n_requests

    def go_on(self, name: str) -> int:
        """Send what can follow of a submission; returns the number of requests sent."""
        plan(self.bench.engine, name, continues=True)
        return submit(self.bench.engine, name, continues=True).n_requests

    def collect(self, name: str) -> None:
        """Collect what has ended, decide, and keep the tables."""
        collect(self.bench.engine, name)
        found = rank(self.bench.engine, name)
        self.bench.tables.save_table(
            name, COMPARISONS_TABLE, comparisons_table(current_pair_set(self.bench.engine, name))
        )
        if isinstance(found, Ranking):
            self.bench.tables.save_table(name, RANKINGS_TABLE, found.table)


class Ending(StrEnum):
    """How a drive ended."""

    COMPLETE = "complete"
    """Nothing goes on by itself any more."""
    PARTIAL = "partial"
    """The limit, or a person who cancelled it, came first; what was sent goes on, or is taken up by the next drive."""
    FAILED = "failed"
    """A fault stopped it, or the answers give no ranking that could be stood by."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, by the engine's clock.

    Attributes:
        limit_s: Longest time a drive takes.
        tick_s: Pause between two looks.
    """

    limit_s: float
    tick_s: float


@dataclass(slots=True)
class Drive:
    """What came of a drive.

    Attributes:
        started_at: When it began.
        ended_at: When it ended.
        until: When it was to end.
        ending: How it ended.
        reason: Why it is not complete, in words for people; empty if it is.
        n_sent: Requests sent.
        ranking: The ranking, where there is one; interim unless complete.
        trouble: What went wrong on the way and was tried again, one line each.
    """

    started_at: datetime
    ended_at: datetime
    until: datetime
    ending: Ending = Ending.COMPLETE
    reason: str = ""
    n_sent: int = 0
    ranking: Ranking | None = None
    trouble: list[str] = field(default_factory=list)


def drive(engine: Engine, driver: Driver, name: str, overrides: RunOverrides, patience: Patience) -> Drive:
    """Run an assessment to its end, or to the limit.

    In batch mode jobs go on at the provider after the limit. In the synchronous modes the assessment is paused at the
    limit, so that nothing is asked without anybody waiting; another drive goes on from there.

    Args:
        engine: The engine.
        driver: Who takes the steps.
        name: The assessment.
        overrides: What this run wants instead of what the file says.
        patience: How long to wait.

    Raises:
        ConfigurationError: The input cannot be used as it is.
        DesignError: The cap cannot connect the essays.
        LeaseHeldError: Another process is at it.
    """
    now = engine.clock.now()
    found = Drive(now, now, now + timedelta(seconds=patience.limit_s))
    try:
        with _pausing_at(engine, name, found.until):
            found.n_sent += driver.submit(name, overrides)
            _go_on(engine, driver, name, patience.tick_s, found)
            driver.collect(name)
    except _STOPPING as error:
        found.ending, found.reason = Ending.FAILED, str(error)
    found.ended_at = engine.clock.now()
    if found.ending is not Ending.FAILED:
        _conclude(engine, name, found)
    return found


def _go_on(engine: Engine, driver: Driver, name: str, tick_s: float, found: Drive) -> None:
    while name in unfinished_assessments(engine):
        found.trouble += [line for line in poll(engine).trouble if line not in found.trouble]
        if any(group.assessment == name for group in collect_groups(engine)):
            driver.collect(name)
        if engine.clock.now() >= found.until:
            return
        if any(more.assessment == name for more in continuations(engine)):
            found.n_sent += driver.go_on(name)
        elif name in unfinished_assessments(engine):
            engine.clock.wait(min(tick_s, max((found.until - engine.clock.now()).total_seconds(), 0.0)))


def _conclude(engine: Engine, name: str, found: Drive) -> None:
    """Read the ranking, and say whether it is the last word."""
    ranking = rank(engine, name)
    if isinstance(ranking, Waiting):
        found.ending, found.reason = Ending.PARTIAL, ranking.reason
        return
    found.ranking = ranking
    if not ranking.is_final or ranking.decided.stop_reason is StopReason.CANCELLED:
        found.ending, found.reason = Ending.PARTIAL, f"{ranking.decided.explanation}."


@contextmanager
def _pausing_at(engine: Engine, name: str, until: datetime) -> Iterator[None]:
    """Pause the assessment when its time is over, once a worker of ours is asking the judges."""
    over = Event()
    watch = Thread(target=_watch, args=(engine, name, until, over), daemon=True)
    watch.start()
    try:
        yield
    finally:
        over.set()
        watch.join()


def _watch(engine: Engine, name: str, until: datetime, over: Event) -> None:
    while not over.wait(_LOOK_S):
        asking = engine.clock.now() >= until and engine.ledger.jobs(assessment=name, phases=[JobPhase.ASKING])
        if asking and any(job.mode != CANARY for job in asking):
            set_standing(engine, name, Standing.PAUSED, f"the time limit was reached at {until:%Y-%m-%d %H:%M:%S} UTC.")
            return
