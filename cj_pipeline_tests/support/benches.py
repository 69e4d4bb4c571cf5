"""A workbench on the emulator, with a clock that only the test moves."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.collect import Collection, collect
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.poll import PollReport, poll
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.rank import Ranking, Waiting, rank
from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.engine.sending import Submission
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import EstimationError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import Workbench, open_workbench

A_DAY_S = 25 * 3600.0
"""Longer than any batch job lives."""


@dataclass
class TestClock:
    """A clock that stands until it is moved."""

    __test__ = False

    time: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 8, 0, tzinfo=UTC))

    def now(self) -> datetime:
        """The time."""
        return self.time

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.time += timedelta(seconds=seconds)

    def wait(self, seconds: float) -> None:
        """Move on without waiting."""
        self.advance(seconds)


@dataclass
class Rig:
    """A workbench, the emulator behind it, and the clock of both."""

    root: Path
    emulator: RunningEmulator
    clock: TestClock
    bench: Workbench

    @property
    def engine(self) -> Engine:
        """The engine."""
        return self.bench.engine

    def advance(self, seconds: float) -> None:
        """Move the clocks of provider and engine."""
        self.emulator.advance(seconds)
        self.clock.advance(seconds)

    def read(self, name: str) -> None:
        """What the asset `essays` does."""
        self.bench.tables.save_snapshot(self.bench.read(name))

    def plan(self, name: str = "small") -> PairSet:
        """Read and plan."""
        self.read(name)
        return plan(self.engine, name)

    def submit(self, name: str = "small") -> Submission:
        """Read, plan and submit."""
        self.plan(name)
        return submit(self.engine, name)

    def poll(self) -> PollReport:
        """Poll what is due."""
        return poll(self.engine)

    def collect(self, name: str = "small") -> Collection:
        """Collect what has ended."""
        return collect(self.engine, name)

    def finish(self, name: str = "small") -> Ranking | Waiting:
        """Let all jobs end, collect and rank."""
        self.finish_quietly(name)
        return rank(self.engine, name)

    def conclude(self, name: str = "small") -> Ranking | Waiting | EstimationError:
        """What a collect run comes to in the end: a ranking, what it waits for, or why there is none."""
        try:
            return rank(self.engine, name)
        except EstimationError as error:
            return error

    def finish_quietly(self, name: str = "small") -> None:
        """Let all jobs end and collect, without asking for a ranking."""
        self.advance(A_DAY_S)
        self.poll()
        self.collect(name)

    def comparisons(self, name: str = "small") -> list[ComparisonRecord]:
        """All comparisons of all sessions of an assessment."""
        ledger = self.engine.ledger
        return [c for session in ledger.sessions(name) for c in ledger.comparisons(session.session_id)]

    def billed(self) -> int:
        """Answers the emulator has billed."""
        return int(self.emulator.summary()["billed_answers"])


def environment(root: Path, emulator_url: str) -> dict[str, str]:
    """Variables that point at a test's folder and emulator."""
    return {"CJ_DATA_DIR": str(root), "CJ_EMULATOR_URL": emulator_url}


def make_rig(root: Path, emulator: RunningEmulator, **variables: str) -> Rig:
    """Put a rig together. The engine's clock starts at the emulator's time."""
    bench = open_workbench(load_settings({**environment(root, emulator.url), **variables}))
    clock = TestClock(datetime.fromtimestamp(emulator.now(), UTC))
    return Rig(root, emulator, clock, replace(bench, engine=replace(bench.engine, clock=clock)))
