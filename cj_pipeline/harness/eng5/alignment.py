"""How a judge orders anchors whose grades were withheld from it: figures from verdicts and measures. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd

from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.harness.eng5.rates import Figures, bootstrapped, rate_of
from cj_pipeline.harness.eng5.schema_studies import Alignment, Interval, InversionEntry, PlacedAnchor, Rate, SplitPair
from cj_pipeline.scaling.agreement import kendall_tau_b, quadratic_weighted_kappa

_Z90: Final = 1.645
"""Two-sided 90 % of a normal distribution."""

_UNDEFINED: Final = Interval(value=None, low=None, high=None)

_DECIMALS: Final = 8
"""Measures equal to so many decimals are equal but for rounding."""


@dataclass(frozen=True, slots=True)
class KnownGrades:
    """What people know of the anchors.

    Attributes:
        grades: Labels of the scale, lowest first.
        of: Known grade by essay id.
        foretold: Grade by essay id as the other anchors foretell it, for those that can be left out.
    """

    grades: Sequence[str]
    of: Mapping[str, str]
    foretold: Mapping[str, str] = field(default_factory=dict)

    def step(self, essay_id: str) -> int:
        """Place of an anchor's grade on the scale, 0 for the lowest."""
        return self.grades.index(self.of[essay_id])


def align(
    known: KnownGrades, table: pd.DataFrame, verdicts: Sequence[ComparisonRecord], rng: np.random.Generator
) -> Alignment:
    """Compare a judge's order of the anchors with their grades.

    Args:
        known: The grades.
        table: The `rankings` table of the anchors.
        verdicts: Comparisons between them that have a verdict.
        rng: Draws the bootstrap.
    """
    rows = table.sort_values("measure", ascending=False, kind="stable")
    order = [str(name) for name in rows["essay_id"]]
    measures = {str(r.essay_id): (float(str(r.measure)), float(str(r.standard_error))) for r in rows.itertuples()}
    points = np.array([measures[name][0] for name in order])
    steps = np.array([known.step(name) for name in order], dtype=float)
    by_place = _dealt(points, steps)
    pairs = _by_pair(known, verdicts)
    inverted = [
        _inversion(known, pair, found, measures) for pair, found in pairs.items() if _lower_favoured(pair, found)
    ]
    kappa = partial(quadratic_weighted_kappa, n_grades=len(known.grades))
    off = np.abs(by_place - steps)
    tried = [name for name in order if name in known.foretold]
    own = np.array([known.step(name) for name in tried], dtype=float)
    foretold = np.array([known.grades.index(known.foretold[name]) for name in tried], dtype=float)
    return Alignment(
        n_anchors=len(order),
        n_pairs=len(pairs),
        split_pairs=_splits(known, pairs),
        direct_inversions=tuple(sorted(inverted, key=lambda i: (-i.steps, -i.n_for_lower, i.higher_id, i.lower_id))),
        n_measure_inversions=sum(
            steps[a] < steps[b] and points[a] > points[b] for a, b in combinations(range(len(order)), 2)
        ),
        zero_win_anchors=tuple(str(r.essay_id) for r in rows.itertuples() if not r.n_wins and r.n_comparisons),
        tau_b=bootstrapped(kendall_tau_b, points, steps, rng),
        within_one=rate_of(int((off <= 1).sum()), len(order)),
        exact=rate_of(int((off == 0).sum()), len(order)),
        qwk=bootstrapped(kappa, steps, by_place, rng),
        foretold_within_one=rate_of(int((np.abs(foretold - own) <= 1).sum()), len(tried)),
        foretold_exact=rate_of(int((foretold == own).sum()), len(tried)),
        foretold_qwk=bootstrapped(kappa, own, foretold, rng) if tried else _UNDEFINED,
        order_flips=order_flips(verdicts),
        first_shown=first_shown(verdicts),
        agreement_by_steps=_agreement(known, pairs),
        agreement_from_steps=_agreement(known, pairs, upwards=True),
        anchors=tuple(_placed(known, row, int(place)) for row, place in zip(rows.itertuples(), by_place, strict=True)),
    )


def first_shown(verdicts: Sequence[ComparisonRecord]) -> Rate:
    """Verdicts for the essay shown first."""
    return rate_of(sum(c.winner == "first" for c in verdicts), len(verdicts))


