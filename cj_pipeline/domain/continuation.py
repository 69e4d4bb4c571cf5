"""What an assessment needs next: a pure function from what the ledger shows to one decision with its reason.

Every state in which nothing is under way leads to a final decision or to one more wave, and waves are bounded by the
budget: docs/decisions/0013-waves-and-completion.md. What does not belong here: reading the ledger and fitting
(engine.deciding), drawing the next wave (pair_set).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cj_pipeline.domain.pairing import n_distinct_pairs

_NAMED: Final = 10
"""Most essays named in an explanation."""


class Decision(StrEnum):
    """What happens next."""

    WAIT_FOR_CALLBACKS = "WAIT_FOR_CALLBACKS"
    """Comparisons are under way or follow by themselves."""
    REQUEST_MORE_COMPARISONS = "REQUEST_MORE_COMPARISONS"
    """One more wave is planned and asked."""
    FINALIZE_SCORING = "FINALIZE_SCORING"
    """The ranking is final."""
    FINALIZE_FAILURE = "FINALIZE_FAILURE"
    """There is no ranking that could be stood by."""
    NO_OP = "NO_OP"
    """Nothing happens by itself: a person has not submitted, or has to look."""


FINAL_DECISIONS: Final = frozenset({Decision.FINALIZE_SCORING, Decision.FINALIZE_FAILURE})
"""After these an assessment has ended."""


class StopReason(StrEnum):
    """Why an assessment ended."""

    STABLE = "stable"
    """The last wave moved no measure by more than the threshold."""
    PRECISE_ENOUGH = "precise enough"
    """The target for standard errors or reliability is met."""
    BUDGET = "budget"
    """As many comparisons as the budget allows were planned, and all have their outcome."""
    COVERAGE = "coverage"
    """Every pair was put as often as allowed; the budget would have allowed more."""
    FAILED = "failed"
    """Too few comparisons gave a verdict."""
    DISCONNECTED = "disconnected"
    """The verdicts leave essays without a link to the rest."""
    CANCELLED = "cancelled"
    """A person ended it."""


class Standing(StrEnum):
    """What a person wants of an assessment, or what stopped it."""

    ACTIVE = "active"
    """Submitted; whatever is still to be asked within its cost limit may be sent without asking again."""
    PAUSED = "paused"
    """Stopped by a fault that would meet every request; submitting again goes on."""
    CANCELLED = "cancelled"
    """A person wants its live jobs to end; submitting again goes on."""
    FINISHED = "finished"
    """The final decision was made; what is planned after it waits for a person to submit it."""


@dataclass(frozen=True, slots=True)
class ContinuationPolicy:
    """Thresholds of the decision; the defaults are those of the reference system.

    Attributes:
        min_success_rate: Least share of comparisons that must give a verdict, after retries, 0 to 1.
        stability_floor: Fewest outcomes before stability, or failure in mid-way, is judged.
        stability_threshold: Largest change of any measure between two waves that counts as stable, logits.
        small_net_size: Most essays of a small net.
        small_net_passes: Times all pairs of a small net may be put again.
        regular_passes: Times all pairs of a larger net may be put again.
    """

    min_success_rate: float = 0.8
    stability_floor: int = 12
    stability_threshold: float = 0.025
    small_net_size: int = 3
    small_net_passes: int = 4
    regular_passes: int = 1

    def passes_allowed(self, n_essays: int) -> int:
        """How often all pairs may be put again."""
        if n_essays <= self.small_net_size:
            return self.small_net_passes
        return min(self.regular_passes, self.small_net_passes)

    def plan_yield(self, n_essays: int, passes: int | None = None) -> int:
        """Most comparisons that n essays can give: every pair once, and once more for every pass allowed.

        Args:
            n_essays: Number of essays.
            passes: Passes the assessment allows; None: `passes_allowed`.
        """
        return n_distinct_pairs(n_essays) * (1 + (self.passes_allowed(n_essays) if passes is None else passes))


@dataclass(frozen=True, slots=True)
class SessionView:
    """What the ledger shows of the current pair set.

    Attributes:
        standing: What is wanted of the assessment; None if it was never submitted.
        budget: Most comparisons that may be planned.
        plan_yield: Most comparisons that the essays can give.
        max_waves: Most waves; None: as many as the budget allows.
        n_waves: Waves planned so far.
        n_planned: Comparisons in the plan.
        n_in_flight: Of these, under way.
        n_to_ask: Of these, still to be asked, or to be asked again.
        n_ok: Of these, with a verdict.
        n_failed: Of these, ended without a verdict.
        cut_off: Essays that no verdict links with the largest group, by id; empty if all are linked.
        last_score_change: Largest change of a measure by the last wave, logits; None in a first wave.
        mean_standard_error: Of the measures, logits; None without a fit.
        reliability: Of the measures, 0 to 1; None without a fit.
        target_standard_error: Stop at a mean standard error of this or less; None: no target.
        target_reliability: Stop at a reliability of this or more; None: no target.
    """

    standing: Standing | None
    budget: int
    plan_yield: int
    max_waves: int | None
    n_waves: int
    n_planned: int
    n_in_flight: int
    n_to_ask: int
    n_ok: int
    n_failed: int
    cut_off: tuple[str, ...] = ()
    last_score_change: float | None = None
    mean_standard_error: float | None = None
    reliability: float | None = None
    target_standard_error: float | None = None
    target_reliability: float | None = None

    @property
    def n_terminal(self) -> int:
        """Comparisons that have their outcome."""
        return self.n_ok + self.n_failed

    @property
    def success_rate(self) -> float:
        """Verdicts over outcomes, 0 to 1; 1 while there are none."""
        return self.n_ok / self.n_terminal if self.n_terminal else 1.0

    @property
    def is_exhausted(self) -> bool:
        """Whether nothing more may be planned."""
        out_of_waves = self.max_waves is not None and self.n_waves >= self.max_waves
        return out_of_waves or self.n_planned >= min(self.budget, self.plan_yield)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision with its reason.

    Attributes:
        decision: What happens next.
        stop_reason: Why it ended; None where it has not.
        explanation: In words for people, with what they can do.
    """

    decision: Decision
    explanation: str
    stop_reason: StopReason | None = None

    @property
    def is_final(self) -> bool:
        """Whether the assessment has ended."""
        return self.decision in FINAL_DECISIONS


