"""Everything an endpoint needs, in one place. Wiring only."""

from dataclasses import dataclass

from cj_pipeline.emulator.clock import VirtualClock
from cj_pipeline.emulator.faults import FaultScript
from cj_pipeline.emulator.journal import Journal
from cj_pipeline.emulator.judges import make_judge
from cj_pipeline.emulator.questions import Judge
from cj_pipeline.emulator.settings import EmulatorSettings
from cj_pipeline.emulator.store import Store


@dataclass(frozen=True)
class Emulator:
    """One emulator: its settings, its memory, its clock, its faults and its judge."""

    settings: EmulatorSettings
    store: Store
    clock: VirtualClock
    journal: Journal
    faults: FaultScript
    judge: Judge


def open_emulator(settings: EmulatorSettings) -> Emulator:
    """Open the state folder and return the emulator that lives there."""
    judge = make_judge(settings.judge, settings.seed)
    store = Store(settings.state_dir)
    clock = VirtualClock(store, frozen=settings.frozen_clock)
    return Emulator(settings, store, clock, Journal(store), FaultScript(store), judge)
