"""What requests can cost at most and what they did cost. An unknown price stays unknown."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.batches import Usage
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import SessionRecord
from cj_pipeline.errors import CostLimitError

BYTES_PER_TOKEN: Final = 2.0
"""Fewest bytes of request text taken for one token, so that the estimate errs upwards.

Anthropic gives 2.5 characters a token for its present models, over many languages; OpenAI's English runs at about 4.
"""


def worst_case_usd(
    judge: JudgeSpec,
    request_sizes: Iterable[int],
    *,
    max_output_tokens: int | None = None,
    batch: bool = True,
    kept_bytes: int = 0,
) -> float | None:
    """Most that requests can cost: every byte counted, the cache written each time, every answer as long as allowed.

    Args:
        judge: Who is asked.
        request_sizes: Bytes of every request.
        max_output_tokens: Output allowance per request; None: the judge's own.
        batch: Whether the batch rate applies.
        kept_bytes: Bytes of the static part that a provider is asked to keep; some models write all to a cache unasked.

    Returns:
        US dollars, or None where the model's price is unknown.
    """
    rates = judge.rates
    if not rates.are_known:
        return None
    allowance = judge.parameters.max_output_tokens if max_output_tokens is None else max_output_tokens
    asks = judge.spec.prompt_cache == "cache_control" and kept_bytes > 0
    most_kept = int(kept_bytes / BYTES_PER_TOKEN) + 1 if asks else 0
    total = 0.0
    for size in request_sizes:
        n = int(size / BYTES_PER_TOKEN) + 1
        hour = min(n, most_kept)
        written = n if judge.spec.prompt_cache == "automatic" else hour
        total += rates.cost_usd(Usage(n, allowance, 0, written, 0, hour), batch=batch) or 0.0
    return total


@dataclass(frozen=True, slots=True)
class Spending:
    """What an assessment has cost and can still cost.

    Attributes:
        spent_usd: Cost of all answers so far.
        reserved_usd: Most that jobs not yet collected can still cost.
        possible_usd: Most that attempts without a clear answer can have cost besides.
    """

    spent_usd: float
    reserved_usd: float
    possible_usd: float = 0.0

    @property
    def total_usd(self) -> float:
        """What counts against the cost limit."""
        return self.spent_usd + self.reserved_usd + self.possible_usd


def spending(engine: Engine, assessment: str, session: SessionRecord) -> Spending:
    """Add up all judging sessions of an assessment that share an account: a new prompt does not start at zero."""
    accounts = set(session.metadata["accounts"].values())
    same = [s for s in engine.ledger.sessions(assessment) if accounts & set(s.metadata["accounts"].values())]
    totals = [engine.ledger.totals(s.session_id) for s in same]
    return Spending(
        sum(t.spent_usd for t in totals), sum(t.reserved_usd for t in totals), sum(t.possible_usd for t in totals)
    )


def require_within_limit(assessment: Assessment, so_far: Spending, next_usd: float | None, *, live: bool) -> None:
    """Refuse a job that could take the assessment beyond its cost limit.

    Args:
        assessment: Holds `max_cost_usd`.
        so_far: What is spent and reserved already.
        next_usd: Most that the next job can cost, None where unknown.
        live: Whether a real provider is asked, which needs a limit and a price.

    Raises:
        CostLimitError: The limit is missing, cannot be checked, or would be passed.
    """
    limit = assessment.max_cost_usd
    if limit is None:
        if live:
            raise CostLimitError("a real provider is asked: set max_cost_usd in assessment.yaml to what it may cost.")
        return
    if next_usd is None:
        if live:
            raise CostLimitError(
                "the price of this model is unknown, so max_cost_usd cannot be kept: state it as `price:` under the "
                "judge in assessment.yaml, or choose a model with a price."
            )
        return
    total = so_far.total_usd + next_usd
    if total > limit:
        raise CostLimitError(
            f"the next job could bring the cost to {total:.2f} USD ({so_far.spent_usd:.2f} spent, "
            f"{so_far.reserved_usd:.2f} reserved by running jobs, {so_far.possible_usd:.2f} possibly paid, "
            f"{next_usd:.2f} for this one at most); "
            f"max_cost_usd is {limit:.2f}. Raise it in assessment.yaml, or plan fewer comparisons. Nothing was sent."
        )