def decide(view: SessionView, policy: ContinuationPolicy) -> Decided:
    """Decide what an assessment needs next."""
    if view.standing is None and (view.n_to_ask or not view.n_terminal):
        return Decided(Decision.NO_OP, "it has not been submitted yet")
    if view.n_in_flight:
        what = f"{view.n_in_flight} of {view.n_planned} comparisons are being judged"
        return Decided(Decision.WAIT_FOR_CALLBACKS, what)
    if view.standing is Standing.CANCELLED:
        return _end(view, policy, StopReason.CANCELLED)
    if view.n_to_ask:
        return _to_be_asked(view)
    if view.is_exhausted:
        used_up = view.n_planned >= view.budget or view.n_planned < view.plan_yield
        return _end(view, policy, StopReason.BUDGET if used_up else StopReason.COVERAGE)
    return _between_waves(view, policy)


def _to_be_asked(view: SessionView) -> Decided:
    what = f"{view.n_to_ask} of {view.n_planned} comparisons are still to be asked"
    if view.standing is Standing.PAUSED:
        return Decided(Decision.NO_OP, f"{what}, but the assessment is paused")
    if view.standing is Standing.FINISHED:
        return Decided(Decision.NO_OP, f"{what}; they were planned after the ranking was final, and were not submitted")
    return Decided(Decision.WAIT_FOR_CALLBACKS, f"{what}; they follow by themselves")


def _between_waves(view: SessionView, policy: ContinuationPolicy) -> Decided:
    """All planned comparisons have their outcome, and more could be planned."""
    enough = view.n_terminal >= policy.stability_floor
    if enough and view.success_rate < policy.min_success_rate:
        return _end(view, policy, StopReason.FAILED)
    if not view.cut_off and view.n_ok:
        if _is_precise(view):
            return _end(view, policy, StopReason.PRECISE_ENOUGH)
        change = view.last_score_change
        if enough and change is not None and change <= policy.stability_threshold:
            return _end(view, policy, StopReason.STABLE)
    if view.standing is Standing.PAUSED:
        return Decided(Decision.NO_OP, f"wave {view.n_waves} is complete, but the assessment is paused")
    left = min(view.budget, view.plan_yield) - view.n_planned
    return Decided(
        Decision.REQUEST_MORE_COMPARISONS,
        f"wave {view.n_waves} is complete and the measures are not settled; {left} more comparisons are allowed",
    )


def _is_precise(view: SessionView) -> bool:
    error, reliability = view.mean_standard_error, view.reliability
    small = view.target_standard_error is not None and error is not None and error <= view.target_standard_error
    sure = view.target_reliability is not None and reliability is not None and reliability >= view.target_reliability
    return small or sure


def _end(view: SessionView, policy: ContinuationPolicy, reason: StopReason) -> Decided:
    """The final decision: a ranking, unless too little succeeded or the verdicts do not hang together."""
    counts = f"{view.n_ok} of {view.n_terminal} comparisons gave a verdict"
    # What a person cut short is not held against the judges.
    too_few = view.success_rate < policy.min_success_rate and reason is not StopReason.CANCELLED
    if too_few or not view.n_ok:
        least = f"at least {policy.min_success_rate:.0%} have to" if view.n_ok else "there is nothing to rank"
        stop = StopReason.CANCELLED if reason is StopReason.CANCELLED else StopReason.FAILED
        return Decided(Decision.FINALIZE_FAILURE, f"{counts}; {least}", stop)
    if view.cut_off:
        named = ", ".join(view.cut_off[:_NAMED]) + (" and others" if len(view.cut_off) > _NAMED else "")
        explanation = f"{counts}, and none links these essays with the rest: {named}"
        return Decided(Decision.FINALIZE_FAILURE, explanation, StopReason.DISCONNECTED)
    return Decided(Decision.FINALIZE_SCORING, f"{counts}; stopped by: {reason.value}", reason)
