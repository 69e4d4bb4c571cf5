"""Admission: how much more may wait at a provider, so that a job is not refused because the account's queue is full.

OpenAI bounds the input tokens that wait for a model, Anthropic the requests that wait at all, and OpenAI the number of
jobs created in an hour. What an account may have is known from its settings page (`CJ_QUEUE_TOKENS`), or learned from
a refusal: then half of what was waiting is taken for the bound.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from cj_pipeline.domain.batches import JobLimits, JobPhase, first_fitting, input_tokens_of
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import JobRecord, QueueLimit

_WAITING_PHASES = (JobPhase.SUBMITTING, JobPhase.SUBMITTED)
_FORGET = timedelta(hours=6)
"""After this time a learned bound is tried again: it may have come from another program's jobs."""

SMALLEST_SHARE: Final = 0.25
"""A job that is cut to the room there is should take this share of the whole bound at least, so that jobs stay few."""


@dataclass(frozen=True, slots=True)
class Room:
    """What may be sent to an account for a model now.

    Attributes:
        limits: What the next job may hold.
        bound_tokens: Input tokens that may wait in all, None where there is no bound.
        is_empty: Whether nothing of ours waits there.
        wait: Why nothing may be sent now; empty if something may.
    """

    limits: JobLimits
    bound_tokens: int | None
    is_empty: bool
    wait: str = ""


def room_for(engine: Engine, provider: str, model: str) -> Room:
    """How much may be sent now, from the ledger and the options."""
    manager, options, now = engine.managers[provider], engine.options, engine.clock.now()
    waiting = _at_account(engine.ledger.jobs(phases=_WAITING_PHASES), provider, manager.account)
    same_model = [job for job in waiting if job.model == model]
    bound, hold = _bound(engine, provider, model)
    room = Room(manager.limits, bound, not same_model)
    if hold:
        return replace(room, wait=hold)
    hour = engine.ledger.jobs(intent_since=now - timedelta(hours=1))
    if len(_at_account(hour, provider, manager.account)) >= options.creates_per_hour:
        return replace(room, wait=f"{options.creates_per_hour} jobs were created at {provider} within the hour.")
    if bound is not None:
        left = bound - sum(job.queued_tokens for job in same_model)
        room = replace(room, limits=replace(room.limits, max_tokens=left))
    if provider in options.queued_requests:
        free = int(options.queued_requests[provider] * options.queue_share) - sum(job.n_requests for job in waiting)
        if free < 1:
            return replace(room, wait=f"{sum(j.n_requests for j in waiting)} requests wait at {provider} already.")
        room = replace(room, limits=replace(room.limits, max_requests=min(room.limits.max_requests, free)))
    return room


def _at_account(jobs: Iterable[JobRecord], provider: str, account: str) -> list[JobRecord]:
    return [job for job in jobs if job.is_batch and (job.provider, job.account) == (provider, account)]


def _bound(engine: Engine, provider: str, model: str) -> tuple[int | None, str]:
    """Tokens that may wait for a model, and why nothing may be sent at all."""
    options, now = engine.options, engine.clock.now()
    stated = options.queue_tokens.get(f"{provider}/{model}", options.queue_tokens.get(provider))
    bounds = [] if stated is None else [int(stated * options.queue_share)]
    learned = engine.ledger.queue_limit(provider, engine.managers[provider].account, model)
    if learned and learned.learned_at + _FORGET > now:
        if learned.hold_until > now:
            return None, f"{provider} refused a job for {model} because too many tokens were waiting."
        bounds.append(learned.max_tokens)
    return min(bounds, default=None), ""


def next_job_size(room: Room, sizes: list[int]) -> int:
    """How many of the next requests to put into a job now; 0 if it is better to wait for room.

    Args:
        room: From `room_for`.
        sizes: Bytes of every request that is to be sent.
    """
    if room.wait or not sizes:
        return 0
    n = first_fitting(sizes, room.limits)
    tokens = sum(map(input_tokens_of, sizes[:n]))
    free, bound = room.limits.max_tokens, room.bound_tokens
    if room.is_empty or free is None or bound is None:
        return n
    is_worth_it = n == len(sizes) or tokens >= SMALLEST_SHARE * bound
    return n if tokens <= free and is_worth_it else 0


def learn_from_refusal(engine: Engine, job: JobRecord) -> None:
    """Keep that a job was refused because too many tokens were waiting: half of that is the bound from now on."""
    now = engine.clock.now()
    others = _at_account(engine.ledger.jobs(phases=_WAITING_PHASES), job.provider, job.account)
    waiting = sum(other.queued_tokens for other in others if other.model == job.model and other.job_id != job.job_id)
    known = engine.ledger.queue_limit(job.provider, job.account, job.model)
    half = (waiting + job.queued_tokens) // 2
    if known and known.learned_at + _FORGET > now:
        half = min(half, known.max_tokens)
    hold = now + timedelta(seconds=engine.options.poll_max_s)
    engine.ledger.learn_queue_limit(QueueLimit(job.provider, job.account, job.model, max(half, 1), hold, now))
