"""Everything an endpoint needs, in one place. Wiring only."""

from dataclasses import dataclass

from cj_pipeline.emulator.asking import Respondent
from cj_pipeline.emulator.clock import VirtualClock
from cj_pipeline.emulator.faults import FaultScript
from cj_pipeline.emulator.journal import Journal
from cj_pipeline.emulator.judges import make_judge
from cj_pipeline.emulator.manners import Manners
from cj_pipeline.emulator.profiles import load_profile, profile_names
from cj_pipeline.emulator.questions import Judge
from cj_pipeline.emulator.settings import EmulatorSettings
from cj_pipeline.emulator.store import Store
from cj_pipeline.emulator.wire import JsonObject

_SCRIPTED = "profile_scripted"


@dataclass(frozen=True)
class Emulator:
    """One emulator: its settings, its memory, its clock, its faults, who answers, and the faults it starts with."""

    settings: EmulatorSettings
    store: Store
    clock: VirtualClock
    journal: Journal
    faults: FaultScript
    respondent: Respondent
    opening_faults: tuple[JsonObject, ...] = ()

    @property
    def judge(self) -> Judge:
        """Who decides."""
        return self.respondent.judge

    def reset(self) -> None:
        """Forget everything but the clock and the numbering, and script the faults it starts with."""
        self.store.reset()
        self.respondent.manners.cache.seen.clear()
        self.faults.add(self.opening_faults)


def open_emulator(settings: EmulatorSettings) -> Emulator:
    """Open the state folder and return the emulator that lives there."""
    profile = load_profile(settings.judge) if settings.judge in profile_names() else None
    judge = profile.make_judge(settings.seed) if profile else make_judge(settings.judge, settings.seed)
    respondent = Respondent(judge, profile.manners if profile else Manners(), settings.seed)
    store = Store(settings.state_dir)
    clock = VirtualClock(store, frozen=settings.frozen_clock)
    opening = profile.faults if profile else ()
    emulator = Emulator(settings, store, clock, Journal(store), FaultScript(store), respondent, opening)
    if opening and store.meta(_SCRIPTED) != settings.judge:
        emulator.faults.add(opening)
        store.set_meta(_SCRIPTED, settings.judge)
    return emulator
