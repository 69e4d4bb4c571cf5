"""What the checks of the answers find: are there enough verdicts, and what do the failures and the flips say.

Shares are held against their bound by the lower limit of their 95 % interval, so that one refusal in a small class is
no alarm.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.engine.deciding import PairSet, needs_asking
from cj_pipeline.engine.finding import Finding
from cj_pipeline.engine.options import EngineOptions
from cj_pipeline.engine.records import IN_FLIGHT, PLANNED, ComparisonRecord
from cj_pipeline.scaling.proportions import Share, share

_MOST_ROWS: Final = 10
_UNUSABLE: Final = frozenset({Outcome.INVALID.value, Outcome.TRUNCATED.value})
_NOT_ANSWERED: Final = frozenset(
    {Outcome.ERRORED.value, Outcome.EXPIRED.value, Outcome.CANCELLED.value, Outcome.MISSING.value}
)


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers and what is asked of them.

    Attributes:
        pairs: The pair set with its outcomes.
        options: Bounds.
    """

    pairs: PairSet
    options: EngineOptions

    @property
    def came(self) -> list[ComparisonRecord]:
        """Comparisons whose judge answered, well or badly."""
        none = {PLANNED, IN_FLIGHT, *_NOT_ANSWERED}
        return [c for c in self.pairs.comparisons if c.status not in none]


def verdicts_are_enough(answers: Answers) -> Finding:
    """At least `CJ_MIN_SUCCESS_RATE` of the comparisons that have ended gave a verdict.

    Below that there is no ranking: it is refused where it is made, in Dagster and on the command line.
    """
    least, most = answers.options.continuation.min_success_rate, answers.options.max_attempts
    ended = [c for c in answers.pairs.comparisons if c.status not in {PLANNED, IN_FLIGHT} and not needs_asking(c, most)]
    n_ok = sum(c.status == Outcome.OK for c in ended)
    rate = n_ok / len(ended) if ended else 1.0
    words = (
        f"{n_ok} of {len(ended)} comparisons gave a verdict, and {least:.0%} are needed. Look at the causes "
        "in the table, mend them in assessment.yaml (prompt, model, max_output_tokens) and submit again."
    )
    causes = Counter((c.judge, c.status, c.error) for c in ended if c.status != Outcome.OK)
    return Finding(
        rate >= least,
        "" if rate >= least else words,
        {"n_ended": len(ended), "n_verdicts": n_ok, "success_rate": rate, "least_success_rate": least},
        ("judge", "outcome", "cause", "comparisons"),
        tuple((*cause, n) for cause, n in causes.most_common(_MOST_ROWS)),
        is_grave=True,
    )


def refusals_are_rare(answers: Answers) -> Finding:
    """No judge refuses more than a small share of what it is asked (`CJ_MAX_REFUSED_SHARE`, 5 % unless set otherwise).

    Refusals are not random: they meet essays about certain things, which then have fewer comparisons. It warns.
    """
    remedy = (
        "Read the essays that are named, and let people judge their pairs (cj judge), or ask another model. "
        "Refusals meet certain subjects, so these essays' ranks are less sure."
    )
    return _rare(answers, {Outcome.REFUSED.value}, answers.options.quality.max_refused_share, "refused", remedy)


def invalid_answers_are_rare(answers: Answers) -> Finding:
    """No judge gives more than a small share of answers that cannot be read (`CJ_MAX_INVALID_SHARE`, 5 % unless set).

    Counted are answers that are no verdict and answers that were cut off. None of them counts for either essay. It
    warns.
    """
    remedy = (
        "If they were truncated, raise max_output_tokens or lower reasoning_effort in assessment.yaml; if they are no "
        "verdict, look at the raw answers and change prompt or model."
    )
    return _rare(answers, _UNUSABLE, answers.options.quality.max_invalid_share, "unusable", remedy)


