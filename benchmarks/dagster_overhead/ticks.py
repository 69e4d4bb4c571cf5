"""How long one tick of every sensor takes, evaluated as the code server does it."""

import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from unittest.mock import patch

import dagster as dg

from benchmarks.dagster_overhead.cohorts import Place
from cj_pipeline.definitions import build_definitions
from cj_pipeline.defs import resources
from cj_pipeline.engine.night_settings import NightOptions

SENSORS: Final = (
    "assessment_folder_sensor",
    "batch_job_sensor",
    "continuation_sensor",
    "cancel_sensor",
    "people_sensor",
    "stalled_job_sensor",
    "nightly_submission_sensor",
)
"""The project's own sensors. The two of Dagster's kind (automation conditions, failed runs) are in the idle figures."""


@dataclass(frozen=True)
class _Going:
    """A clock that goes on from where the benchmark's clock stands: ticks bound themselves by time."""

    time: datetime
    since: float

    def now(self) -> datetime:
        """The time."""
        return self.time + timedelta(seconds=time.monotonic() - self.since)

    def wait(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(frozen=True)
class Tick:
    """One tick.

    Attributes:
        wall_s: How long it took.
        cpu_s: Processor time of this process in it.
        n_requests: Runs asked for.
        said: Why none were.
    """

    wall_s: float
    cpu_s: float
    n_requests: int
    said: str


def tick(place: Place, sensor_name: str, cursor: str | None = None) -> Tick:
    """Evaluate a sensor once; nothing it asks for is done."""
    with _definitions(place) as (definitions, pipeline):
        sensor = definitions.resolve_sensor_def(sensor_name)
        with dg.build_sensor_context(
            instance=place.instance,
            definitions=definitions,
            resources={"pipeline": pipeline},
            sensor_name=sensor_name,
            cursor=cursor,
        ) as context:
            wall, cpu = time.monotonic(), _cpu_s()
            result: Any = sensor(context)
            return Tick(
                time.monotonic() - wall,
                _cpu_s() - cpu,
                len(result.run_requests or []),
                str(result.skip_reason.skip_message if result.skip_reason else ""),
            )


@contextmanager
def _definitions(place: Place) -> Iterator[tuple[dg.Definitions, resources.PipelineResource]]:
    """The project's definitions on this engine, in a night whose hour has come."""
    night = NightOptions(hour=place.rig.clock.now().hour, budget_usd=1000.0)
    settings = replace(place.rig.bench.settings, night=night)
    clock = _Going(place.rig.clock.now(), time.monotonic())
    bench = replace(place.rig.bench, settings=settings, engine=replace(place.rig.engine, clock=clock))
    pipeline = resources.PipelineResource()
    with patch.object(resources, "_bench", lambda _environment: bench):
        yield build_definitions(pipeline=pipeline), pipeline


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
