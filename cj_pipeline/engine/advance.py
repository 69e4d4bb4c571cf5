"""What an assessment needs next, decided from the ledger alone, so that sensor and command line never disagree."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from cj_pipeline.domain.batches import OPEN_PHASES, JobPhase
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import FINAL_DECISIONS, Decision, Standing
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.engine.admission import SMALLEST_SHARE, room_for
from cj_pipeline.engine.collect import was_answered
from cj_pipeline.engine.deciding import needs_asking, state_key
from cj_pipeline.engine.modes import session_mode
from cj_pipeline.engine.plan import current_session, split_current
from cj_pipeline.engine.poll import is_ours
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import IN_FLIGHT, ComparisonRecord, JobRecord
from cj_pipeline.engine.session_activity import SessionActivity
from cj_pipeline.engine.standing import why_stopped


@dataclass(frozen=True, slots=True)
class CollectGroup:
    """Ended jobs of one assessment whose results wait to be collected.

    Attributes:
        assessment: Name of the assessment.
        key: Name of exactly this set of jobs: another set has another name.
    """

    assessment: str
    key: str


def collect_groups(engine: Engine) -> list[CollectGroup]:
    """Judging sessions with ended jobs whose results are to be collected now.

    That is when none of their jobs runs any more; or at once, where comparisons are held back until there is room at a
    provider, because results say what the next job may cost. Jobs of an account that is not set up here are left out:
    they can neither be polled nor collected.
    """
    by_session: dict[tuple[str, str], list[JobRecord]] = {}
    for job in engine.ledger.jobs(phases=[*OPEN_PHASES, JobPhase.ENDED]):
        if is_ours(engine, job):
            by_session.setdefault((job.assessment, job.session_id), []).append(job)
    groups = []
    for (name, session_id), jobs in sorted(by_session.items()):
        ended = [job for job in jobs if job.phase is JobPhase.ENDED or _is_left_answered(engine, job)]
        if ended and (len(ended) == len(jobs) or _holds_back(engine, name, session_id)):
            groups.append(_group(name, ended))
    return groups + _undecided(engine, {group.assessment for group in groups})


def _is_left_answered(engine: Engine, job: JobRecord) -> bool:
    """Whether a worker died after the last answer of a job and before it could end it."""
    if job.phase is not JobPhase.ASKING or not engine.ledger.lease_is_free(
        f"submit:{job.assessment}", engine.clock.now()
    ):
        return False
    return was_answered(engine, job)


def _undecided(engine: Engine, taken: set[str]) -> list[CollectGroup]:
    """Assessments in which nothing is under way and whose state was not decided about: no state waits for ever."""
    records = [r for wanted in (Standing.ACTIVE, Standing.CANCELLED) for r in engine.ledger.standings(wanted)]
    activity = _activity(engine)
    found = []
    for record in records:
        name = record.assessment
        # Whichever of its sessions is the current one, something of it is under way: nothing has to be read.
        is_under_way = all(session.n_in_flight for session in activity.get(name, ()))
        key = "" if name in taken or is_under_way else _undecided_state(engine, name, record.standing)
        if key:
            found.append(CollectGroup(record.assessment, f"decide-{key[:12]}"))
    return found


def _activity(engine: Engine) -> dict[str, list[SessionActivity]]:
    """What the sessions of every active or cancelled assessment are at."""
    found: dict[str, list[SessionActivity]] = {}
    for session in engine.ledger.session_activity(engine.options.max_attempts):
        found.setdefault(session.assessment, []).append(session)
    return found


def _may_go_on(sessions: Iterable[SessionActivity]) -> bool:
    """Whether one of the sessions has something to ask or wants a wave; whether it is the current one is not known."""
    return any(s.n_to_ask or s.last_decision == Decision.REQUEST_MORE_COMPARISONS for s in sessions)


def _undecided_state(engine: Engine, name: str, standing: Standing) -> str:
    snapshot = engine.tables.load_snapshot(name)
    session = current_session(engine, snapshot) if snapshot else None
    is_free = engine.ledger.lease_is_free(f"submit:{name}", engine.clock.now())
    if snapshot is None or session is None or not is_free:
        return ""
    by_status = engine.ledger.totals(session.session_id).by_status
    is_under_way = by_status.get(IN_FLIGHT, 0) > 0
    if is_under_way or (standing is Standing.ACTIVE and _open_comparisons(engine, name)) or not by_status:
        return ""
    state = state_key(engine, snapshot, session.session_id)
    last = engine.ledger.latest_decision(session.session_id)
    if last is None or last.numbers.get("state") != state:
        return state
    # Whoever made a final decision closes the assessment next. It is still open: that process has died in between.
    return state if standing is Standing.ACTIVE and last.decision in FINAL_DECISIONS else ""


def _wants_a_wave(engine: Engine, name: str) -> bool:
    """Whether the decision on the state as it is now is for one more wave."""
    snapshot = engine.tables.load_snapshot(name)
    session = current_session(engine, snapshot) if snapshot else None
    last = engine.ledger.latest_decision(session.session_id) if session else None
    if snapshot is None or session is None or last is None or last.decision != Decision.REQUEST_MORE_COMPARISONS:
        return False
    return bool(last.numbers.get("state") == state_key(engine, snapshot, session.session_id))


def _holds_back(engine: Engine, name: str, session_id: str) -> bool:
    return not why_stopped(engine, name) and engine.ledger.n_to_ask(session_id, engine.options.max_attempts) > 0


def unfinished_assessments(engine: Engine) -> list[str]:
    """Assessments that go on by themselves, by name.

    They have jobs that may still be running or wait to be collected, comparisons that are still to be asked within
    what a person submitted, or a decision that is to be made or acted on.
    """
    at_work = set(_jobs_under_way(engine))
    at_work |= {group.assessment for group in _undecided(engine, at_work)}
    activity = _activity(engine)
    active = {record.assessment for record in engine.ledger.standings(Standing.ACTIVE)} - at_work
    active = {name for name in active if _may_go_on(activity.get(name, ()))}
    going_on = {name for name in active if _open_comparisons(engine, name) or _wants_a_wave(engine, name)}
    return sorted(at_work | going_on)


@dataclass(frozen=True, slots=True)
class Continuation:
    """An assessment whose submission goes on: within what a person submitted, more is to be asked.

    Attributes:
        assessment: Its name.
        key: Name of exactly this state: once something was sent or answered, it has another name.
    """

    assessment: str
    key: str


def continuations(engine: Engine) -> list[Continuation]:
    """Assessments that were submitted, were not stopped since, and have something to ask that can be sent now.

    That is: comparisons held back because a provider's queue was full, jobs that do not exist after all, requests
    whose failure can be helped, what a worker that died has left, and one more wave where that was decided.
    """
    activity, under_way = _activity(engine), _jobs_under_way(engine)
    found = []
    for record in engine.ledger.standings(Standing.ACTIVE):
        name = record.assessment
        need = _need(engine, under_way.get(name, []))
        is_free = need is not _Need.NOTHING and engine.ledger.lease_is_free(f"submit:{name}", engine.clock.now())
        if is_free and (need is _Need.RESCUE or _may_go_on(activity.get(name, ()))):
            found += _continuation(engine, name, need)
    return found


class _Need(Enum):
    """What the jobs of an assessment say of its going on."""

    RESCUE = auto()
    """A worker that died has left something."""

    NOTHING = auto()
    """Results come first: they say what is to be asked again, and what the next job may cost."""

    WHAT_IS_OPEN = auto()
    """What was not asked yet, if anything."""


def _need(engine: Engine, jobs: Iterable[JobRecord]) -> _Need:
    if any(job.phase in {JobPhase.ASKING, JobPhase.PREPARED} or _is_overdue(engine, job) for job in jobs):
        return _Need.RESCUE
    return _Need.NOTHING if any(job.phase is JobPhase.ENDED for job in jobs) else _Need.WHAT_IS_OPEN


def _jobs_under_way(engine: Engine) -> dict[str, list[JobRecord]]:
    """Jobs of ours that are neither collected nor rejected, by assessment."""
    found: dict[str, list[JobRecord]] = {}
    for job in engine.ledger.jobs(phases=[JobPhase.PREPARED, *OPEN_PHASES, JobPhase.ENDED]):
        if is_ours(engine, job):
            found.setdefault(job.assessment, []).append(job)
    return found


def _continuation(engine: Engine, name: str, need: _Need) -> list[Continuation]:
    if need is not _Need.RESCUE and not (_can_send(engine, name) or _wants_a_wave(engine, name)):
        return []
    jobs = [job for job in engine.ledger.jobs(assessment=name) if is_ours(engine, job)]
    state = "".join(f"{job.job_id}:{job.phase}:{job.n_requests}\n" for job in jobs)
    return [Continuation(name, hashlib.sha256(state.encode()).hexdigest()[:12])]


def _is_overdue(engine: Engine, job: JobRecord) -> bool:
    """Whether a create call without a clear answer has been searched for long enough to be sent again."""
    since = job.intent_at or job.created_at
    settled = timedelta(seconds=engine.options.settle_s)
    return job.phase is JobPhase.SUBMITTING and engine.clock.now() - since >= settled


def _open_comparisons(engine: Engine, name: str) -> list[ComparisonRecord]:
    """Comparisons of an assessment's current pair set that are still to be asked."""
    snapshot = engine.tables.load_snapshot(name)
    session = current_session(engine, snapshot) if snapshot else None
    most = engine.options.max_attempts
    if snapshot is None or session is None or not engine.ledger.n_to_ask(session.session_id, most):
        return []
    current, _ = split_current(engine.ledger.comparisons(session.session_id), snapshot)
    return [c for c in current if needs_asking(c, most)]


def _can_send(engine: Engine, name: str) -> bool:
    judges = {c.judge for c in _open_comparisons(engine, name)}
    snapshot = engine.tables.load_snapshot(name)
    if snapshot is None or not judges:
        return False
    session = current_session(engine, snapshot)
    if session is None or session_mode(session, engine.options) is not BatchingMode.PROVIDER_BATCH_API:
        return session is not None
    return any(_has_room(engine, judge) for judge in snapshot.assessment.judges if judge.name in judges)


def _has_room(engine: Engine, judge: JudgeSpec) -> bool:
    room = room_for(engine, judge.provider, judge.model)
    if room.wait:
        return False
    free, bound = room.limits.max_tokens, room.bound_tokens
    return room.is_empty or free is None or bound is None or free >= SMALLEST_SHARE * bound


def _group(name: str, jobs: list[JobRecord]) -> CollectGroup:
    ids = "\n".join(sorted(job.job_id for job in jobs))
    return CollectGroup(name, hashlib.sha256(ids.encode()).hexdigest()[:12])