def order_flips(verdicts: Sequence[ComparisonRecord]) -> Rate:
    """Pairs put in both orders in which the majority changes with the order; an even split is no majority."""
    by_pair: dict[frozenset[str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for c in verdicts:
        by_pair[frozenset((c.first_id, c.second_id))][c.first_id].append(winner(c))
    both = [list(orders.values()) for orders in by_pair.values() if len(orders) > 1]
    decided = [(_majority(one), _majority(other)) for one, other in both]
    return rate_of(sum(bool(a and b) and a != b for a, b in decided), len(decided))


def winner(comparison: ComparisonRecord) -> str:
    """Id of the essay that was preferred."""
    return comparison.first_id if comparison.winner == "first" else comparison.second_id


def _majority(winners: Sequence[str]) -> str:
    counts = {name: winners.count(name) for name in winners}
    most = max(counts.values())
    leading = [name for name, n in counts.items() if n == most]
    return leading[0] if len(leading) == 1 else ""


def _by_pair(known: KnownGrades, verdicts: Sequence[ComparisonRecord]) -> dict[tuple[str, str], list[ComparisonRecord]]:
    """Verdicts by (higher, lower) anchor, pairs of equal grade left out."""
    found: dict[tuple[str, str], list[ComparisonRecord]] = defaultdict(list)
    for c in verdicts:
        if known.step(c.first_id) != known.step(c.second_id):
            lower, higher = sorted((c.first_id, c.second_id), key=known.step)
            found[higher, lower].append(c)
    return dict(sorted(found.items()))


def _n_for(essay_id: str, found: Sequence[ComparisonRecord]) -> int:
    return sum(winner(c) == essay_id for c in found)


def _lower_favoured(pair: tuple[str, str], found: Sequence[ComparisonRecord]) -> bool:
    return 2 * _n_for(pair[1], found) > len(found)


def _inversion(
    known: KnownGrades,
    pair: tuple[str, str],
    found: Sequence[ComparisonRecord],
    measures: Mapping[str, tuple[float, float]],
) -> InversionEntry:
    higher, lower = pair
    against = [c for c in found if winner(c) == lower]
    gap = measures[lower][0] - measures[higher][0]
    error = float(np.hypot(measures[lower][1], measures[higher][1]))
    return InversionEntry(
        higher_id=higher,
        lower_id=lower,
        higher_grade=known.of[higher],
        lower_grade=known.of[lower],
        steps=known.step(higher) - known.step(lower),
        n_for_lower=len(against),
        n_verdicts=len(found),
        strength=float(np.mean([c.strength for c in against])),
        beyond_error=gap > _Z90 * error,
        reasons=tuple(dict.fromkeys(c.reason for c in against if c.reason)),
    )


def _splits(known: KnownGrades, pairs: Mapping[tuple[str, str], Sequence[ComparisonRecord]]) -> tuple[SplitPair, ...]:
    found = [
        SplitPair(
            higher_id=pair[0],
            lower_id=pair[1],
            steps=known.step(pair[0]) - known.step(pair[1]),
            first_always=all(c.winner == "first" for c in verdicts),
        )
        for pair, verdicts in pairs.items()
        if 2 * _n_for(pair[1], verdicts) == len(verdicts)
    ]
    return tuple(sorted(found, key=lambda split: (-split.steps, split.higher_id, split.lower_id)))


def _agreement(
    known: KnownGrades, pairs: Mapping[tuple[str, str], Sequence[ComparisonRecord]], *, upwards: bool = False
) -> dict[int, Rate]:
    counts: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    apart = {pair: known.step(pair[0]) - known.step(pair[1]) for pair in pairs}
    for pair, found in pairs.items():
        for steps in set(apart.values()):
            if apart[pair] == steps or (upwards and apart[pair] > steps):
                counts[steps][0] += _n_for(pair[0], found)
                counts[steps][1] += len(found)
    return {steps: rate_of(k, n) for steps, (k, n) in sorted(counts.items())}


def _dealt(points: Figures, steps: Figures) -> Figures:
    """The known grades dealt out in the order of the measures; equal measures get the middle of what falls to them.

    Args:
        points: Measures, highest first.
        steps: Known grades as steps on the scale, in the same order.
    """
    falls = np.sort(steps)[::-1]
    _, group = np.unique(-np.round(points, _DECIMALS), return_inverse=True)
    return np.array([np.rint(falls[group == mine].mean()) for mine in group])


def _placed(known: KnownGrades, row: object, place: int) -> PlacedAnchor:
    name = str(getattr(row, "essay_id"))  # noqa: B009 (rows of a table have no type of their own)
    return PlacedAnchor(
        essay_id=name,
        grade=known.of[name],
        place_grade=known.grades[place],
        steps_off=place - known.step(name),
        foretold_grade=known.foretold.get(name),
        n_wins=int(getattr(row, "n_wins")),  # noqa: B009
        n_comparisons=int(getattr(row, "n_comparisons")),  # noqa: B009
    )
