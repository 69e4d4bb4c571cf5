"""From the ledger to the artefact's comparisons and token counts."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, Final

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.domain.prompting import build_prompt, context_of
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.answer_records import AnswerRecord
from cj_pipeline.engine.deciding import PairSet, needs_asking
from cj_pipeline.engine.records import IN_FLIGHT, PLANNED, ComparisonRecord
from cj_pipeline.harness.eng5.alignment import winner
from cj_pipeline.harness.eng5.schema_results import ComparisonEntry, TokenCount

_NO_CODE: Final = ""
"""The one-time code of the delimiters differs from ledger to ledger; without it equal prompts have equal digests."""


def comparison_entries(
    pairs: PairSet, answers: Sequence[AnswerRecord], *, max_attempts: int, dry: bool = False
) -> tuple[ComparisonEntry, ...]:
    """Every comparison of the plan, in its order.

    Args:
        pairs: The plan.
        answers: All attempts of its session.
        max_attempts: Most times a comparison is asked.
        dry: Whether nothing was to be sent, so that nothing is pending.
    """
    mine: dict[str, list[AnswerRecord]] = defaultdict(list)
    for answer in answers:
        mine[answer.comparison_id].append(answer)
    digest = _prompt_digests(pairs.snapshot)
    entries = []
    for sequence, c in enumerate(pairs.comparisons, 1):
        status = "planned" if dry else _status(c, max_attempts)
        asked = _asked(pairs.snapshot, c, mine[c.comparison_id])
        planned = {"sequence": sequence, "status": status, "prompt_hash": digest(c), **_planned(c)}
        entries.append(ComparisonEntry.model_validate({**planned, **_verdict(c, status), **asked}))
    return tuple(entries)


def _status(c: ComparisonRecord, max_attempts: int) -> str:
    if c.status == Outcome.OK:
        return "succeeded"
    if c.status in {PLANNED, IN_FLIGHT} or needs_asking(c, max_attempts):
        return "pending"
    return "failed"


def _planned(c: ComparisonRecord) -> dict[str, Any]:
    return {
        "correlation_id": c.comparison_id,
        "wave": c.wave,
        "replicate": c.replicate,
        "essay_a_id": c.first_id,
        "essay_b_id": c.second_id,
        "n_attempts": c.n_attempts,
        "outcome": None if c.status in {PLANNED, IN_FLIGHT} else c.status,
    }


def _verdict(c: ComparisonRecord, status: str) -> dict[str, Any]:
    """Who won, and why there is no verdict where one was due."""
    won = winner(c) if status == "succeeded" else None
    lost = ({c.first_id, c.second_id} - {won}).pop() if won else None
    return {
        "winner_id": won,
        "loser_id": lost,
        "strength": c.strength if won else None,
        "justification": c.reason if won else None,
        "failure_reason": (c.error or f"the request ended as {c.status}") if status == "failed" else None,
    }


def _asked(snapshot: AssessmentSnapshot, c: ComparisonRecord, answers: Sequence[AnswerRecord]) -> dict[str, Any]:
    """What the attempts came to; the last one gives times and names."""
    judge = snapshot.assessment.judge(c.judge)
    last = answers[-1] if answers else None
    ended = [answer for answer in answers if answer.outcome]
    return {
        "provider": judge.provider,
        "model": (last.model if last else "") or judge.model,
        "request_id": last.custom_id if last else None,
        "response_id": (last.response_id or None) if last else None,
        "tokens_prompt": sum(a.usage.input_tokens for a in ended) if ended else None,
        "tokens_completion": sum(a.usage.output_tokens for a in ended) if ended else None,
        "cost_usd": known_cost(ended) if ended else None,
        "started_at": last.started_at if last else None,
        "completed_at": last.completed_at if last else None,
        "error_code": (last.error_type or None) if last else None,
    }


def _prompt_digests(snapshot: AssessmentSnapshot) -> Callable[[ComparisonRecord], str]:
    context, language = context_of(snapshot.assessment), snapshot.assessment.language
    texts = {essay.essay_id: essay.text for essay in snapshot.essays}

    def digest(c: ComparisonRecord) -> str:
        prompt = build_prompt(context, texts[c.first_id], texts[c.second_id], _NO_CODE, language=language)
        return hashlib.sha256(f"{prompt.system}\x1f{prompt.context}\x1f{prompt.essays}".encode()).hexdigest()

    return digest


def token_counts(answers: Sequence[AnswerRecord]) -> tuple[TokenCount, ...]:
    """What each model was billed for, all attempts that have their outcome."""
    by_model: dict[tuple[str, str], list[AnswerRecord]] = defaultdict(list)
    for answer in answers:
        if answer.outcome:
            by_model[answer.provider, answer.model or answer.asked_model].append(answer)
    return tuple(_token_count(*names, mine) for names, mine in sorted(by_model.items()))


def _token_count(provider: str, model: str, mine: Sequence[AnswerRecord]) -> TokenCount:
    return TokenCount(
        provider=provider,
        model=model,
        n_attempts=len(mine),
        prompt_tokens=sum(a.usage.input_tokens for a in mine),
        completion_tokens=sum(a.usage.output_tokens for a in mine),
        cached_prompt_tokens=sum(a.usage.cached_input_tokens for a in mine),
        cache_write_tokens=sum(a.usage.cache_write_tokens for a in mine),
        reasoning_tokens=sum(a.usage.reasoning_tokens for a in mine),
        cost_usd=known_cost(mine),
    )


def known_cost(ended: Sequence[AnswerRecord]) -> float | None:
    """Cost of attempts; None where one may have been paid for without our knowing, or has no known price."""
    if any(answer.possibly_paid or is_unpriced(answer) for answer in ended):
        return None
    return sum(answer.cost_usd or 0.0 for answer in ended)


def is_unpriced(answer: AnswerRecord) -> bool:
    """Whether an answer came whose price is unknown."""
    return bool(answer.response_id) and answer.cost_usd is None
