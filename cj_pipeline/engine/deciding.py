"""From the ledger to a decision: what an assessment needs next, and the fit that says so.

The decision itself is `domain.continuation.decide`. What does not belong here: acting on it (plan, submit, rank).
"""

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.domain.continuation import Decided, SessionView, Standing, decide
from cj_pipeline.domain.pairing import n_distinct_pairs
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.fitting import VerdictScale, cut_off, fit_for_stopping, fit_verdicts, judged
from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import IN_FLIGHT, MOST_UNCLEAR, PLANNED, ComparisonRecord, SessionRecord
from cj_pipeline.engine.waves import WavePlan
from cj_pipeline.errors import DisconnectedError
from cj_pipeline.scaling.quality_flags import QualityThresholds, quality_flags
from cj_pipeline.scaling.reliability import model_reliability
from cj_pipeline.scaling.scale_fit import ScaleFit


@dataclass(frozen=True, slots=True)
class PairSet:
    """The pair set of an assessment as it stands.

    Attributes:
        session: Judging session.
        snapshot: Essays and settings it was planned for.
        comparisons: Comparisons between the essays as they are now, in the order of the plan.
        n_new: How many of them were planned just now.
        n_superseded: Comparisons of essays that were edited or removed since; kept, never used.
        digest: SHA-256 over the plan.
        people: People's decisions between the essays as they are now.
    """

    session: SessionRecord
    snapshot: AssessmentSnapshot
    comparisons: tuple[ComparisonRecord, ...]
    n_new: int
    n_superseded: int
    digest: str
    people: tuple[HumanDecision, ...] = ()


def needs_asking(comparison: ComparisonRecord, max_attempts: int) -> bool:
    """Whether a comparison has to be sent: never asked, or its last attempt ended in a way that can be helped.

    An attempt without a clear answer may have been paid for; after a second one it is not asked again.
    """
    if comparison.status == PLANNED:
        return True
    has_failed = comparison.status not in {Outcome.OK, IN_FLIGHT} and comparison.retryable
    may_help = has_failed and comparison.n_possibly_paid < MOST_UNCLEAR
    return may_help and comparison.n_attempts - comparison.n_excused < max_attempts


@dataclass(frozen=True, slots=True)
class Deliberation:
    """A decision, what it saw, and the fit it rests on.

    Attributes:
        view: What the ledger showed.
        decided: What happens next.
        scale: The fitted scale; None while comparisons are under way, or where the verdicts do not link all essays.
    """

    view: SessionView
    decided: Decided
    scale: VerdictScale | None


def deliberate(engine: Engine, pairs: PairSet, waves: WavePlan) -> Deliberation:
    """Decide what an assessment needs next. Reads only.

    Raises:
        NotConvergedError: The fit stopped short.
    """
    record = engine.ledger.standing(pairs.snapshot.name)
    standing = record.standing if record else None
    view = _counted(engine, pairs, waves, standing)
    if view.n_in_flight or (view.n_to_ask and standing is not Standing.CANCELLED):
        return Deliberation(view, decide(view, engine.options.continuation), None)
    view, scale = _judged(pairs, view)
    return Deliberation(view, decide(view, engine.options.continuation), scale)


def _counted(engine: Engine, pairs: PairSet, waves: WavePlan, standing: Standing | None) -> SessionView:
    comparisons, assessment = pairs.comparisons, pairs.snapshot.assessment
    status = Counter(c.status for c in comparisons)
    to_ask = sum(needs_asking(c, engine.options.max_attempts) for c in comparisons)
    again = to_ask - status[PLANNED]
    open_ = status[PLANNED] + status[IN_FLIGHT] + (again if standing is not Standing.CANCELLED else 0)
    return SessionView(
        standing=standing,
        budget=waves.target_budget,
        plan_yield=len(comparisons) if pairs.snapshot.prescribed else waves.plan_yield,
        max_waves=waves.max_waves,
        n_waves=len({c.wave for c in comparisons}),
        n_planned=len(comparisons),
        n_in_flight=status[IN_FLIGHT],
        n_to_ask=to_ask,
        n_ok=status[Outcome.OK],
        n_failed=len(comparisons) - status[Outcome.OK] - open_,
        target_standard_error=assessment.stop_at_standard_error,
        target_reliability=assessment.stop_at_reliability,
    )


def _judged(pairs: PairSet, view: SessionView) -> tuple[SessionView, VerdictScale | None]:
    """The view with what the verdicts say."""
    verdicts, people = judged(pairs.comparisons), pairs.people
    lonely = cut_off(pairs.snapshot, verdicts, people)
    if lonely or not verdicts:
        return replace(view, cut_off=lonely), None
    scale = fit_verdicts(pairs.snapshot, verdicts, people)
    spread = scale.fit.prior_sd
    now = fit_for_stopping(pairs.snapshot, verdicts, spread, people)
    found = replace(
        view,
        last_score_change=_change(pairs, verdicts, now, spread),
        mean_standard_error=float(now.standard_errors.mean()),
        reliability=model_reliability(scale.fit),
    )
    return found, scale


