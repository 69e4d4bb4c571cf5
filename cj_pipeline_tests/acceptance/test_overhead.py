# ruff: noqa: D103 - the names of the tests say it
"""The overhead benchmark in a short form; `make bench-dagster` is the long one."""

from pathlib import Path

import pytest

from benchmarks.dagster_overhead.suite import Size, measure
from benchmarks.dagster_overhead.ticks import SENSORS

pytestmark = pytest.mark.slow


def test_everything_is_measured(tmp_path: Path) -> None:
    figures = measure(tmp_path, Size(finished=4, open_=2, idle_s=5.0, logged=1))

    loads = ("4 open", "4 ended at once", "4 finished, 2 open")
    ticks = {(row["with"], row["sensor"]): row for row in figures["ticks"]}
    assert set(ticks) == {(with_, name) for with_ in loads for name in SENSORS}
    assert "0 ended" in ticks["4 open", "batch_job_sensor"]["said"]
    assert "4 job(s) asked for" in ticks["4 open", "batch_job_sensor"]["said"]
    assert ticks["4 ended at once", "batch_job_sensor"]["n_requests"] == 4
    assert "4 finished assessment(s) looked at" in ticks["4 finished, 2 open", "people_sensor"]["said"]
    assert "Nothing was pending" in ticks["4 finished, 2 open", "nightly_submission_sensor"]["said"]
    assert {each["process"] for each in figures["idle"]} == {"code server", "daemon"}
    assert all(0 <= each["cpu_share"] < 2 and each["rss_mib"] > 50 for each in figures["idle"])
    assert figures["event_log"]["rows"] > 100
