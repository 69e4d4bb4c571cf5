"""What the checks of a pair set find: whether it is even, in both orders, without needless repeats, and affordable.

What does not belong here: whether it is connected and within its cap, which block by themselves (defs).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.finding import Finding
from cj_pipeline.engine.forecast import Forecast, forecast
from cj_pipeline.engine.plan import wave_plan
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.rank import current_pair_set
from cj_pipeline.engine.records import PLANNED, ComparisonRecord

_MOST_ROWS: Final = 10
_FEW, _MANY = 2 / 3, 3 / 2
"""Of the median: an essay with two thirds of the comparisons has an error about a fifth larger."""

_ONE_SIDED: Final = 2 / 3
"""Share of an essay's comparisons in one place, first or second, above which it is named."""

_LEAST_SURPLUS: Final = 3
_FIXED = "The pairs are fixed by pairs.csv, so this is only said."


@dataclass(frozen=True, slots=True)
class Plan:
    """A pair set and what it may hold and cost.

    Attributes:
        pairs: The pair set.
        most_times: Times a pair may be put, where pairs are not fixed.
        forecast: What is still to be asked.
    """

    pairs: PairSet
    most_times: int
    forecast: Forecast


def look_at_plan(engine: Engine, name: str) -> Plan:
    """What the checks of a pair set look at.

    Raises:
        ConfigurationError: The pair set was never planned.
    """
    pairs = current_pair_set(engine, name)
    waves = wave_plan(engine, pairs.snapshot, pairs.session)
    return Plan(pairs, waves.rules.most_times, forecast(engine, pairs))


def essays_meet_equally_often(plan: Plan) -> Finding:
    """Every essay takes part in two thirds of the median number of comparisons to half as many again.

    An essay with few comparisons has a large error, and one with many costs what others lack. Where pairs.csv fixes the
    pairs, this is only said. It warns.
    """
    taking_part = _taking_part(plan.pairs)
    usual = median(taking_part.values())
    off = {e: n for e, n in taking_part.items() if _is_off(n, usual)}
    fixed = bool(plan.pairs.snapshot.prescribed)
    words = (
        f"Much less or more often compared than others: {_named(sorted(off))}. Essays that came late catch up when the "
        "cap allows it: raise max_pairs_cap in assessment.yaml and materialise pair_set."
    )
    return Finding(
        fixed or not off,
        (_FIXED if fixed else words) if off else "",
        {
            "fewest_comparisons_of_an_essay": min(taking_part.values()),
            "median_comparisons_of_an_essay": usual,
            "most_comparisons_of_an_essay": max(taking_part.values()),
            "n_uneven": len(off),
        },
        ("essay", "comparisons"),
        _extremes(taking_part, lambda item: (-abs(item[1] - usual), item[0])),
    )


def _is_off(n: int, usual: float) -> bool:
    # One comparison more or less is chance, and nothing to be mended.
    return abs(n - usual) > 1 and not usual * _FEW <= n <= usual * _MANY


def essays_are_shown_first_as_often(plan: Plan) -> Finding:
    """No essay is shown first, or second, in more than two thirds of its comparisons.

    Judges tend to prefer one of the two places. That is estimated and taken out, for judges in general and not for this
    essay. Where pairs.csv fixes the order, this is only said. It warns.
    """
    pairs = plan.pairs
    taking_part, first = _taking_part(pairs), Counter(c.first_id for c in pairs.comparisons)
    surplus = {e: 2 * first[e] - n for e, n in taking_part.items()}
    off = sorted(e for e, n in taking_part.items() if _is_one_sided(first[e], n))
    fixed = bool(pairs.snapshot.prescribed)
    words = (
        f"Mostly shown in one place: {_named(off)}. `orientation: eulerian` in assessment.yaml balances the order for "
        "new comparisons; what was asked before stays."
    )
    ordered = sorted(surplus.items(), key=lambda item: (-abs(item[1]), item[0]))[:_MOST_ROWS]
    return Finding(
        fixed or not off,
        (_FIXED if fixed else words) if off else "",
        {
            "largest_surplus": max(map(abs, surplus.values())),
            "n_one_sided": len(off),
            "orientation": pairs.snapshot.assessment.orientation,
        },
        ("essay", "shown first", "shown second"),
        tuple((e, first[e], taking_part[e] - first[e]) for e, _ in ordered),
    )


