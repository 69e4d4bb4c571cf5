# ruff: noqa: D103 - the names of the tests say it
"""The page about running Dagster says what its records say."""

from tools.running_dagster_page import running_dagster_page

NIGHT = {
    "assessments": 30,
    "ranked": 29,
    "jobs": 33,
    "runs": 71,
    "sensor_ticks": 365,
    "latency_median_s": 31.5,
    "latency_p95_s": 62.5,
    "lost": 0,
    "paid_twice": 0,
    "possibly_paid": 3,
    "faults_struck": 27,
    "seconds": 240.5,
    "event_rows_per_assessment": 224.4,
    "event_bytes_per_assessment": 378880,
}
OVERHEAD = {
    "finished": 900,
    "open": 40,
    "ticks": [{"with": "900 open", "sensor": "batch_job_sensor", "wall_s": 1.234, "cpu_s": 0.876}],
    "idle": [{"process": "daemon", "cpu_share": 0.0432, "rss_mib": 133.6}],
    "event_log": {"rows": 161.0, "bytes_kept": 932864.0, "runs": 2},
}


def test_every_figure_is_on_the_page() -> None:
    found = running_dagster_page(
        {"commit": "0123456789ab", "machine": "Linux", "figures": {"seed": 7, "night": NIGHT}},
        {"commit": "ba9876543210", "machine": "Linux", "figures": OVERHEAD},
        "the command",
    )

    assert "| 30 | 29 | 33 | 71 | 365 | 31.5 | 62.5 | 0 | 0 | 3 | 27 | 240.5 |" in found
    assert "Measured at commit `0123456789ab` on Linux: seed 7." in found
    assert "| 900 open | `batch_job_sensor` | 1.23 | 0.88 |" in found
    assert "| daemon | 0.043 | 134 |" in found
    assert "while 900 assessments are finished and 40 have a batch job under way" in found
    assert "adds 161 rows to Dagster's event log and\n911 KiB" in found
    assert "224 rows and 370 KiB" in found
