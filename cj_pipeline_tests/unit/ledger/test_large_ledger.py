# ruff: noqa: D103 - the name of a test is its sentence
"""A scrape stays cheap with 100,000 comparisons."""

import time
from pathlib import Path

import pytest
from prometheus_client import generate_latest

from cj_pipeline.domain.batches import BatchJobStatus
from cj_pipeline.engine.records import CollectionCounts
from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.ledger import SqlLedger
from cj_pipeline.observability.collector import registry_of
from cj_pipeline_tests.unit.ledger.records import SESSION, at, attempts, comparisons, job, ok, ref

N, PER_JOB = 100_000, 5_000
MOST_S = 2.0
"""Processor time, several times what it takes: reading row by row, or everything several times, is over it."""


@pytest.mark.slow
def test_a_scrape_of_a_large_ledger_takes_less_than_two_seconds(tmp_path: Path) -> None:
    ledger = SqlLedger(open_database(f"sqlite:///{tmp_path}/ledger.db"))
    ledger.open_session(SESSION)
    ledger.add_comparisons(comparisons(N))
    for number in range(N // PER_JOB):
        name = f"job{number:02d}"
        asked = range(number * PER_JOB, (number + 1) * PER_JOB)
        assert ledger.prepare_job(job(name, PER_JOB), attempts(name, asked))
        assert ledger.begin_submitting(name, at(1), "", at(2))
        ledger.mark_submitted(name, ref(name, BatchJobStatus.SCHEDULED), at(30))
        ledger.record_poll(name, ref(name, BatchJobStatus.COMPLETED), at(60), at(60))
        outcomes = (ok(f"{name}-{i:06d}", reason="r" * 250, queue_wait_s=i / 10) for i in range(PER_JOB))
        assert ledger.record_results(name, outcomes, CollectionCounts, (), at(70))
    registry = registry_of(ledger, lambda: at(80))

    started = time.process_time()
    text = generate_latest(registry).decode()
    took = time.process_time() - started
    ledger.close()

    assert f'cj_llm_requests_total{{batching_mode="provider_batch_api"}} {float(N)}' in text
    assert took < MOST_S, f"{took:.2f} s"
