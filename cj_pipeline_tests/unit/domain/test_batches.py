"""Batch jobs in neutral words: statuses, names, and cutting requests into jobs."""

# ruff: noqa: D103 - the name of a test is its sentence

import re

import pytest

from cj_pipeline.domain.batches import (
    OPEN_PHASES,
    BatchJobStatus,
    JobLimits,
    JobPhase,
    Outcome,
    custom_id,
    first_fitting,
    index_in_job,
    input_tokens_of,
    job_name,
)

TERMINAL = {BatchJobStatus.COMPLETED, BatchJobStatus.FAILED, BatchJobStatus.EXPIRED, BatchJobStatus.CANCELLED}
ATTEMPTS = [("c1", 1), ("c2", 1), ("c3", 2)]


def runs(sizes: list[int], max_requests: int, max_bytes: int) -> list[list[int]]:
    """Return the sizes as they are cut into jobs."""
    cut: list[list[int]] = []
    while left := sizes[sum(map(len, cut)) :]:
        cut.append(left[: first_fitting(left, JobLimits(max_requests, max_bytes))])
    return cut


@pytest.mark.parametrize("status", BatchJobStatus)
def test_a_status_is_terminal_when_results_can_be_collected(status: BatchJobStatus) -> None:
    assert status.is_terminal is (status in TERMINAL)


def test_every_request_ends_in_one_of_eight_outcomes() -> None:
    names = "ok refused truncated invalid errored expired cancelled missing"

    assert [outcome.value for outcome in Outcome] == names.split()


def test_something_may_be_running_only_in_the_open_phases() -> None:
    assert OPEN_PHASES == (JobPhase.SUBMITTING, JobPhase.SUBMITTED, JobPhase.ASKING)


def test_the_same_attempts_make_the_same_job() -> None:
    assert job_name("session", ATTEMPTS) == job_name("session", iter(ATTEMPTS))


@pytest.mark.parametrize(
    ("session", "attempts"),
    [
        ("another", ATTEMPTS),
        ("session", ATTEMPTS[:2]),
        ("session", ATTEMPTS[::-1]),
        ("session", [("c1", 1), ("c2", 1), ("c3", 3)]),
        ("session", [("c1", 1), ("c2", 1), ("c31", 2)]),
        ("session", []),
    ],
)
def test_other_attempts_make_another_job(session: str, attempts: list[tuple[str, int]]) -> None:
    assert job_name(session, attempts) != job_name("session", ATTEMPTS)


def test_a_job_name_is_16_hex_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", job_name("session", ATTEMPTS))


@pytest.mark.parametrize("index", [0, 1, 99_999, 100_000, 999_999])
def test_a_custom_id_fits_both_providers_and_shows_its_job(index: int) -> None:
    job = job_name("session", ATTEMPTS)
    name = custom_id(job, index)

    assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name)
    assert len(name) == 23
    assert name.startswith(f"{job}-")
    assert int(name.rpartition("-")[2]) == index


def test_custom_ids_sort_in_the_order_of_the_requests() -> None:
    names = [custom_id("job", index) for index in range(0, 200_000, 999)]

    assert names == sorted(names)


@pytest.mark.parametrize(
    ("n", "expected"), [(0, []), (1, [1]), (4, [4]), (5, [5]), (6, [5, 1]), (10, [5, 5]), (11, [5, 5, 1])]
)
def test_requests_are_cut_at_the_limit_of_their_number(n: int, expected: list[int]) -> None:
    assert [len(run) for run in runs([1] * n, 5, 1000)] == expected


@pytest.mark.parametrize(
    ("last", "expected"), [(39, [[60, 39]]), (40, [[60, 40]]), (41, [[60], [41]])], ids=["below", "at", "above"]
)
def test_requests_are_cut_at_the_limit_of_their_bytes(last: int, expected: list[list[int]]) -> None:
    assert runs([60, last], 1000, 100) == expected


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [
        ([101], [[101]]),
        ([10, 101, 10], [[10], [101], [10]]),
        ([101, 102], [[101], [102]]),
        ([100, 1], [[100], [1]]),
    ],
)
def test_a_request_that_fits_no_job_gets_one_of_its_own(sizes: list[int], expected: list[list[int]]) -> None:
    assert runs(sizes, 1000, 100) == expected


def test_bytes_count_and_not_characters() -> None:
    texts = ["å" * 50, "å", "x" * 49]
    sizes = [len(text.encode()) for text in texts]

    assert runs(sizes, 1000, 100) == [[100], [2, 49]]


def test_a_cut_starts_counting_anew() -> None:
    assert runs([60, 60, 30, 20, 60], 2, 100) == [[60], [60, 30], [20, 60]]


@pytest.mark.parametrize(("size", "tokens"), [(0, 0), (1, 1), (3, 1), (4, 2), (8_000, 2_667)])
def test_a_token_is_taken_for_every_three_bytes(size: int, tokens: int) -> None:
    assert input_tokens_of(size) == tokens


@pytest.mark.parametrize(("room", "expected"), [(19, 1), (20, 2), (29, 2), (30, 3), (1000, 3), (9, 1), (-5, 1)])
def test_requests_are_cut_at_the_room_for_their_tokens(room: int, expected: int) -> None:
    assert first_fitting([30, 30, 30], JobLimits(1000, 1000, room)) == expected


def test_sizes_are_read_no_further_than_needed() -> None:
    sizes = iter([60, 60, 60, 60])

    assert first_fitting(sizes, JobLimits(1000, 100)) == 1
    assert list(sizes) == [60, 60]


JOB = "0123456789abcdef"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (f"{JOB}-000000", 0),
        (f"{JOB}-000041", 41),
        (f"{JOB}-000042", None),
        (f"{JOB}-00041", None),
        (f"{JOB}-0000041", None),
        (f"{JOB}-٠٠٠٠٤١", None),
        (f"{JOB}-+00041", None),
        (f"{JOB}-", None),
        ("fedcba9876543210-000041", None),
        ("", None),
    ],
)
def test_only_names_of_a_jobs_own_requests_have_a_place_in_it(name: str, expected: int | None) -> None:
    assert index_in_job(JOB, name, 42) == expected
