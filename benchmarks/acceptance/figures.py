"""What a night came to: counted from the provider's journal, Dagster's own database and the ledger by plain SQL."""

from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import numpy as np
import psycopg2

from benchmarks.acceptance.night import Site
from benchmarks.count_payments import Counts, ProviderState, count, provider_state
from cj_pipeline_tests.support import instigation

_BATCH_JOBS: Final = "select assessment, provider_batch_id from batch_jobs where mode = 'provider_batch_api'"
_CALLS: Final = """select assessment, sent_at, coalesce(response_s, 0) from attempts join batch_jobs using (job_id)
  where mode <> 'provider_batch_api' and sent_at is not null"""
_RANKINGS: Final = """select partition, extract(epoch from timestamp) from event_logs
  where dagster_event_type = 'ASSET_MATERIALIZATION' and asset_key = '["rankings"]'"""
_EVENTS: Final = "select count(*), pg_total_relation_size('event_logs') from event_logs"


@dataclass(frozen=True)
class Night:
    """What a night came to.

    Attributes:
        names: Its assessments.
        seconds: From the backfill to the last final ranking.
        ranked: Assessments with a final ranking.
        jobs: Jobs in the ledger, also those of requests asked at once.
        provider_jobs: Batch jobs that the providers accepted.
        runs: Runs by job and status.
        ticks: Ticks by sensor and status.
        latencies_s: From the end of an assessment's last job to its ranking.
        counts: See `benchmarks.count_payments`.
        struck: Faults that struck.
        unevaluated: Checks that were not evaluated for every assessment, with how many are missing.
        event_rows: Rows in Dagster's event log.
        event_bytes: Their size with indexes.
        backfills: All backfills that Dagster knows.
    """

    names: Sequence[str]
    seconds: float
    ranked: int
    jobs: int
    provider_jobs: int
    runs: dict[str, int]
    ticks: dict[str, dict[str, int]]
    latencies_s: Sequence[float]
    counts: Counts
    struck: int
    unevaluated: dict[str, int]
    event_rows: int
    event_bytes: int
    backfills: list[dict[str, Any]]

    def row(self) -> dict[str, Any]:
        """As it is kept."""
        n = len(self.names)
        return {
            "assessments": n,
            "ranked": self.ranked,
            "jobs": self.jobs,
            "provider_jobs": self.provider_jobs,
            "runs": sum(self.runs.values()),
            "sensor_ticks": sum(sum(by_status.values()) for by_status in self.ticks.values()),
            "failed_ticks": sum(by_status.get("FAILURE", 0) for by_status in self.ticks.values()),
            "latency_median_s": round(float(np.median(self.latencies_s)), 1),
            "latency_p95_s": round(float(np.percentile(self.latencies_s, 95)), 1),
            "comparisons": self.counts.comparisons,
            "lost": self.counts.lost,
            "paid_twice": self.counts.paid_twice,
            "possibly_paid": self.counts.possibly_paid,
            "left_open": self.counts.left_open,
            "faults_struck": self.struck,
            "seconds": round(self.seconds, 1),
            "runs_by_job": self.runs,
            "event_rows_per_assessment": round(self.event_rows / n, 1),
            "event_bytes_per_assessment": round(self.event_bytes / n),
        }

    @property
    def is_violated(self) -> bool:
        """Whether something was lost, paid twice, left open, or not brought to its end."""
        c = self.counts
        return bool(c.lost + c.paid_twice + c.left_open + c.live_duplicates) or self.ranked < len(self.names)


def read_night(site: Site, names: Sequence[str], seconds: float) -> Night:
    """Count a night that is over."""
    struck = sum((fault["times"] or 0) - (fault["times_left"] or 0) for fault in site.emulator.faults())
    site.emulator.clear_faults()
    state = provider_state(site.emulator.url)
    counts = count(site.ledger_url, site.root / "store" / "raw", site.emulator.journal(), state)
    [(n_jobs,)] = rows(site.ledger_url, "select count(*) from batch_jobs")
    [(n_rows, size)] = rows(site.dagster_url, _EVENTS)
    latencies = _latencies(site, state)
    checks = instigation.evaluated_checks(site.dagster)
    return Night(
        names=names,
        seconds=seconds,
        ranked=len(set(names) & set(latencies)),
        jobs=n_jobs,
        provider_jobs=len(state.status),
        runs={f"{job} {status}": n for (job, status), n in sorted(instigation.runs(site.dagster).items())},
        ticks={sensor: dict(tally) for sensor, tally in instigation.ticks(site.dagster).items()},
        latencies_s=list(latencies.values()),
        counts=counts,
        struck=struck,
        unevaluated={check: n for check, had in checks.items() if (n := len(set(names) - had))},
        event_rows=n_rows,
        event_bytes=size,
        backfills=instigation.backfills(site.dagster),
    )


def _latencies(site: Site, state: ProviderState) -> dict[str, float]:
    """Seconds from the end of the last job of each assessment to the ranking that followed."""
    ends: dict[str, float] = defaultdict(float)
    for name, batch in rows(site.ledger_url, _BATCH_JOBS):
        ends[name] = max(ends[name], state.ended.get(batch, 0.0))
    for name, sent_at, response_s in rows(site.ledger_url, _CALLS):
        ends[name] = max(ends[name], datetime.fromisoformat(sent_at).timestamp() + response_s)
    found: dict[str, float] = {}
    for name, made_at in rows(site.dagster_url, _RANKINGS):
        latency = float(made_at) - ends[name]
        if latency > 0:
            found[name] = min(latency, found.get(name, latency))
    return found


def rows(url: str, query: str) -> list[Any]:
    """Rows of a query to a PostgreSQL database."""
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())
