"""Forecast: what is still to be asked, and what it will cost, before anything is sent. Needs no key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cj_pipeline.domain.assessment import BatchingMode, JudgeSpec
from cj_pipeline.domain.batches import JobLimits, Usage, first_fitting
from cj_pipeline.engine.cost import Spending, spending, worst_case_usd
from cj_pipeline.engine.plan import PairSet, needs_asking
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import ComparisonRecord, SessionTotals
from cj_pipeline.engine.requests import RequestWriter

BYTES_PER_TOKEN: Final = 4.0
"""Bytes of request text per input token where nothing was observed yet; English runs at about 4."""

ANSWER_TOKENS: Final = (60, 120)
"""Output tokens of a verdict, low and expected: a reason of at most 400 characters and two words in JSON."""

REASONING_TOKENS: Final = {"none": (0, 0), "low": (100, 300), "medium": (300, 800), "high": (700, 2000)}
"""Output tokens of reasoning before the answer, low and expected, by effort. Nobody publishes them: a guess to be
replaced by what is observed."""

ENOUGH_ANSWERS: Final = 20
"""From this many answers of the session on, its own averages are used."""


@dataclass(frozen=True, slots=True)
class JudgeForecast:
    """What is still to be asked of one judge.

    Attributes:
        judge: Its name.
        n_requests: Requests.
        n_jobs: Batch jobs by the provider's limits of size; 0 in the synchronous modes.
        input_tokens: Input tokens, expected.
        output_tokens: Output tokens, expected.
        low_usd: Cost if answers are short; None where the price is unknown, and so the next two.
        expected_usd: Cost as expected.
        high_usd: Most it can cost: what the cost limit reserves.
    """

    judge: str
    n_requests: int
    n_jobs: int
    input_tokens: int
    output_tokens: int
    low_usd: float | None
    expected_usd: float | None
    high_usd: float | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an assessment still needs and will cost.

    Attributes:
        judges: By judge, in the order of the panel; those of which nothing is to be asked are left out.
        spending: What counts against the limit already.
        limit_usd: The cost limit, None if there is none.
        mode: How comparisons reach the models.
        observed: Whether expected figures rest on this session's own answers, and not on assumptions.
    """

    judges: tuple[JudgeForecast, ...]
    spending: Spending
    limit_usd: float | None
    mode: BatchingMode
    observed: bool

    @property
    def n_requests(self) -> int:
        """Requests still to be sent."""
        return sum(judge.n_requests for judge in self.judges)

    @property
    def low_usd(self) -> float | None:
        """Cost if answers are short; None where a price is unknown."""
        return _sum(judge.low_usd for judge in self.judges)

    @property
    def expected_usd(self) -> float | None:
        """Cost as expected; None where a price is unknown."""
        return _sum(judge.expected_usd for judge in self.judges)

    @property
    def high_usd(self) -> float | None:
        """Most it can cost; None where a price is unknown."""
        return _sum(judge.high_usd for judge in self.judges)

    def exceeds_limit(self, more_usd: float | None) -> bool:
        """Whether so much more would pass the cost limit; False where either is unknown."""
        if self.limit_usd is None or more_usd is None:
            return False
        return self.spending.total_usd + more_usd > self.limit_usd


def forecast(engine: Engine, pairs: PairSet) -> Forecast:
    """What a pair set still needs and will cost. Second tries are not part of it.

    Args:
        engine: The engine.
        pairs: The pair set as it stands.
    """
    assessment = pairs.snapshot.assessment
    totals = engine.ledger.totals(pairs.session.session_id)
    open_ = [c for c in pairs.comparisons if needs_asking(c, engine.options.max_attempts)]
    judges = []
    for judge in assessment.judges:
        mine = [c for c in open_ if c.judge == judge.name]
        if mine:
            judges.append(_of_judge(engine, pairs, judge, mine, totals))
    return Forecast(
        judges=tuple(judges),
        spending=spending(engine, pairs.snapshot.name, pairs.session),
        limit_usd=assessment.max_cost_usd,
        mode=assessment.llm_batching_mode,
        observed=_has_observed(totals),
    )


def _of_judge(
    engine: Engine, pairs: PairSet, judge: JudgeSpec, mine: Sequence[ComparisonRecord], totals: SessionTotals
) -> JudgeForecast:
    manager = engine.managers[judge.provider]
    batch = pairs.snapshot.assessment.llm_batching_mode is BatchingMode.PROVIDER_BATCH_API
    writer = RequestWriter(pairs.snapshot, pairs.session, judge, manager)
    sizes = [writer.size(c) for c in mine]
    n, total_bytes = len(sizes), sum(sizes)
    low_out, expected_out = _output_tokens(judge, totals)
    tokens_in = int(total_bytes / BYTES_PER_TOKEN)
    if _has_observed(totals):
        tokens_in = n * totals.input_tokens // _n_answers(totals)

    def cost(output_tokens: int) -> float | None:
        return judge.cost_usd(Usage(input_tokens=tokens_in, output_tokens=output_tokens * n), batch=batch)

    return JudgeForecast(
        judge=judge.name,
        n_requests=n,
        n_jobs=_n_jobs(sizes, manager.limits) if batch else 0,
        input_tokens=tokens_in,
        output_tokens=expected_out * n,
        low_usd=cost(low_out),
        expected_usd=cost(expected_out),
        high_usd=worst_case_usd(judge, sizes, batch=batch),
    )


def _output_tokens(judge: JudgeSpec, totals: SessionTotals) -> tuple[int, int]:
    """Output tokens of one answer, low and expected, never beyond the allowance."""
    if _has_observed(totals):
        mean = totals.output_tokens // _n_answers(totals)
        low, expected = mean, mean
    else:
        effort = judge.parameters.reasoning_effort or ("medium" if judge.spec.reasoning_efforts else "none")
        low, expected = (a + r for a, r in zip(ANSWER_TOKENS, REASONING_TOKENS[effort], strict=True))
    most = judge.parameters.max_output_tokens
    return min(low, most), min(expected, most)


def _n_answers(totals: SessionTotals) -> int:
    """Answers that were given and charged: verdicts, refusals, cut-off and unreadable ones."""
    return sum(totals.by_status.get(status, 0) for status in ("ok", "refused", "truncated", "invalid"))


def _has_observed(totals: SessionTotals) -> bool:
    return _n_answers(totals) >= ENOUGH_ANSWERS


def _n_jobs(sizes: Sequence[int], limits: JobLimits) -> int:
    start = n_jobs = 0
    while start < len(sizes):
        start += first_fitting((sizes[i] for i in range(start, len(sizes))), limits)
        n_jobs += 1
    return n_jobs


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total
