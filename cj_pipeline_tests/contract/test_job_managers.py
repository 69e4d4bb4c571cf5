# ruff: noqa: D103 - the names of the tests say it
"""What every `BatchJobManager` keeps to: one set of tests, unchanged on both adapters and on the in-memory twin."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cj_pipeline.domain.batches import BatchJobResult, BatchJobStatus, Outcome
from cj_pipeline.domain.verdicts import Verdict, read_verdict
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.errors import (
    IndeterminateProviderError,
    PermanentProviderError,
    TransientProviderError,
)
from cj_pipeline_tests.support.manager_benches import MANAGERS, ManagerBench, open_bench

JOB, OTHER = "0123456789abcdef", "fedcba9876543210"


@pytest.fixture(params=MANAGERS)
def bench(request: pytest.FixtureRequest, emulator: RunningEmulator, tmp_path: Path) -> Iterator[ManagerBench]:
    with open_bench(request.param, emulator, tmp_path) as made:
        yield made


def results_of(bench: ManagerBench, job: JobRecord) -> dict[str, BatchJobResult]:
    """Results by name; every row is readable and every name comes once."""
    read = [bench.manager.decode(line) for line in bench.rows(job)]
    found = {one.custom_id: one for one in read if one is not None}
    assert len(found) == len(read)
    return found


def test_a_completed_job_gives_exactly_one_readable_answer_per_request(bench: ManagerBench) -> None:
    job = bench.create(JOB, 8)
    assert not bench.manager.status(job).status.is_terminal

    ref = bench.ended(job)
    results = results_of(bench, job)

    assert ref.status is BatchJobStatus.COMPLETED
    assert (ref.job_id, ref.n_requests, ref.n_done) == (JOB, 8, 8)
    assert set(results) == {item.custom_id for item in bench.items(JOB, 8)}
    assert {result.outcome for result in results.values()} == {Outcome.OK}
    assert all(isinstance(read_verdict(result.text), Verdict) for result in results.values())
    assert all(result.usage.input_tokens > 0 and result.usage.output_tokens > 0 for result in results.values())


def test_a_job_that_adds_up_its_tokens_agrees_with_its_rows(bench: ManagerBench) -> None:
    job = bench.create(JOB)

    reported = bench.ended(job).usage
    rows = results_of(bench, job).values()

    if reported is not None:
        assert reported.input_tokens == sum(row.usage.input_tokens for row in rows)
        assert reported.output_tokens == sum(row.usage.output_tokens for row in rows)
    assert (reported is None) == (bench.manager.provider == "anthropic")


def test_equal_requests_are_equal_bytes_and_one_line(bench: ManagerBench) -> None:
    [item] = bench.items(JOB, 1, essays="line one\nline two \u2028 three")

    written = bench.manager.encode(item)

    assert written == bench.manager.encode(item)
    assert b"\n" not in written
    assert "\u2028".encode() in written


def test_results_are_asked_for_too_early_without_harm(bench: ManagerBench) -> None:
    job = bench.create(JOB)

    with pytest.raises(TransientProviderError):
        bench.manager.collect(job, bench.raw, "early")

    bench.ended(job)
    assert len(results_of(bench, job)) == 8


@pytest.mark.parametrize("decoy_first", [True, False])
def test_a_job_whose_reply_was_lost_is_found_beside_an_equally_large_one(
    bench: ManagerBench, *, decoy_first: bool
) -> None:
    if decoy_first:
        bench.create(OTHER)
    requests = [bench.manager.encode(item) for item in bench.items(JOB, 8)]
    job = bench.prepared(JOB, requests)
    bench.lose_reply("create")
    with pytest.raises(IndeterminateProviderError):
        bench.manager.schedule(job, iter(requests))
    if not decoy_first:
        bench.create(OTHER)
    bench.advance(2000)

    [found] = bench.manager.locate(job, set()).refs

    assert found.job_id == JOB
    adopted = replace(job, provider_batch_id=found.provider_batch_id)
    assert set(results_of(bench, adopted)) == {item.custom_id for item in bench.items(JOB, 8)}


def test_a_job_that_was_never_created_is_not_found(bench: ManagerBench) -> None:
    requests = [bench.manager.encode(item) for item in bench.items(JOB, 8)]
    job = bench.prepared(JOB, requests)
    bench.drop_request()
    with pytest.raises(IndeterminateProviderError):
        bench.manager.schedule(job, iter(requests))

    located = bench.manager.locate(job, set())

    assert located.refs == ()
    assert located.unsettled == ""
    assert bench.n_jobs() == 0


def test_a_job_is_found_once_lists_show_it(bench: ManagerBench) -> None:
    requests = [bench.manager.encode(item) for item in bench.items(JOB, 8)]
    job = bench.prepared(JOB, requests)
    bench.hide_next_job(300.0)
    bench.lose_reply("create")
    with pytest.raises(IndeterminateProviderError):
        bench.manager.schedule(job, iter(requests))
    assert bench.manager.locate(job, set()).refs == ()

    bench.advance(2000)

    assert len(bench.manager.locate(job, set()).refs) == 1


def test_cancelling_keeps_the_answers_there_are(bench: ManagerBench) -> None:
    job = bench.create(JOB, 40)
    bench.advance(50)
    while bench.manager.status(job).n_done == 0:  # None where the provider gives no progress
        bench.advance(5)

    bench.manager.cancel(job.provider_batch_id)
    bench.manager.cancel(job.provider_batch_id)
    ref = bench.ended(job)

    names = {item.custom_id for item in bench.items(JOB, 40)}
    results = results_of(bench, job)
    answered = {name for name, result in results.items() if result.outcome is Outcome.OK}
    assert ref.status is BatchJobStatus.CANCELLED
    assert set(results) <= names
    assert 0 < len(answered) < 40
    assert {r.outcome for name, r in results.items() if name not in answered} <= {Outcome.CANCELLED}


def test_cancelling_what_has_ended_changes_nothing(bench: ManagerBench) -> None:
    job = bench.create(JOB)
    bench.ended(job)

    bench.manager.cancel(job.provider_batch_id)
    bench.manager.cancel(job.provider_batch_id)

    assert bench.manager.status(job).status is BatchJobStatus.COMPLETED
    assert len(results_of(bench, job)) == 8


def test_purging_deletes_the_results_once_and_for_all(bench: ManagerBench) -> None:
    job = bench.create(JOB)
    bench.ended(job)
    assert len(results_of(bench, job)) == 8

    bench.manager.purge(job)
    bench.manager.purge(job)

    with pytest.raises(PermanentProviderError) as caught:
        bench.rows(job)
    assert caught.value.status_code == 404


def test_a_running_job_is_not_purged(bench: ManagerBench) -> None:
    job = bench.create(JOB)

    with pytest.raises(PermanentProviderError):
        bench.manager.purge(job)

    bench.ended(job)
    assert len(results_of(bench, job)) == 8


def test_purging_what_never_was_is_fine(bench: ManagerBench) -> None:
    job = bench.create(JOB)

    bench.manager.purge(replace(job, provider_batch_id=""))
    bench.manager.purge(replace(job, provider_batch_id="job-nobody-made"))

    bench.ended(job)
    assert len(results_of(bench, job)) == 8


def test_an_answer_at_once_reads_as_the_same_requests_row_in_a_job(bench: ManagerBench) -> None:
    job = bench.create(JOB)
    bench.ended(job)
    in_job = results_of(bench, job)

    for item in bench.items(JOB, 8):
        row = bench.manager.ask(bench.manager.encode(item))
        at_once = bench.manager.decode(row)

        assert at_once is not None
        assert b"\n" not in row
        assert replace(at_once, response_id="") == replace(in_job[item.custom_id], response_id="")


def test_a_refused_request_is_data_at_once_as_in_a_job(bench: ManagerBench) -> None:
    changes = {"parameters": {"max_output_tokens": 0}}
    job = bench.create(JOB, 2, **changes)
    bench.ended(job)
    [item, _] = bench.items(JOB, 2, **changes)

    at_once = bench.manager.decode(bench.manager.ask(bench.manager.encode(item)))

    assert at_once == results_of(bench, job)[item.custom_id]
    assert at_once is not None
    assert at_once.outcome is Outcome.ERRORED
    assert not at_once.retryable
    assert at_once.error


def test_an_answer_that_was_lost_is_possibly_paid(bench: ManagerBench) -> None:
    [item] = bench.items(JOB, 1)
    bench.lose_reply("ask")

    with pytest.raises(IndeterminateProviderError):
        bench.manager.ask(bench.manager.encode(item))

    assert bench.manager.ask(bench.manager.encode(item))


def test_a_job_nobody_made_is_a_permanent_error(bench: ManagerBench) -> None:
    job = replace(bench.prepared(JOB, [b"{}"]), provider_batch_id="job-nobody-made")

    with pytest.raises(PermanentProviderError) as of_status:
        bench.manager.status(job)
    with pytest.raises(PermanentProviderError) as of_cancel:
        bench.manager.cancel("job-nobody-made")

    assert of_status.value.status_code == 404
    assert of_cancel.value.status_code == 404


def test_a_name_that_comes_twice_makes_no_job_that_answers(bench: ManagerBench) -> None:
    [item] = bench.items(JOB, 1)
    requests = [bench.manager.encode(item)] * 2
    job = bench.prepared(JOB, requests)

    try:
        ref = bench.manager.schedule(job, iter(requests))
    except PermanentProviderError:
        assert bench.n_jobs() == 0
    else:
        assert bench.ended(replace(job, provider_batch_id=ref.provider_batch_id)).status is BatchJobStatus.FAILED
