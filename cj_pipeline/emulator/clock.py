"""The virtual clock: real time plus a durable offset, or a time that stands still until it is advanced."""

import time
from datetime import UTC, datetime

from cj_pipeline.emulator.store import Store

_OFFSET = "clock_offset_s"
_FROZEN = "clock_frozen_at"


class VirtualClock:
    """Tells every other module the time. The one place that looks at the machine's clock."""

    def __init__(self, store: Store, *, frozen: bool) -> None:
        self._store = store
        if not frozen:
            store.set_meta(_FROZEN, None)
        elif store.meta(_FROZEN) is None:
            store.set_meta(_FROZEN, repr(_real_now()))
        self._frozen = frozen
        self._seen = self.now()

    def now(self) -> float:
        """Return virtual Unix seconds."""
        frozen_at = self._store.meta(_FROZEN)
        return (_real_now() if frozen_at is None else float(frozen_at)) + self._offset()

    def glance(self) -> float:
        """Return the time a frozen clock showed last, without waiting for whoever is moving it."""
        return self._seen

    def pass_from(self, start: float, seconds: float) -> None:
        """Let a frozen clock show at least so long after a start: what runs side by side takes as long as the longest.

        A clock that runs is left alone; whoever has to wait waits.
        """
        ahead = start + seconds - self.now()
        if self._frozen and seconds > 0 and ahead > 0:
            self.advance(ahead)

    def advance(self, seconds: float) -> float:
        """Move time forward and return the new time."""
        if seconds < 0:
            raise ValueError("a clock does not run backwards")
        self._store.set_meta(_OFFSET, repr(self._offset() + seconds))
        self._seen = self.now()
        return self._seen

    def _offset(self) -> float:
        return float(self._store.meta(_OFFSET) or 0.0)


def rfc3339(at: float) -> str:
    """Return a virtual time the way Anthropic writes it."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _real_now() -> float:
    return time.time()  # noqa: TID251 - this module is the clock that others take as an argument
