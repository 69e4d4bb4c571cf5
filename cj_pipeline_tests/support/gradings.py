"""Rankings made by hand, for grading: measures, errors, known grades and verdicts as a test wants them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, cast

import numpy as np
import pandas as pd

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.domain.continuation import Decided, Decision
from cj_pipeline.domain.essays import Essay
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.engine.records import ComparisonRecord, SessionRecord, SessionTotals
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.ranks import ranks
from cj_pipeline_tests.unit.domain.factories import make_snapshot


@dataclass
class HandMadeFit:
    """As much of a fitted scale as grading reads."""

    measures: Floats
    standard_errors: Floats
    covariance: Floats | None
    n_comparisons: Floats
    n_wins: Floats


@dataclass
class HandMadeScale:
    """What holds such a fit."""

    fit: HandMadeFit


@dataclass
class Case:
    """What a ranking is made of.

    Attributes:
        measures: Measure by essay id.
        grades: Known grade by essay id.
        known: Known measure and its error by essay id.
        verdicts: Winner and loser of each comparison with a verdict.
        error: Standard error of every measure.
        final: Whether no wave follows.
        settings: For `assessment.yaml`.
    """

    measures: Mapping[str, float]
    grades: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    verdicts: Sequence[tuple[str, str]] = ()
    error: float = 0.3
    final: bool = True
    settings: dict[str, Any] = field(default_factory=dict)

    def ranking(self) -> Ranking:
        """The ranking."""
        ids = sorted(self.measures)
        essays = tuple(Essay(i, f"Text {i}.", self.grades.get(i), *self.known.get(i, (None, 0.0))) for i in ids)
        measures = np.array([self.measures[i] for i in ids])
        errors = np.full(len(ids), self.error)
        wins = np.array([sum(winner == i for winner, _ in self.verdicts) for i in ids], dtype=np.float64)
        counts = np.array([sum(i in pair for pair in self.verdicts) for i in ids], dtype=np.float64)
        fit = HandMadeFit(measures, errors, None, counts, wins)
        place = ranks(measures)
        table = pd.DataFrame({"essay_id": ids, "rank": place, "made_by": "openai/gpt-4.1"})
        decision = Decision.FINALIZE_SCORING if self.final else Decision.REQUEST_MORE_COMPARISONS
        return Ranking(
            table.sort_values("rank", ignore_index=True),
            pd.DataFrame(),
            cast("Any", HandMadeScale(fit)),
            self._pairs(essays),
            SessionTotals({}, 0, 0, 0, 0.0, 0.0, 0, 0),
            Decided(decision, "made by hand"),
            cast("Any", None),
        )

    def _pairs(self, essays: tuple[Essay, ...]) -> PairSet:
        comparisons = tuple(self._comparison(i, *pair) for i, pair in enumerate(self.verdicts))
        snapshot = make_snapshot(essays=essays, **self.settings)
        session = SessionRecord("s", snapshot.name, "k", "x", datetime(2026, 11, 22, tzinfo=UTC), {})
        return PairSet(session, snapshot, comparisons, 0, 0, "d")

    @staticmethod
    def _comparison(number: int, winner: str, loser: str) -> ComparisonRecord:
        first_wins = number % 2 == 0
        first, second = (winner, loser) if first_wins else (loser, winner)
        planned = ComparisonRecord(f"c{number}", "s", 1, number, first, "", second, "", 0, "openai/gpt-4.1")
        return replace(planned, status=Outcome.OK, winner="first" if first_wins else "second")


LEGACY = ("F+", "E-", "E+", "D-", "D+", "C-", "C+", "B", "A")


def nine_anchors(**changes: Any) -> Case:  # noqa: ANN401 (any part of a case)
    """Nine anchors, one a grade, in order and one logit apart, and two students between them."""
    measures = {f"anchor-{k}": k - 4.0 for k in range(9)} | {"student-1": 0.1, "student-2": -3.9}
    case = Case(measures, {f"anchor-{k}": grade for k, grade in enumerate(LEGACY)})
    return replace(case, **changes)
