"""The emulator's clock as the engine's: one time for both, which only waiting moves."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cj_pipeline.emulator.embedding import RunningEmulator


@dataclass(frozen=True, slots=True)
class EmulatorClock:
    """Tells the emulator's time. Implements `engine.ports.Clock`.

    Attributes:
        emulator: An emulator on a frozen clock.
    """

    emulator: RunningEmulator

    def now(self) -> datetime:
        """The emulator's time, aware, UTC."""
        return datetime.fromtimestamp(self.emulator.now(), UTC)

    def wait(self, seconds: float) -> None:
        """Let virtual time pass; nobody waits."""
        self.emulator.advance(max(seconds, 0.0))
