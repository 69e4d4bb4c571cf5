# ruff: noqa: D103 - the names of the tests say it
"""What is said aloud about an open job, and when not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from cj_pipeline.domain.batches import BatchJobStatus, JobPhase
from cj_pipeline.engine.alerts import alerts
from cj_pipeline.engine.records import JobRecord

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MINUTE, HOUR, A_MOMENT = timedelta(minutes=1), timedelta(hours=1), timedelta(seconds=1)
JOB = JobRecord(
    job_id="0123456789abcdef",
    session_id="s",
    assessment="small",
    provider="openai",
    account="emulator",
    model="gpt-6.1-terra",
    phase=JobPhase.SUBMITTED,
    n_requests=12,
    request_path="",
    request_sha256="",
    reserved_usd=None,
    created_at=NOW,
    intent_at=NOW,
    provider_batch_id="batch_1",
    status=BatchJobStatus.RUNNING,
    provider_status="in_progress",
    n_done=3,
)


def test_a_job_on_its_way_gives_no_alert() -> None:
    assert alerts(replace(JOB, status_since=NOW - 19 * HOUR, intent_at=NOW - 20 * HOUR, n_poll_errors=4), NOW) == []


@pytest.mark.parametrize(
    ("job", "word"),
    [
        (
            replace(JOB, n_done=12, provider_status="finalizing", status_since=NOW - 30 * MINUTE - A_MOMENT),
            "'finalizing' for more than 30 minutes",
        ),
        (replace(JOB, cancel_requested_at=NOW - 30 * MINUTE - A_MOMENT), "cancelled more than 30 minutes ago"),
        (replace(JOB, intent_at=NOW - 20 * HOUR - A_MOMENT), "older than 20 hours"),
        (replace(JOB, status=BatchJobStatus.INDETERMINATE, provider_status="asleep"), "'asleep'"),
        (replace(JOB, n_poll_errors=5, message="HTTP 500"), "5 times in a row or more: HTTP 500"),
        (replace(JOB, gone_since=NOW), "not known at the provider"),
    ],
)
def test_what_somebody_should_look_at(job: JobRecord, word: str) -> None:
    [line] = alerts(job, NOW)

    assert word in line
    assert line.startswith("small: openai batch job batch_1 ")


@pytest.mark.parametrize(
    "job",
    [
        replace(JOB, n_done=12, status_since=NOW - 30 * MINUTE),
        replace(JOB, cancel_requested_at=NOW - 30 * MINUTE),
        replace(JOB, n_done=None, status_since=NOW - 10 * HOUR),
        replace(JOB, phase=JobPhase.ENDED, intent_at=NOW - 99 * HOUR),
        replace(JOB, mode="per_request", intent_at=NOW - 99 * HOUR),
    ],
)
def test_what_is_not_unusual(job: JobRecord) -> None:
    assert alerts(job, NOW) == []
