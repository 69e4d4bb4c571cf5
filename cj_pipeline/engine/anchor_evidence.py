"""Whether anchors can be trusted: in the verdicts, by their measures, and by how they foretell each other."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cj_pipeline.engine.fitting import judged
from cj_pipeline.engine.grade_methods import Placed
from cj_pipeline.engine.measured import MeasuredEssays
from cj_pipeline.engine.records import ComparisonRecord
from cj_pipeline.scaling.anchors import Anchors, Inversion, inversions
from cj_pipeline.scaling.leave_one_out import LeftOut

FEWEST_TO_FORETELL = 3
"""With fewer anchors left out, a comparison with guessing says nothing."""


@dataclass(frozen=True, slots=True)
class DirectInversion:
    """Two anchors that were compared, and the lower grade was preferred.

    Attributes:
        lower: Id of the anchor with the lower grade.
        higher: Id of the anchor with the higher grade.
        n_against: Verdicts for the lower grade.
        n_for: Verdicts for the higher grade.
    """

    lower: str
    higher: str
    n_against: int
    n_for: int


@dataclass(frozen=True, slots=True)
class AnchorEvidence:
    """What speaks for and against the anchors.

    Attributes:
        essay_ids: Their ids.
        anchors: Their places and levels.
        direct: Pairs whose verdicts contradict their grades.
        by_measure: Pairs whose measures contradict their grades.
        zero_wins: Ids of those that won none of their comparisons.
        foretold: Their grades, found without using them.
    """

    essay_ids: tuple[str, ...]
    anchors: Anchors
    direct: tuple[DirectInversion, ...]
    by_measure: tuple[Inversion, ...]
    zero_wins: tuple[str, ...]
    foretold: LeftOut

    @property
    def unexplained(self) -> tuple[Inversion, ...]:
        """Inversions by measure that errors of measurement do not explain."""
        return tuple(each for each in self.by_measure if not each.explained)

    @property
    def far_off(self) -> tuple[str, ...]:
        """Ids of the anchors that were left out and foretold more than one grade off."""
        tried = np.flatnonzero(self.foretold.tried)
        return tuple(self.essay_ids[i] for i, off in zip(tried, self.foretold.errors, strict=True) if abs(off) > 1)

    @property
    def no_better_than_guessing(self) -> bool:
        """Whether anchors foretell each other no better than guessing the commonest grade would."""
        enough = int(self.foretold.tried.sum()) >= FEWEST_TO_FORETELL
        return enough and self.foretold.mean_error >= self.foretold.guess_error

    @property
    def right(self) -> int:
        """How many of those left out were foretold exactly."""
        return int(np.sum(self.foretold.errors == 0))

    def names(self, found: Inversion) -> tuple[str, str]:
        """Ids of the lower-graded and the higher-graded anchor of an inversion."""
        return self.essay_ids[found.lower], self.essay_ids[found.higher]


def gather_evidence(
    essays: MeasuredEssays, placed: Placed, comparisons: Sequence[ComparisonRecord]
) -> AnchorEvidence | None:
    """What speaks for and against the anchors; None where no grade is known."""
    if placed.foretold is None:
        return None
    anchors = placed.anchors
    ids = tuple(essays.snapshot.essays[i].essay_id for i in anchors.places)
    idle = (essays.n_wins[anchors.places] == 0) & (essays.n_comparisons[anchors.places] > 0)
    return AnchorEvidence(
        essay_ids=ids,
        anchors=anchors,
        direct=direct_inversions(dict(zip(ids, anchors.levels.tolist(), strict=True)), comparisons),
        by_measure=tuple(inversions(essays.measures, essays.variances, anchors)),
        zero_wins=tuple(ids[i] for i in np.flatnonzero(idle)),
        foretold=placed.foretold,
    )


def direct_inversions(levels: dict[str, int], comparisons: Sequence[ComparisonRecord]) -> tuple[DirectInversion, ...]:
    """Pairs of anchors of different grade most of whose verdicts went to the lower grade, clearest first.

    Args:
        levels: Level of every anchor, by id.
        comparisons: Comparisons, those without a verdict included.
    """
    wins: Counter[tuple[str, str]] = Counter()
    for c in judged(comparisons):
        winner, loser = (c.first_id, c.second_id) if c.winner == "first" else (c.second_id, c.first_id)
        if c.winner and winner in levels and loser in levels:
            wins[winner, loser] += 1
    found = [
        DirectInversion(winner, loser, count, wins[loser, winner])
        for (winner, loser), count in wins.items()
        if levels[winner] < levels[loser] and count > wins[loser, winner]
    ]
    return tuple(sorted(found, key=lambda each: (levels[each.lower] - levels[each.higher], each.lower, each.higher)))
