"""The emulator for the length of one command: this process, and what it starts, ask it instead of the providers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from cj_pipeline.emulator.embedding import running_emulator
from cj_pipeline.settings import Settings

_DEMO_JOB_S = (2.0, 5.0)
_DEMO_POLL_S = "0.5"


@contextmanager
def embedded_emulator(settings: Settings, judge: str = "surface") -> Iterator[None]:
    """Start the emulator and let this process, and what it starts, ask it.

    Args:
        settings: Names the work folder, which keeps the emulator's state.
        judge: Name of the judge, or of a profile.
    """
    state = settings.work_dir / ("emulator" if judge == "surface" else f"emulator-{judge}")
    with running_emulator(state, job_seconds=_DEMO_JOB_S, frozen_clock=False, judge=judge) as server:
        before = dict(os.environ)
        os.environ["CJ_EMULATOR_URL"] = server.url
        os.environ.setdefault("CJ_POLL_MIN_S", _DEMO_POLL_S)
        try:
            yield
        finally:
            os.environ.clear()
            os.environ.update(before)
