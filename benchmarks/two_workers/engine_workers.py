"""Workers of the engine's own: processes that do what the sensors do, on one ledger, and are killed at any moment."""

import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path
from typing import Final, NoReturn

from benchmarks.fault_suite.dying import Steps, mortal
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.engine.advance import unfinished_assessments
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import CjError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import Workbench, open_workbench
from cj_pipeline_tests.support.driving import tick

N_WORKERS: Final = 2
_AT_A_TIME: Final = 5
_MOST_UNDER_WAY: Final = 24
_MEAN_LIFE_S: Final = 5.0
_MOST_STEPS: Final = 120
_PAUSE_S: Final = 0.1
_PRELOADED: Final = ("openai", "anthropic", "alembic.command", "psycopg2", "pyarrow.parquet")
"""Imported once, before the workers are forked: importing takes longer than most of them live."""


@dataclass
class Deaths:
    """How workers died.

    Attributes:
        by_timer: Killed from outside, at any moment.
        by_step: Killed just before or after a write or a call.
        failed: Ended by an error of their own; there must be none.
    """

    by_timer: int = 0
    by_step: int = 0
    failed: int = 0


@dataclass
class _Life:
    pid: int
    ends_at: float
    shot: bool = False


@dataclass
class Workers:
    """Two worker processes, each replaced as soon as it has died, until nothing is left to do.

    Attributes:
        names: The assessments.
        variables: The workers' environment.
        seed: Decides when they die.
        patience_s: After this, they are ended and an error is raised.
        log: What a worker that fails of itself has to say.
        deaths: How they died so far.
    """

    names: Sequence[str]
    variables: Mapping[str, str]
    seed: int
    patience_s: float
    log: Path
    deaths: Deaths = field(default_factory=Deaths)

    def run(self) -> None:
        """Run until a worker of each place has found nothing left to do.

        Raises:
            TimeoutError: It took too long.
        """
        for package in _PRELOADED:
            import_module(package)
        chance = random.Random(self.seed)  # noqa: S311 (a draw that must repeat by its seed)
        started = time.monotonic()
        lives = [self._born(chance) for _ in range(N_WORKERS)]
        try:
            while lives:
                time.sleep(0.02)
                if time.monotonic() - started > self.patience_s:
                    raise TimeoutError(f"two workers did not finish within {self.patience_s:.0f} s")
                lives = [after for life in lives if (after := self._after(life, chance))]
        finally:
            for life in lives:
                os.kill(life.pid, signal.SIGKILL)
                os.waitpid(life.pid, 0)

    def _after(self, life: _Life, chance: random.Random) -> _Life | None:
        """The same life, the one that follows, or None where there is nothing left to do."""
        if time.monotonic() > life.ends_at and not life.shot:
            os.kill(life.pid, signal.SIGKILL)
            life.shot = True
        pid, status = os.waitpid(life.pid, os.WNOHANG)
        if not pid:
            return life
        if status == 0:
            return None
        if life.shot:
            self.deaths.by_timer += 1
        elif os.WIFSIGNALED(status):
            self.deaths.by_step += 1
        else:
            self.deaths.failed += 1
        return self._born(chance)

    def _born(self, chance: random.Random) -> _Life:
        dies_at = chance.choice([0, chance.randint(1, _MOST_STEPS)])
        seed, ends_at = chance.randrange(2**32), time.monotonic() + chance.expovariate(1 / _MEAN_LIFE_S) + 0.2
        pid = os.fork()
        if pid == 0:
            self._live(dies_at, seed)
        return _Life(pid, ends_at)

    def _live(self, dies_at: int, seed: int) -> NoReturn:
        code = 1
        try:
            work(self.names, self.variables, dies_at, seed)
            code = 0
        except BaseException:  # noqa: BLE001 (the end of a process)
            with self.log.open("a") as file:
                traceback.print_exc(file=file)
        sys.stdout.flush()
        os._exit(code)


def work(names: Sequence[str], variables: Mapping[str, str], dies_at: int, seed: int) -> None:
    """Submit what was never submitted, poll, collect, rank and go on, until everything is over."""
    bench = open_workbench(load_settings(variables))
    bench = replace(bench, engine=mortal(bench.engine, Steps(dies_at)))
    chance = random.Random(seed)  # noqa: S311 (a draw that must repeat by its seed)
    while True:
        fresh = [name for name in names if bench.engine.ledger.standing(name) is None]
        room = max(0, _MOST_UNDER_WAY - len(bench.engine.ledger.standings(Standing.ACTIVE)))
        for name in chance.sample(fresh, min(_AT_A_TIME, len(fresh), room)):
            _submit(bench, name)
        tick(bench.engine)
        if not fresh and not unfinished_assessments(bench.engine):
            bench.close()
            return
        time.sleep(_PAUSE_S)


def _submit(bench: Workbench, name: str) -> None:
    """What a person does; what fails is done again later."""
    try:
        bench.tables.save_snapshot(bench.read(name))
        plan(bench.engine, name)
        submit(bench.engine, name)
    except CjError:
        return
