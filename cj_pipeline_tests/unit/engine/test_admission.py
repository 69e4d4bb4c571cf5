# ruff: noqa: D103 - the names of the tests say it
"""How many of the next requests go into a job, given the room at the provider."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cj_pipeline.domain.batches import JobLimits, input_tokens_of
from cj_pipeline.engine.admission import SMALLEST_SHARE, Room, next_job_size


def room(free: int | None, bound: int | None, *, is_empty: bool = False, wait: str = "") -> Room:
    return Room(JobLimits(100, 100_000, free), bound, is_empty, wait)


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (room(None, None), 10),
        (room(100, 100, is_empty=True), 10),
        (room(50, 100, is_empty=True), 5),
        # Too small to be worth a job of its own: better to wait.
        (room(24, 100), 0),
        (room(30, 100), 3),
        (room(9, 100), 0),
        (room(0, 100), 0),
        (room(-50, 100), 0),
        # Nothing of ours waits, so waiting would not help: one is sent whatever the bound says.
        (room(5, 5, is_empty=True), 1),
        (room(100, 100, is_empty=True, wait="the hour is full"), 0),
    ],
)
def test_the_next_job(room: Room, expected: int) -> None:
    assert next_job_size(room, [30] * 10) == expected


def test_what_is_left_is_sent_however_little_it_is() -> None:
    assert next_job_size(room(20, 100), [30]) == 1
    assert next_job_size(room(20, 100), []) == 0


@given(
    st.lists(st.integers(1, 90), min_size=1, max_size=30),
    st.integers(1, 300),
    st.integers(0, 300),
    st.booleans(),
)
def test_never_more_than_there_is_room_for(sizes: list[int], bound: int, used: int, empty: bool) -> None:  # noqa: FBT001 (drawn)
    free = bound if empty else bound - used
    n = next_job_size(room(free, bound, is_empty=empty), sizes)
    tokens = sum(map(input_tokens_of, sizes[:n]))

    assert 0 <= n <= len(sizes)
    assert n >= 1 or not empty
    assert n == 0 or tokens <= free or (empty and n == 1)
    assert n in {0, len(sizes)} or empty or tokens >= SMALLEST_SHARE * bound
