"""The course of a job as a pure function of time."""

# ruff: noqa: D103 - the name of a test is its sentence

import math

from hypothesis import given
from hypothesis import strategies as st

from cj_pipeline.emulator.schedule import Course, Disturbances, Schedule, draw_anthropic, draw_openai

ORDER = ["validating", "in_progress", "finalizing", "cancelling", "completed", "failed", "expired", "cancelled"]
spans = st.floats(0, 100_000)
disturbances = st.builds(
    Disturbances,
    invalid=st.booleans(),
    extra_finalizing_s=spans,
    done_share=st.floats(0, 1),
    stuck_in=st.sampled_from([None, "validating", "in_progress", "finalizing", "cancelling"]),
    stuck_expires=st.booleans(),
    ignores_cancel=st.booleans(),
)
courses = st.builds(
    Course,
    created_at=st.just(1000.0),
    n_requests=st.integers(1, 50),
    schedule=st.builds(Schedule, spans, spans, spans, spans),
    disturbances=disturbances,
    cancel_at=st.none() | st.floats(1000, 90_000),
)


@given(courses, st.lists(st.floats(1000, 200_000), min_size=2, max_size=6).map(sorted))
def test_a_job_never_goes_back(course: Course, times: list[float]) -> None:
    phases = [ORDER.index(course.phase(at)) for at in times]
    done = [course.n_done(at) for at in times]
    assert phases == sorted(phases)
    assert done == sorted(done)
    assert all(0 <= n <= course.n_requests for n in done)


@given(courses)
def test_nothing_outlives_its_expiry_unless_it_is_stuck(course: Course) -> None:
    end_at, _ = course.end()
    stuck = course.disturbances.stuck_in is not None and not course.disturbances.stuck_expires
    assert end_at <= course.expires_at or stuck or course.disturbances.invalid


@given(st.integers(), st.text())
def test_a_drawn_length_lies_in_its_range(seed: int, job_id: str) -> None:
    schedule = draw_openai(seed, job_id, (100.0, 200.0))
    total = schedule.validation_s + schedule.processing_s + schedule.finalizing_s
    assert 99.999 <= total <= 200.001
    assert draw_anthropic(seed, job_id, (100.0, 100.0)).processing_s == 100


def test_a_job_of_no_length_is_done_at_once() -> None:
    course = Course(0.0, 3, Schedule(0, 0, 0, 0))
    assert (course.phase(0.0), course.n_done(0.0)) == ("completed", 3)


def test_a_job_without_end_has_none() -> None:
    course = Course(0.0, 3, Schedule(1, 1, 1, 1), Disturbances(stuck_in="in_progress"))
    assert course.end()[0] == math.inf