def _change(pairs: PairSet, verdicts: list[ComparisonRecord], now: ScaleFit, spread: float) -> float | None:
    """Largest change of a measure by the last wave; None where there is no scale without it."""
    last = max(c.wave for c in verdicts)
    earlier = [c for c in verdicts if c.wave < last]
    if not earlier:
        return None
    try:
        before = fit_for_stopping(pairs.snapshot, earlier, spread, pairs.people)
    except DisconnectedError:
        return None
    return float(np.max(np.abs(now.measures - before.measures)))


def state_key(engine: Engine, snapshot: AssessmentSnapshot, session_id: str) -> str:
    """Name of exactly this state of a judging session.

    Once anything was planned, sent or answered, people decided, or anchors changed, it has another.
    """
    name = snapshot.name
    totals = engine.ledger.totals(session_id)
    record = engine.ledger.standing(name)
    wanted = record.standing.value if record and record.standing is not Standing.FINISHED else Standing.ACTIVE.value
    people = sorted(decision.decision_id for decision in engine.ledger.human_decisions(name))
    anchors = [snapshot.anchors_digest] if any(essay.is_anchor for essay in snapshot.essays) else []
    counts = [f"{k}={n}" for k, n in sorted(totals.by_status.items())]
    parts = [wanted, str(totals.n_attempts), *people, *anchors, *counts]
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:16]


def conclude(engine: Engine, pairs: PairSet, waves: WavePlan) -> Deliberation:
    """Decide, and keep the decision with the numbers it saw; the same decision on the same state is kept once."""
    session_id = pairs.session.session_id
    found = deliberate(engine, pairs, waves)
    state = state_key(engine, pairs.snapshot, session_id)
    last = engine.ledger.latest_decision(session_id)
    if last is None or (last.decision, last.numbers.get("state")) != (found.decided.decision.value, state):
        flags = _flags(pairs, found, engine.options.quality.thresholds)
        numbers = {"state": state, "pair_set_digest": pairs.digest, **_numbers(pairs, found), **flags}
        engine.ledger.record_decision(
            session_id, found.view.n_waves, found.decided.decision.value, numbers, engine.clock.now()
        )
        engine.ledger.merge_metadata(session_id, {**_metadata(pairs, found), **flags})
    return found


def _numbers(pairs: PairSet, found: Deliberation) -> dict[str, Any]:
    view = asdict(found.view)
    view["cut_off"] = list(found.view.cut_off)
    return {
        **{key: value for key, value in view.items() if value is not None},
        "success_rate": found.view.success_rate,
        "by_status": dict(Counter(c.status for c in pairs.comparisons)),
        "stop_reason": found.decided.stop_reason.value if found.decided.stop_reason else None,
        "explanation": found.decided.explanation,
    }


def _metadata(pairs: PairSet, found: Deliberation) -> dict[str, Any]:
    """What the judging session keeps of its course."""
    view, scale = found.view, found.scale
    n_essays = len(pairs.snapshot.essays)
    n_pairs = n_distinct_pairs(n_essays)
    successful = {frozenset((c.first_id, c.second_id)) for c in judged(pairs.comparisons)}
    put = {frozenset((c.first_id, c.second_id)) for c in pairs.comparisons}
    again = max(0, view.n_planned - n_pairs) if len(put) == n_pairs else 0
    kept: dict[str, Any] = {
        "max_possible_pairs": n_pairs,
        "successful_pairs_count": len(successful),
        "unique_coverage_complete": len(successful) == n_pairs,
        "resampling_pass_count": -(-again // n_pairs),
        "n_waves": view.n_waves,
        "last_decision": found.decided.decision.value,
        "stop_reason": found.decided.stop_reason.value if found.decided.stop_reason else None,
        "last_score_change": view.last_score_change,
    }
    return {**kept, **_scores(pairs, scale.fit)} if scale is not None else kept


def _scores(pairs: PairSet, fit: ScaleFit) -> dict[str, Any]:
    errors, counts = fit.standard_errors, fit.n_comparisons
    essays = [essay.essay_id for essay in pairs.snapshot.essays]
    return {
        "bt_scores": {name: round(float(measure), 6) for name, measure in zip(essays, fit.measures, strict=True)},
        "last_scored_iteration": len({c.wave for c in pairs.comparisons}),
        "bt_se_summary": {
            "mean_se": float(errors.mean()),
            "max_se": float(errors.max()),
            "min_se": float(errors.min()),
            "item_count": len(essays),
            "comparison_count": round(counts.sum() / 2),
            "mean_comparisons_per_item": float(counts.mean()),
            "min_comparisons_per_item": int(counts.min()),
            "max_comparisons_per_item": int(counts.max()),
            "isolated_items": int(np.count_nonzero(counts == 0)),
        },
    }


def _flags(pairs: PairSet, found: Deliberation, thresholds: QualityThresholds) -> dict[str, Any]:
    """The quality flags; nothing while answers are awaited, because what is missing may still come.

    Where the verdicts give no scale there are no errors, and `bt_se_inflated` is not raised.
    """
    scale = found.scale
    if scale is not None:
        errors, counts = scale.fit.standard_errors, scale.fit.n_comparisons
    elif found.decided.is_final:
        put = Counter(name for c in judged(pairs.comparisons) for name in (c.first_id, c.second_id))
        counts = np.array([put[essay.essay_id] for essay in pairs.snapshot.essays], dtype=np.float64)
        errors = np.zeros_like(counts)
    else:
        return {}
    return {"bt_quality_flags": quality_flags(errors, counts, thresholds)}