def _rare(answers: Answers, bad: Collection[str], most: float, what: str, remedy: str) -> Finding:
    asked = Counter(c.judge for c in answers.came)
    met = Counter(c.judge for c in answers.came if c.status in bad)
    shares = {judge: share(met[judge], n) for judge, n in asked.items()}
    over = sorted(judge for judge, found in shares.items() if found.low > most)
    essays = Counter(e for c in answers.came if c.status in bad for e in (c.first_id, c.second_id))
    named = ", ".join(essay for essay, _ in essays.most_common(3))
    words = " ".join(f"{judge}: {_percent(shares[judge])} of its answers are {what}." for judge in over)
    return Finding(
        not over,
        f"{words} Most often met: {named}. {remedy}" if over else "",
        {f"n_{what}": met.total(), "n_answers": asked.total(), f"largest_{what}_share_allowed": most},
        ("judge", "answers", what, "share, 95 % interval"),
        tuple((judge, n, met[judge], _percent(shares[judge])) for judge, n in asked.most_common(_MOST_ROWS)),
    )


def verdicts_hold_in_both_orders(answers: Answers) -> Finding:
    """A judge that sees a pair in both orders prefers the same essay, but for a share (`CJ_MAX_FLIPPED_SHARE`, 35 %).

    A judge that tosses a coin flips in half of them. Pairs that are put again in the other order are there to measure
    this; without any, nothing can be said. It warns.
    """
    most = answers.options.quality.max_flipped_share
    flipped = _flips(answers)
    shares = {judge: share(sum(pairs.values()), len(pairs)) for judge, pairs in flipped.items()}
    over = sorted(judge for judge, found in shares.items() if found.low > most)
    words = " ".join(
        f"{judge} changes its mind with the order in {_percent(shares[judge])} of pairs." for judge in over
    )
    examples = [(judge, *pair) for judge, pairs in flipped.items() for pair, flip in pairs.items() if flip]
    n_pairs = sum(len(pairs) for pairs in flipped.values())
    return Finding(
        not over,
        f"{words} Choose another model or more reasoning for it, or a rubric that says more clearly what counts."
        if over
        else ("" if n_pairs else "No pair was judged in both orders."),
        {
            "n_pairs_in_both_orders": n_pairs,
            "n_flipped": len(examples),
            "flip_rate": len(examples) / n_pairs if n_pairs else float("nan"),
            "largest_flipped_share_allowed": most,
        },
        ("judge", "pairs in both orders", "flipped, 95 % interval"),
        tuple((judge, len(pairs), _percent(shares[judge])) for judge, pairs in list(flipped.items())[:_MOST_ROWS]),
    )


def _flips(answers: Answers) -> dict[str, dict[tuple[str, str], bool]]:
    """For every judge and pair judged in both orders: whether the verdicts of one order went against the other's."""
    won: defaultdict[tuple[str, str, str], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for c in answers.pairs.comparisons:
        if c.status == Outcome.OK:
            low, high = sorted((c.first_id, c.second_id))
            won[(c.judge, low, high)][c.first_id].add(c.first_id if c.winner == "first" else c.second_id)
    found: dict[str, dict[tuple[str, str], bool]] = defaultdict(dict)
    for (judge, low, high), by_first in won.items():
        if len(by_first) == 2:  # noqa: PLR2004 (both orders)
            found[judge][(low, high)] = by_first[low].isdisjoint(by_first[high])
    return dict(found)


def _percent(found: Share) -> str:
    return f"{found.value:.0%} ({found.low:.0%} to {found.high:.0%})"


ANSWER_FINDERS: Final[Mapping[str, Callable[[Answers], Finding]]] = {
    "verdicts_are_enough": verdicts_are_enough,
    "refusals_are_rare": refusals_are_rare,
    "invalid_answers_are_rare": invalid_answers_are_rare,
    "verdicts_hold_in_both_orders": verdicts_hold_in_both_orders,
}
"""Every check of the answers, by its name."""
