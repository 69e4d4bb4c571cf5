"""Forecast: what is still to be asked, and what it will cost, before anything is sent. Needs no key."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cj_pipeline.domain.batches import JobLimits, Usage, first_fitting
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.engine.cost import Spending, spending, worst_case_usd
from cj_pipeline.engine.deciding import PairSet, needs_asking
from cj_pipeline.engine.expectations import Expectation, expectation
from cj_pipeline.engine.modes import cache_lifetime, session_mode
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.preparing import wants_more_room
from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.engine.requests import RequestWriter


@dataclass(frozen=True, slots=True)
class JudgeForecast:
    """What is still to be asked of one judge.

    Attributes:
        judge: Its name.
        n_requests: Requests, canaries included.
        n_canaries: Requests asked first and by themselves, at the full price.
        n_jobs: Batch jobs, by the provider's limits of size and by what may wait in the account's queue; 0 in the
            synchronous modes.
        n_rounds: Times the account's queue is filled, one after the other; 0 in the synchronous modes.
        input_tokens: Input tokens, expected.
        output_tokens: Output tokens, expected.
        low_usd: Cost if answers are short; None where the price is unknown, and so the next two.
        expected_usd: Cost as expected.
        high_usd: Most it can cost: what the cost limit reserves.
    """

    judge: str
    n_requests: int
    n_canaries: int
    n_jobs: int
    n_rounds: int
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
        observed: Whether expected figures rest on this judging session's own answers, and not on assumptions.
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
    """What a pair set still needs and will cost.

    What was asked before and is to be asked again is part of it; that something now asked will fail and be asked
    again is not.

    Args:
        engine: The engine.
        pairs: The pair set as it stands.
    """
    assessment = pairs.snapshot.assessment
    totals = engine.ledger.totals(pairs.session.session_id)
    open_ = [c for c in pairs.comparisons if needs_asking(c, engine.options.max_attempts)]
    alone = len(assessment.judges) == 1
    judges, observed = [], False
    for judge in assessment.judges:
        expected = expectation(judge, totals, alone=alone)
        observed = observed or expected.mean is not None
        groups = list(_groups(engine, pairs, judge, [c for c in open_ if c.judge == judge.name]))
        if groups:
            judges.append(_of_judge(engine, judge, groups, expected))
    return Forecast(
        judges=tuple(judges),
        spending=spending(engine, pairs.snapshot.name, pairs.session),
        limit_usd=assessment.max_cost_usd,
        mode=session_mode(pairs.session, engine.options),
        observed=observed,
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """Requests of one judge that are priced alike, apart from the canary at their head."""

    sizes: Sequence[int]
    allowance: int
    batch: bool
    kept_bytes: int
    n_canaries: int

    def parts(self) -> Iterator[tuple[Sequence[int], bool]]:
        """Sizes, and whether the batch rate applies to them."""
        yield self.sizes[: self.n_canaries], False
        yield self.sizes[self.n_canaries :], self.batch


def _groups(engine: Engine, pairs: PairSet, judge: JudgeSpec, mine: Sequence[ComparisonRecord]) -> Iterator[_Group]:
    """What is to be asked of a judge by output allowance, as a submission would send it."""
    mode = session_mode(pairs.session, engine.options)
    batch, cache = mode is BatchingMode.PROVIDER_BATCH_API, cache_lifetime(mode)
    proven = any(c.winner for c in pairs.comparisons if c.judge == judge.name)
    manager = engine.managers[judge.provider]
    for enlarged in (False, True):
        group = [c for c in mine if wants_more_room(c) == enlarged]
        if group:
            writer = RequestWriter(pairs.snapshot, pairs.session, judge, manager, enlarged=enlarged, cache=cache)
            flies = batch and not proven and 0 < engine.options.canary_from <= len(group)
            sizes = [writer.size(c) for c in group]
            kept = writer.static_bytes if cache else 0
            yield _Group(sizes, writer.parameters["max_output_tokens"], batch, kept, int(flies))


def _of_judge(engine: Engine, judge: JudgeSpec, groups: Sequence[_Group], expected: Expectation) -> JudgeForecast:
    usages = [expected.expected(size) for group in groups for size in group.sizes]
    jobs = [_jobs_and_rounds(engine, judge, g.sizes[g.n_canaries :]) for g in groups if g.batch]
    return JudgeForecast(
        judge=judge.name,
        n_requests=len(usages),
        n_canaries=sum(group.n_canaries for group in groups),
        n_jobs=sum(n_jobs for n_jobs, _ in jobs),
        n_rounds=sum(n_rounds for _, n_rounds in jobs),
        input_tokens=sum(usage.input_tokens for usage in usages),
        output_tokens=sum(usage.output_tokens for usage in usages),
        low_usd=_cost(judge, groups, expected.low),
        expected_usd=_cost(judge, groups, expected.expected),
        high_usd=_worst_case(judge, groups),
    )


def _cost(judge: JudgeSpec, groups: Sequence[_Group], usage_of: Callable[[int], Usage]) -> float | None:
    rates = judge.rates
    parts = [part for group in groups for part in group.parts()]
    return _sum(rates.cost_usd(usage_of(size), batch=batch) for sizes, batch in parts for size in sizes)


def _worst_case(judge: JudgeSpec, groups: Sequence[_Group]) -> float | None:
    return _sum(
        worst_case_usd(judge, sizes, max_output_tokens=group.allowance, batch=batch, kept_bytes=group.kept_bytes)
        for group in groups
        for sizes, batch in group.parts()
    )


def _jobs_and_rounds(engine: Engine, judge: JudgeSpec, sizes: Sequence[int]) -> tuple[int, int]:
    """Jobs that the requests make, and how many times they fill the queue that the options allow."""
    options, limits = engine.options, engine.managers[judge.provider].limits
    stated = options.queue_tokens.get(f"{judge.provider}/{judge.model}", options.queue_tokens.get(judge.provider))
    tokens = None if stated is None else int(stated * options.queue_share)
    queued = options.queued_requests.get(judge.provider)
    requests = len(sizes) if queued is None else int(queued * options.queue_share)
    queue = JobLimits(max(requests, 1), sum(sizes), tokens)
    most = min((n for n in (limits.max_tokens, tokens) if n is not None), default=None)
    job = JobLimits(min(limits.max_requests, queue.max_requests), limits.max_bytes, most)
    return _n_parts(sizes, job), _n_parts(sizes, queue)


def _n_parts(sizes: Sequence[int], limits: JobLimits) -> int:
    start = n_parts = 0
    while start < len(sizes):
        start += first_fitting((sizes[i] for i in range(start, len(sizes))), limits)
        n_parts += 1
    return n_parts


def _sum(values: Iterable[float | None]) -> float | None:
    total = 0.0
    for value in values:
        if value is None:
            return None
        total += value
    return total
