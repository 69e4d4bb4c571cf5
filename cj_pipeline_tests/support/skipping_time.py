"""Time in which waiting takes no time, for Dagster's pauses between the tries of a step."""

import time


class SkippingTime:
    """Stands in for the `time` module where Dagster waits: waiting moves it on."""

    def __init__(self) -> None:
        self.waited: list[float] = []

    def time(self) -> float:
        """The machine's time, with what was waited."""
        return time.time() + sum(self.waited)  # noqa: TID251 (what Dagster asks for)

    def sleep(self, seconds: float) -> None:
        """Move on; other threads get their turn."""
        self.waited.append(seconds)
        time.sleep(0.01)