def _is_one_sided(n_first: int, n: int) -> bool:
    return abs(2 * n_first - n) >= _LEAST_SURPLUS and max(n_first, n - n_first) > _ONE_SIDED * n


def pairs_repeat_as_planned(plan: Plan) -> Finding:
    """No pair is put more often than the assessment allows, and none twice under one number.

    Every repetition is paid for. It blocks while one too many is still to be sent; of what was sent it warns.
    """
    pairs = plan.pairs
    put = Counter(_pair(c) for c in pairs.comparisons)
    allowed = _allowed(plan)
    numbers = Counter((_pair(c), c.replicate) for c in pairs.comparisons)
    beyond = {pair for pair, n in put.items() if n > allowed(pair)} | {
        pair for (pair, _), n in numbers.items() if n > 1
    }
    unsent = sum(c.status == PLANNED for c in pairs.comparisons if _pair(c) in beyond)
    rows = tuple((*pair, put[pair], allowed(pair)) for pair in sorted(beyond, key=lambda p: (-put[p], p)))
    words = (
        f"{len(beyond)} pair(s) are put more often than planned, first {rows[0][0]} and {rows[0][1]}. "
        "max_resampling_passes or pairs.csv was changed after they were planned: put it back, or take comparisons that "
        "were sent as they are."
        if rows
        else ""
    )
    figures = {"n_pairs": len(put), "n_put_again": sum(n > 1 for n in put.values()), "n_not_sent_yet": unsent}
    return Finding(
        not beyond, words, figures, ("essay", "essay", "times put", "times allowed"), rows[:_MOST_ROWS], unsent > 0
    )


def _allowed(plan: Plan) -> Callable[[tuple[str, str]], int]:
    prescribed = plan.pairs.snapshot.prescribed
    if not prescribed:
        return lambda _: plan.most_times
    times: Counter[tuple[str, str]] = Counter()
    for first, second, n in prescribed:
        times[(min(first, second), max(first, second))] += n
    return lambda pair: times[pair]


def plan_is_affordable(plan: Plan) -> Finding:
    """What is still to be asked is expected to fit into what is left of `max_cost_usd`.

    Jobs that could pass the limit are never sent, whatever this says: then a part stays unasked. It warns.
    """
    found = plan.forecast
    left = None if found.limit_usd is None else found.limit_usd - found.spending.total_usd
    amounts = {
        "cost_expected_usd": found.expected_usd,
        "cost_high_usd": found.high_usd,
        "cost_limit_usd": found.limit_usd,
        "left_usd": left,
    }
    words = (
        f"About {found.expected_usd or 0:.2f} USD are expected, and {left or 0:.2f} USD are left of max_cost_usd. "
        "Raise it in assessment.yaml, or plan fewer comparisons (comparisons_per_essay, max_pairs_cap)."
    )
    over = found.exceeds_limit(found.expected_usd)
    return Finding(
        not over,
        words if over else "",
        {
            "n_requests_to_send": found.n_requests,
            **{name: "unknown" if amount is None else amount for name, amount in amounts.items()},
        },
        ("judge", "requests", "expected USD", "at most USD"),
        tuple((j.judge, j.n_requests, j.expected_usd, j.high_usd) for j in found.judges[:_MOST_ROWS]),
    )


def _taking_part(pairs: PairSet) -> dict[str, int]:
    counts = Counter(essay_id for c in pairs.comparisons for essay_id in (c.first_id, c.second_id))
    return {essay.essay_id: counts[essay.essay_id] for essay in pairs.snapshot.essays}


def _pair(comparison: ComparisonRecord) -> tuple[str, str]:
    first, second = comparison.first_id, comparison.second_id
    return (first, second) if first < second else (second, first)


def _extremes(
    counts: Mapping[str, int], order: Callable[[tuple[str, int]], tuple[float, str]]
) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=order)[:_MOST_ROWS])


def _named(names: Sequence[str]) -> str:
    more = len(names) - _MOST_ROWS
    return ", ".join(names[:_MOST_ROWS]) + (f" and {more} more" if more > 0 else "")


PLAN_FINDERS: Final[Mapping[str, Callable[[Plan], Finding]]] = {
    "essays_meet_equally_often": essays_meet_equally_often,
    "essays_are_shown_first_as_often": essays_are_shown_first_as_often,
    "pairs_repeat_as_planned": pairs_repeat_as_planned,
    "pair_set_is_affordable": plan_is_affordable,
}
"""Every check of a plan, by its name."""
