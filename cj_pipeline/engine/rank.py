"""Rank: from verdicts to a scale, once every planned comparison has its outcome."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from cj_pipeline.domain.batches import OPEN_PHASES, JobPhase, Outcome
from cj_pipeline.domain.continuation import Decided, Decision, Standing, StopReason
from cj_pipeline.engine.collect import describe_open_job
from cj_pipeline.engine.deciding import PairSet, conclude, needs_asking
from cj_pipeline.engine.fitting import VerdictScale
from cj_pipeline.engine.plan import load_snapshot, pair_set, planned_session, wave_plan
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.quality import Quality, fit_columns, judges_table, ranking_quality
from cj_pipeline.engine.records import IN_FLIGHT, PLANNED, ComparisonRecord, SessionTotals
from cj_pipeline.engine.standing import set_standing
from cj_pipeline.errors import DisconnectedError, EstimationError, TooFewVerdictsError
from cj_pipeline.scaling.estimate import information_of
from cj_pipeline.scaling.intervals import measure_intervals
from cj_pipeline.scaling.ranks import rank_intervals, ranks
from cj_pipeline.scaling.scale_fit import ScaleFit

COMPARISONS_TABLE = "comparisons"
RANKINGS_TABLE = "rankings"
JUDGES_TABLE = "judges"
SYNTHETIC_JUDGE = "synthetic judge (emulator)"
"""Stands in published tables where the emulator answered in a judge's place."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """There is no result yet.

    Attributes:
        reason: What is waited for, in words for people.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Ranking:
    """A fitted ranking.

    Attributes:
        table: One row per essay, best first.
        judges: One row per judge with a verdict.
        scale: The fitted scale, essays in the order of the snapshot, with the verdicts it rests on.
        pairs: The pair set it rests on.
        totals: What the session came to.
        decided: What the assessment needs next, and why.
        quality: How well the verdicts fit the scale, and how reliable it is.
    """

    table: pd.DataFrame
    judges: pd.DataFrame
    scale: VerdictScale
    pairs: PairSet
    totals: SessionTotals
    decided: Decided
    quality: Quality

    @property
    def fit(self) -> ScaleFit:
        """The fitted scale."""
        return self.scale.fit

    @property
    def is_final(self) -> bool:
        """Whether no wave follows."""
        return self.decided.is_final


def current_pair_set(engine: Engine, name: str) -> PairSet:
    """The pair set of an assessment as the ledger has it.

    Raises:
        ConfigurationError: It was never planned.
    """
    snapshot = load_snapshot(engine, name)
    session = planned_session(engine, snapshot)
    return pair_set(engine, snapshot, session)


def waiting_for(engine: Engine, pairs: PairSet) -> str:
    """What a ranking of this pair set still waits for, in words for people; empty if nothing."""
    session_id = pairs.session.session_id
    in_flight = sum(c.status == IN_FLIGHT for c in pairs.comparisons)
    planned = sum(c.status == PLANNED for c in pairs.comparisons)
    if in_flight:
        jobs = engine.ledger.jobs(session_id=session_id, phases=[JobPhase.PREPARED, *OPEN_PHASES])
        lines = "; ".join(describe_open_job(job) for job in jobs) or "results that have not been collected yet"
        return f"{in_flight} of {len(pairs.comparisons)} comparisons are being judged: {lines}."
    again = sum(needs_asking(c, engine.options.max_attempts) for c in pairs.comparisons) - planned
    if planned or again:
        return _to_be_sent(engine, pairs, planned, again)
    return ""


def _to_be_sent(engine: Engine, pairs: PairSet, planned: int, again: int) -> str:
    """What is still to be asked, unless a person has cancelled the rest: then the answers that are there count."""
    record = engine.ledger.standing(pairs.snapshot.name)
    if record is not None and record.standing is Standing.CANCELLED:
        return ""
    parts = [f"{planned} have not been sent"] if planned else []
    parts += [f"{again} failed in a way that can be helped and are asked again"] if again else []
    what = f"of {len(pairs.comparisons)} comparisons {' and '.join(parts)}"
    if record is None:
        return f"{what}: materialise `batch_submissions`."
    if record.standing is Standing.FINISHED:
        return f"{what}: they were planned after the ranking was final; materialise `batch_submissions`."
    if record.standing is Standing.PAUSED:
        return f"{what}, but {record.assessment} is paused: {record.reason} Then materialise `batch_submissions` again."
    return f"{what}; they follow by themselves."


