"""`make bench-dagster`: ticks with 50 and with 1,000 open jobs, an idle daemon, and the growth of the event log."""

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.dagster_overhead.cohorts import Place, dagster_instance, end_jobs, finish_many, submit_many
from benchmarks.dagster_overhead.event_log import growth
from benchmarks.dagster_overhead.idle import idle
from benchmarks.dagster_overhead.ticks import SENSORS, Tick, tick
from benchmarks.record import write_record
from cj_pipeline.emulator.embedding import running_emulator
from cj_pipeline.wiring import SystemClock
from cj_pipeline_tests.support.benches import environment, make_rig
from tools.running_dagster_page import idle_table, ticks_table

AIM_S: Final = 20.0
"""A tick is to stay below this, by the wall."""

_ROUNDS: Final = 3
_BETWEEN_S: Final = 400.0
_LONG_AGO: Final = "2020-01-01"
_NIGHT: Final = "nightly_submission_sensor"


@dataclass(frozen=True)
class Size:
    """How much is measured.

    Attributes:
        finished: Finished assessments, which are the many open ones before.
        open_: Open assessments beside them.
        idle_s: How long the idle processes are looked at.
        logged: Assessments by which the event log grows.
    """

    finished: int = 1000
    open_: int = 50
    idle_s: float = 60.0
    logged: int = 3


def measure(folder: Path, size: Size) -> dict[str, Any]:
    """Measure everything; returns the figures."""
    (folder / "many").mkdir()
    (folder / "log").mkdir()
    with _place(folder / "many") as place:
        names = submit_many(place, 0, size.finished)
        many = _ticks(place, f"{size.finished} open")
        end_jobs(place.rig)
        at_once = _ticks(place, f"{size.finished} ended at once")
        finish_many(place, names)
        # From here on by the machine's clock, by which the processes go.
        place.rig.clock.time = SystemClock().now()
        submit_many(place, size.finished, size.open_)
        few = _ticks(place, f"{size.finished} finished, {size.open_} open")
        place.rig.clock.time = SystemClock().now()
        quiet = idle(place, environment(place.rig.root, place.rig.emulator.url), size.idle_s)
    with running_emulator(folder / "log" / "emulator", seed=1) as emulator:
        grown = growth(folder / "log", emulator, size.logged)
    return {
        "finished": size.finished,
        "open": size.open_,
        "ticks": [*few, *many, *at_once],
        "idle": [_rounded(asdict(each)) for each in quiet],
        "event_log": _rounded(asdict(grown)),
    }


@contextmanager
def _place(root: Path) -> Iterator[Place]:
    with running_emulator(root / "emulator", seed=1) as emulator, dagster_instance(root) as (home, instance):
        # A target nobody is told at, so that the sensor for stalled jobs looks for them.
        rig = make_rig(root, emulator, CJ_ALERT_WEBHOOK_URL="http://127.0.0.1:9/")
        yield Place(rig, home, instance)
        rig.bench.close()


def _ticks(place: Place, with_: str) -> list[dict[str, Any]]:
    """The longest of some ticks of every sensor, each with polls that are due again."""
    found: dict[str, list[Tick]] = {name: [] for name in SENSORS}
    for _ in range(_ROUNDS):
        place.rig.clock.advance(_BETWEEN_S)  # ours alone: at the provider all jobs stay under way
        for name in SENSORS:
            found[name].append(tick(place, name, _LONG_AGO if name == _NIGHT else None))
    longest = {name: max(ticks, key=lambda t: t.wall_s) for name, ticks in found.items()}
    return [{"with": with_, "sensor": name, **_rounded(asdict(worst))} for name, worst in longest.items()]


def _rounded(row: dict[str, Any]) -> dict[str, Any]:
    return {key: round(value, 3) if isinstance(value, float) else value for key, value in row.items()}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, write the record if asked; exit code 1 if a tick takes longer than it should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--finished", type=int, default=Size.finished)
    parser.add_argument("--open", type=int, default=Size.open_)
    parser.add_argument("--idle", type=float, default=Size.idle_s, help="seconds")
    parser.add_argument("--keep", action="store_true", help="write benchmarks/dagster_overhead.json")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="cj-overhead-") as folder:
        figures = measure(Path(folder), Size(given.finished, given.open, given.idle))
    if given.keep:
        write_record("dagster_overhead", figures)
    sys.stdout.write(f"{ticks_table(figures)}\n\n{idle_table(figures)}\n\n{figures['event_log']}\n")
    return 1 if any(row["wall_s"] > AIM_S for row in figures["ticks"]) else 0
