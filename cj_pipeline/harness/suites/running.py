"""Running a case: an emulator with the suite's judge, a folder, a drive to the end, and everything observed.

The ledger is shared by all cases of a workplace, as it is by all assessments of an installation: what metrics say of
one case has to come out although others were counted before.
"""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline.engine.plan import load_snapshot, pair_set, planned_session
from cj_pipeline.harness.driving import EngineDriver, Patience, drive
from cj_pipeline.harness.suites.clock import EmulatorClock
from cj_pipeline.harness.suites.folders import write_case
from cj_pipeline.harness.suites.observing import Observation
from cj_pipeline.harness.suites.specs import Case
from cj_pipeline.observability.collector import changes, read_samples
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import Workbench, open_workbench

_JOB_S = (600.0, 7200.0)
_PATIENCE = Patience(limit_s=5 * 86_400.0, tick_s=1800.0)


@dataclass
class Workplace:
    """A folder with one ledger for many cases, on a virtual clock that goes on from case to case.

    Attributes:
        root: The folder.
        now: Latest virtual time, Unix seconds.
    """

    root: Path
    now: float = 0.0
    _numbers: Iterator[int] = field(default_factory=lambda: iter(range(10_000)))

    def run(self, case: Case) -> Observation:
        """Run a case to its end and observe it.

        Raises:
            CjError: It cannot run at all.
        """
        write_case(self.root / "assessments", case)
        state = self.root / "emulators" / str(next(self._numbers))
        suite = case.suite
        with running_emulator(state, seed=suite.seed, judge=suite.judge, job_seconds=_JOB_S) as emulator:
            emulator.advance(max(0.0, self.now - emulator.now()))
            emulator.script_faults(*suite.faults)
            with self._bench(case, emulator) as bench:
                observed = _observe(bench, emulator, case)
            self.now = emulator.now()
        return observed

    @contextmanager
    def _bench(self, case: Case, emulator: RunningEmulator) -> Iterator[Workbench]:
        """A workbench with nothing of this environment but what leads to the interpreter's own files."""
        plain = {
            name: value for name, value in os.environ.items() if not name.startswith(("CJ_", "OPENAI", "ANTHROPIC"))
        }
        variables = {**case.suite.variables, "CJ_DATA_DIR": str(self.root), "CJ_EMULATOR_URL": emulator.url}
        with closing(open_workbench(load_settings({**plain, **variables}))) as bench:
            yield replace(bench, engine=replace(bench.engine, clock=EmulatorClock(emulator)))


def _observe(bench: Workbench, emulator: RunningEmulator, case: Case) -> Observation:
    engine, now = bench.engine, bench.engine.clock.now
    before, started, began = read_samples(bench.ledger, now), time.perf_counter(), emulator.now()
    overrides = RunOverrides(llm_batching_mode=case.mode)
    found = drive(engine, EngineDriver(bench), case.name, overrides, _PATIENCE)
    wall_s, virtual_s = time.perf_counter() - started, emulator.now() - began
    snapshot = load_snapshot(engine, case.name)
    session = planned_session(engine, snapshot)
    return Observation(
        case=case,
        drive=found,
        session=session,
        snapshot=snapshot,
        comparisons=pair_set(engine, snapshot, session).comparisons,
        answers=tuple(engine.ledger.answers(session.session_id)),
        jobs=tuple(engine.ledger.jobs(session_id=session.session_id)),
        counts=engine.ledger.collection_counts(session.session_id),
        decisions=tuple(engine.ledger.decisions(session.session_id)),
        journal=tuple(emulator.journal()),
        summary=emulator.summary(),
        metrics=changes(before, read_samples(bench.ledger, now)),
        wall_s=wall_s,
        virtual_s=virtual_s,
    )