def comparisons_table(pairs: PairSet) -> pd.DataFrame:
    """One row per comparison of the current pair set, in the order of the plan."""
    rows = [
        {
            "comparison_id": c.comparison_id,
            "wave": c.wave,
            "judge": c.judge,
            "answered_by": answered_by(c),
            "first": c.first_id,
            "second": c.second_id,
            "outcome": c.status,
            "winner": {"first": c.first_id, "second": c.second_id}.get(c.winner, ""),
            "winner_position": c.winner,
            "strength": c.strength,
            "reason": c.reason,
            "error": c.error,
            "n_attempts": c.n_attempts,
            "prompt_version": pairs.session.metadata["prompt_version"],
            "prompt_hash": pairs.session.metadata["prompt_hash"],
        }
        for c in pairs.comparisons
    ]
    return pd.DataFrame(rows)


def rank(engine: Engine, name: str) -> Ranking | Waiting:
    """Fit the ranking of an assessment, and keep the decision what it needs next.

    Returns:
        The ranking, interim where one more wave follows; or what it waits for.

    Raises:
        ConfigurationError: The pair set was never planned.
        DisconnectedError: The final verdicts leave essays without a link to the rest; they are named.
        TooFewVerdictsError: Too few comparisons gave a verdict.
        NotConvergedError: The fit stopped short.
    """
    pairs = current_pair_set(engine, name)
    waves = wave_plan(engine, pairs.snapshot, pairs.session)
    found = conclude(engine, pairs, waves)
    decided = found.decided
    if decided.is_final:
        _close(engine, name, f"{decided.explanation}.")
    if decided.decision is Decision.FINALIZE_FAILURE:
        raise _failure(name, decided)
    if found.scale is None:
        return Waiting(waiting_for(engine, pairs) or f"{decided.explanation}.")
    pairs = current_pair_set(engine, name)
    totals = engine.ledger.totals(pairs.session.session_id)
    thresholds = engine.options.quality.thresholds
    quality = ranking_quality(pairs.snapshot, pairs.comparisons, found.scale, thresholds, waves.max_waves)
    return ranking_of(pairs, found.scale, quality, totals, decided)


def ranking_of(
    pairs: PairSet, scale: VerdictScale, quality: Quality, totals: SessionTotals, decided: Decided
) -> Ranking:
    """Put a ranking together, with its tables."""
    table, judges = _table(pairs, scale, quality), judges_table(quality, scale)
    return Ranking(table, judges, scale, pairs, totals, decided, quality)


def _close(engine: Engine, name: str, reason: str) -> None:
    """A cancelled assessment stays so; any other is finished, and wakes no sensor any more."""
    record = engine.ledger.standing(name)
    if record is not None and record.standing not in {Standing.CANCELLED, Standing.FINISHED}:
        set_standing(engine, name, Standing.FINISHED, reason)


def _failure(name: str, decided: Decided) -> EstimationError:
    if decided.stop_reason is StopReason.DISCONNECTED:
        return DisconnectedError(
            f"{name}: {decided.explanation}: they have no common scale. Look at the failed comparisons in the table "
            "`comparisons`, then materialise `batch_submissions` again or raise max_pairs_cap."
        )
    return TooFewVerdictsError(
        f"{name}: {decided.explanation}. Look at the column `error` of the table `comparisons`; then mend the cause "
        "(prompt, model, output allowance) in assessment.yaml and submit again."
    )


def _table(pairs: PairSet, scale: VerdictScale, quality: Quality) -> pd.DataFrame:
    snapshot, fit = pairs.snapshot, scale.fit
    info = information_of(scale.data, scale.options, fit) if fit.covariance is None else None
    rank_low, rank_high = rank_intervals(fit, np.random.default_rng(snapshot.assessment.seed), info=info)
    low, high = measure_intervals(scale.data, scale.options, fit)
    table = pd.DataFrame(
        {
            "rank": ranks(fit.measures),
            "essay_id": [essay.essay_id for essay in snapshot.essays],
            "measure": fit.measures,
            "standard_error": fit.standard_errors,
            "interval_low": low,
            "interval_high": high,
            "diagonal_error": fit.diagonal_errors,
            "rank_low": rank_low,
            "rank_high": rank_high,
            "n_comparisons": np.rint(fit.n_comparisons).astype(np.int64),
            "n_wins": np.rint(fit.n_wins).astype(np.int64),
            **fit_columns(quality.scale.essays, quality.scale.essay_bands),
            "anchor_grade": [essay.anchor_grade for essay in snapshot.essays],
            "n_words": [essay.n_words for essay in snapshot.essays],
            "made_by": _made_by(pairs),
        }
    )
    return table.sort_values(["rank", "essay_id"], ignore_index=True)


def _made_by(pairs: PairSet) -> str:
    judges = sorted({answered_by(c) for c in pairs.comparisons if c.status == Outcome.OK})
    return ", ".join(judges)


def answered_by(comparison: ComparisonRecord) -> str:
    """Who gave a verdict: the judge, or the synthetic judge in its place; empty without a verdict."""
    if comparison.status != Outcome.OK:
        return ""
    return SYNTHETIC_JUDGE if comparison.synthetic else comparison.judge
