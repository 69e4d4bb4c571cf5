"""A process that dies at a given step: every write, and every call to a provider, is a step before and a step after."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cj_pipeline.engine.ports import Engine

_WRITES = {
    "add_comparisons",
    "begin_asking",
    "begin_submitting",
    "end_asking",
    "end_lost_job",
    "learn_queue_limit",
    "mark_not_sent",
    "mark_rejected",
    "mark_sent",
    "mark_submitted",
    "open_session",
    "prepare_job",
    "record_answer",
    "record_gone",
    "record_poll",
    "record_results",
    "release_job",
    "request_cancel",
    "set_standing",
    "withdraw",
}
_CALLS = {"ask", "cancel", "collect", "schedule", "status"}


class Steps:
    """Counts steps, and ends the process at one of them.

    Args:
        dies_at: The step; 0: never.
    """

    def __init__(self, dies_at: int) -> None:
        self.n = 0
        self._dies_at = dies_at

    def step(self) -> None:
        """Take a step, perhaps the last."""
        self.n += 1
        if self.n == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


class _Watched:
    """Something whose named methods take a step before and after."""

    def __init__(self, target: object, names: set[str], steps: Steps) -> None:
        self._target, self._names, self._steps = target, names, steps

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 (whatever the target has)
        found = getattr(self._target, name)
        return self._stepping(found) if name in self._names else found

    def _stepping(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def stepping(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 (as the method has them)
            self._steps.step()
            result = method(*args, **kwargs)
            self._steps.step()
            return result

        return stepping


def mortal(engine: Engine, steps: Steps) -> Engine:
    """The same engine, with every write and every call to a provider being a step."""
    ledger: Any = _Watched(engine.ledger, _WRITES, steps)
    raw: Any = _Watched(engine.raw, {"put"}, steps)
    managers: Any = {name: _Watched(manager, _CALLS, steps) for name, manager in engine.managers.items()}
    return replace(engine, ledger=ledger, raw=raw, managers=managers)
