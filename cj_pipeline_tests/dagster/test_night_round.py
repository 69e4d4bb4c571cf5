# ruff: noqa: D103 - the names of the tests say it
"""A night with more folders than one tick may read: it goes on in the next tick, and is one backfill."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
import pytest

from cj_pipeline.defs import resources
from cj_pipeline.defs.night_round import NightRound, look_on
from cj_pipeline.engine.night_settings import NightOptions
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment

NAMES = [f"class-{number}" for number in range(5)]


@dataclass
class TickingClock:
    """A clock on which every look takes eight seconds."""

    time: datetime = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The time, eight seconds later at every look."""
        self.time += timedelta(seconds=8)
        return self.time

    def wait(self, seconds: float) -> None:
        """Move on without waiting."""
        self.time += timedelta(seconds=seconds)


@pytest.fixture
def many(rig: Rig, daemon: MiniDaemon, monkeypatch: pytest.MonkeyPatch) -> Rig:
    """Five pending assessments, on a clock on which three folders fill a tick."""
    for name in NAMES:
        make_assessment(rig.root, name, n_essays=3, comparisons_per_essay=2)
    settings = replace(rig.bench.settings, night=NightOptions(hour=8, budget_usd=100.0))
    bench = replace(rig.bench, settings=settings, engine=replace(rig.engine, clock=TickingClock()))
    monkeypatch.setattr(resources, "_bench", lambda _environment: bench)
    daemon.tick("assessment_folder_sensor")
    daemon.cursors["nightly_submission_sensor"] = "2026-11-21"
    return replace(rig, bench=bench)


def test_a_night_of_several_ticks_is_one_backfill(many: Rig, daemon: MiniDaemon) -> None:
    first = daemon.tick("nightly_submission_sensor")
    kept = daemon.cursors["nightly_submission_sensor"]
    second = daemon.tick("nightly_submission_sensor")
    third = daemon.tick("nightly_submission_sensor")

    assert not first.run_requests
    assert "3 pending so far in the night of 2026-11-22, 2 folder(s) to be looked at." in str(first.skip_reason)
    assert json.loads(str(kept))["pending"] == NAMES[:3]
    assert len(second.run_requests or []) == 1
    [backfill] = daemon.backfills
    assert all(set(subset.get_partition_keys()) == set(NAMES) for subset in _subsets(backfill))
    assert backfill.tags["dagster/priority"] == "-1"
    assert daemon.cursors["nightly_submission_sensor"] == "2026-11-22"
    assert not third.run_requests
    assert many.emulator.summary()["jobs"]["openai"] == len(NAMES)


def test_a_night_that_was_not_looked_through_gives_way_to_the_next(many: Rig) -> None:
    course, _, n_left = look_on(many.bench, NightRound("2026-11-20", "2026-11-21"), NAMES)

    assert n_left == 2
    assert course.in_night("2026-11-21") is course
    assert course.in_night("2026-11-22") == NightRound("2026-11-20", "2026-11-22")
    assert NightRound.read(course.cursor()) == course
    assert NightRound.read("2026-11-20") == NightRound("2026-11-20")


def _subsets(backfill: dg.RunRequest) -> list[Any]:
    assert backfill.asset_graph_subset is not None
    return list(backfill.asset_graph_subset.partitions_subsets_by_asset_key.values())
