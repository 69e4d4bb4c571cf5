"""What the checks of a submission find: cost, requests that run twice, and the room at the providers."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.engine.admission import Room, room_for
from cj_pipeline.engine.cost import Spending, spending
from cj_pipeline.engine.deciding import PairSet, needs_asking
from cj_pipeline.engine.finding import Finding
from cj_pipeline.engine.modes import session_mode
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.rank import current_pair_set
from cj_pipeline.engine.records import JobRecord

_MOST_ROWS: Final = 10
_LIVE = (JobPhase.PREPARED, JobPhase.SUBMITTING, JobPhase.SUBMITTED, JobPhase.ASKING, JobPhase.ENDED)
"""Phases in which a job's requests are not answered for yet."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A submission as the ledger has it.

    Attributes:
        pairs: The pair set.
        spending: What counts against the cost limit.
        live: Jobs of the assessment, earlier sessions included, that are not answered for yet.
        carried: Comparisons without an outcome in each of them, by job.
        rooms: What may be sent now, by provider and model; empty in the synchronous modes, where nothing queues.
        n_held: Comparisons by judge that are still to be sent.
    """

    pairs: PairSet
    spending: Spending
    live: tuple[JobRecord, ...]
    carried: Mapping[str, frozenset[str]]
    rooms: Mapping[tuple[str, str], Room]
    n_held: Mapping[str, int]


def look_at_submission(engine: Engine, name: str) -> Sent:
    """What the checks of a submission look at.

    Raises:
        ConfigurationError: The pair set was never planned.
    """
    pairs = current_pair_set(engine, name)
    live = tuple(engine.ledger.jobs(assessment=name, phases=_LIVE))
    is_batch = session_mode(pairs.session, engine.options) is BatchingMode.PROVIDER_BATCH_API
    asked = {(j.provider, j.model) for j in pairs.snapshot.assessment.judges} if is_batch else set()
    return Sent(
        pairs,
        spending(engine, name, pairs.session),
        live,
        {job.job_id: _unanswered(engine, job) for job in live},
        {key: room_for(engine, *key) for key in sorted(asked)},
        Counter(c.judge for c in pairs.comparisons if needs_asking(c, engine.options.max_attempts)),
    )


def _unanswered(engine: Engine, job: JobRecord) -> frozenset[str]:
    attempts = engine.ledger.attempts(job.job_id).values()
    return frozenset(a.comparison_id for a in attempts if a.outcome is None)


def cost_is_within_limit(sent: Sent) -> Finding:
    """What was spent, what running jobs can still cost, and what may have been paid unseen, is within `max_cost_usd`.

    A job that could pass the limit is never sent, so this fails where the limit was lowered afterwards. Nothing more is
    sent then.
    """
    limit, so_far = sent.pairs.snapshot.assessment.max_cost_usd, sent.spending
    holds = limit is None or so_far.total_usd <= limit
    words = (
        f"{so_far.total_usd:.4f} USD are spent or reserved, and max_cost_usd is {limit or 0:.4f}: it was "
        "lowered after jobs were sent. Nothing more is sent. Cancel the assessment (cancel_assessment) to end "
        "what runs, or raise the limit."
    )
    amounts = {
        "spent_usd": so_far.spent_usd,
        "reserved_usd": so_far.reserved_usd,
        "possibly_paid_usd": so_far.possible_usd,
    }
    return Finding(
        holds,
        "" if holds else words,
        {**amounts, "max_cost_usd": "none" if limit is None else limit},
        ("job", "model", "phase", "requests", "at most USD"),
        tuple(
            (j.provider_batch_id or j.job_id, j.model, j.phase.value, j.n_requests, j.reserved_usd)
            for j in sent.live[:_MOST_ROWS]
        ),
        is_grave=True,
    )


def nothing_runs_twice(sent: Sent) -> Finding:
    """Every batch of requests is in one live job, and every comparison is asked by one live job at a time.

    Jobs are told apart by the digest of their requests. Two with the same one are paid twice. It blocks.
    """
    prints = Counter((job.account, job.request_sha256) for job in sent.live)
    asked = Counter(c for carried in sent.carried.values() for c in carried)
    twice = {c for c, n in asked.items() if n > 1}
    faulty = [
        job
        for job in sent.live
        if prints[(job.account, job.request_sha256)] > 1 or not twice.isdisjoint(sent.carried[job.job_id])
    ]
    names = ", ".join(job.provider_batch_id or job.job_id for job in faulty[:_MOST_ROWS])
    words = (
        f"The same requests are in several live jobs: {names}. Cancel all but one at the provider, or cancel the "
        "assessment (cancel_assessment) and submit again. See docs/operations/batch-jobs.md."
    )
    return Finding(
        not faulty,
        words if faulty else "",
        {
            "n_jobs_not_collected": len(sent.live),
            "n_requests_under_way": sum(asked.values()),
            "n_comparisons_asked_twice": len(twice),
        },
        ("job", "model", "phase", "requests", "fingerprint"),
        tuple(
            (j.provider_batch_id or j.job_id, j.model, j.phase.value, j.n_requests, j.request_sha256[:12])
            for j in (faulty or sent.live)[:_MOST_ROWS]
        ),
        is_grave=True,
    )


def queue_has_room(sent: Sent) -> Finding:
    """What waits at the providers is within what the account may have waiting, and nothing is held back for it.

    The bounds come from CJ_QUEUE_TOKENS and CJ_QUEUED_REQUESTS, or were learned from a refusal. What is held back
    follows by itself. It warns.
    """
    rows, said = [], []
    for (provider, model), room in sent.rooms.items():
        free, bound = room.limits.max_tokens, room.bound_tokens
        waiting = None if bound is None or free is None else bound - free
        held = sum(sent.n_held.get(j.name, 0) for j in sent.pairs.snapshot.assessment.judges if j.model == model)
        rows.append((provider, model, waiting, bound, held))
        if waiting is not None and bound is not None and waiting > bound:
            said.append(
                f"{waiting} tokens wait for {model}, and {bound} may; nothing more is sent until jobs have ended."
            )
        elif held:
            said.append(f"{held} comparisons for {model} are not sent yet. {room.wait}".strip())
    remedy = " They follow by themselves. If that lasts, raise CJ_QUEUE_TOKENS to what the account's limits page says."
    return Finding(
        not said,
        " ".join(said) + remedy if said else "",
        {"n_models": len(rows), "n_held_back": sum(sent.n_held.values()) if sent.rooms else 0},
        ("provider", "model", "tokens waiting", "tokens allowed", "comparisons held back"),
        tuple(rows),
    )


SUBMISSION_FINDERS: Final[Mapping[str, Callable[[Sent], Finding]]] = {
    "cost_is_within_limit": cost_is_within_limit,
    "nothing_is_sent_twice": nothing_runs_twice,
    "queue_has_room": queue_has_room,
}
"""Every check of a submission, by its name."""
