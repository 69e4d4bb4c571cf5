"""One measurement in a process of its own: seconds, peak memory, and how much was written and read."""

import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.throughput.load import NAME, FixedClock, InstantProvider, bare_loop, large_snapshot
from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.collect import collect
from cj_pipeline.engine.options import EngineOptions
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.poll import poll
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.submit import submit
from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline.storage.raw_files import RawFiles
from cj_pipeline.storage.table_files import TableFiles

_MIB = 1024 * 1024
_LARGE_ROWS = 50_000
_ROW_BYTES = 500
"""Bytes of a result row beside its reason."""


def open_engine(folder: Path, ledger_url: str, provider: InstantProvider | None = None) -> Engine:
    """An engine on a ledger, whose provider costs no time."""
    return Engine(
        ledger=SqlLedger(open_database(ledger_url)),
        raw=RawFiles(folder / "raw"),
        tables=TableFiles(folder / "tables"),
        managers={"openai": provider or InstantProvider()},
        clock=FixedClock(),
        options=EngineOptions(canary_from=0, poll_min_s=0.0),
    )


def whole_way(folder: Path, ledger_url: str, n: int) -> dict[str, Any]:
    """Plan, record and send, and collect `n` comparisons."""
    engine = open_engine(folder, ledger_url)
    engine.tables.save_snapshot(large_snapshot(n))
    figures: dict[str, Any] = {}
    pairs = _timed(figures, "plan_s", lambda: plan(engine, NAME))
    session_id, n_planned = pairs.session.session_id, len(pairs.comparisons)
    del pairs  # planning and sending are runs of their own
    figures["peak_after_plan_mib"] = peak_mib()
    _timed(figures, "record_s", lambda: submit(engine, NAME))
    figures["peak_after_record_mib"] = peak_mib()
    poll(engine)
    # The provider's files are made before the clock runs: making them is no work of ours.
    ended = engine.ledger.jobs(phases=[JobPhase.ENDED])
    made = [file for job in ended for file in engine.managers["openai"].collect(job, engine.raw, "made")]
    _timed(figures, "collect_s", lambda: collect(engine, NAME))
    totals = engine.ledger.totals(session_id)
    requests = sum(path.stat().st_size for path in (folder / "raw" / NAME).rglob("requests-*.jsonl"))
    return {
        **figures,
        "n_comparisons": n_planned,
        "n_jobs": len(ended),
        "n_verdicts": totals.by_status.get("ok", 0),
        "request_bytes": requests,
        "result_bytes": sum(file.size_bytes for file in made),
        "peak_mib": peak_mib(),
    }


def bare(folder: Path, n: int) -> dict[str, Any]:
    """The bare loop over as many requests and the result files of a run before."""
    snapshot = large_snapshot(n)
    texts = [essay.text for essay in snapshot.essays]
    pairs = ((i % len(texts), (i * 7 + 1) % len(texts)) for i in range(n))
    results = sorted((folder / "raw" / "made").glob("*.jsonl"))
    figures: dict[str, Any] = {}
    found = _timed(figures, "bare_s", lambda: bare_loop(texts, pairs, results, folder / "bare.jsonl"))
    return {**figures, "n_verdicts": found, "request_bytes": (folder / "bare.jsonl").stat().st_size}


def large_job(folder: Path, ledger_url: str, n: int = _LARGE_ROWS) -> dict[str, Any]:
    """Send one job of 50,000 requests, or `n`, whose result file another process will collect."""
    engine = open_engine(folder, ledger_url, InstantProvider(max_bytes=10**9))
    engine.tables.save_snapshot(large_snapshot(n))
    plan(engine, NAME)
    submit(engine, NAME)
    poll(engine)
    return {"n_jobs": len(engine.ledger.jobs(phases=[JobPhase.ENDED]))}


def large_file(folder: Path, ledger_url: str, size_mib: int, n: int = _LARGE_ROWS) -> dict[str, Any]:
    """Collect that job with a result file of this size: memory before, and the most there was."""
    engine = open_engine(folder, ledger_url, InstantProvider(reason_chars=size_mib * _MIB // n - _ROW_BYTES))
    before = peak_mib()
    figures: dict[str, Any] = {}
    report = _timed(figures, "collect_s", lambda: collect(engine, NAME))
    [path] = (folder / "raw" / NAME).rglob("output-*.jsonl")
    return {
        **figures,
        "n_rows": report.n_outcomes,
        "file_bytes": path.stat().st_size,
        "rss_before_mib": before,
        "peak_mib": peak_mib(),
    }


def _timed(figures: dict[str, Any], name: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401 (whatever work returns)
    started = time.monotonic()
    result = work()
    figures[name] = round(time.monotonic() - started, 2)
    return result


def peak_mib() -> float:
    """Peak resident memory of this process so far."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


MEASUREMENTS: dict[str, Callable[..., dict[str, Any]]] = {
    "whole_way": lambda folder, url, n: whole_way(Path(folder), url, int(n)),
    "bare": lambda folder, n: bare(Path(folder), int(n)),
    "large_job": lambda folder, url: large_job(Path(folder), url),
    "large_file": lambda folder, url, mib: large_file(Path(folder), url, int(mib)),
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(MEASUREMENTS[sys.argv[1]](*sys.argv[2:])) + "\n")
