"""Rankings without a ledger: a class with known measures, judged, fitted, and put together as the engine does."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import numpy as np

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.domain.continuation import Decided, Decision, StopReason
from cj_pipeline.domain.essays import Essay
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.fitting import fit_verdicts, judged
from cj_pipeline.engine.quality import ranking_quality
from cj_pipeline.engine.rank import Ranking, ranking_of
from cj_pipeline.engine.records import ComparisonRecord, SessionRecord, SessionTotals
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.quality_flags import QualityThresholds
from cj_pipeline_tests.support.scales import SIX, answered, regular_design
from cj_pipeline_tests.unit.domain.factories import make_snapshot

FINAL = Decided(Decision.FINALIZE_SCORING, "all gave a verdict", StopReason.BUDGET)
GRADES = ("1", "2", "3", "4", "5", "6", "7", "8", "9")


@dataclass(frozen=True)
class ClassRoom:
    """What a class is like, and how it is judged.

    Attributes:
        n: Number of essays.
        per_essay: Comparisons per essay.
        spread: Standard deviation of the true measures, logits.
        position: Advantage of being shown first, logits.
        judges: Names of the judges.
        careless: Judges whose answers are dealt to their comparisons at random.
        words_per_logit: How many words longer an essay is for every logit.
        waves: Number of waves that the comparisons are said to come from.
        seed: Seed of everything.
        settings: What differs in `assessment.yaml`.
    """

    n: int = 24
    per_essay: int = 12
    spread: float = 2.0
    position: float = 0.3
    judges: tuple[str, ...] = ("one", "two", "three")
    careless: tuple[str, ...] = ()
    words_per_logit: int = 0
    waves: int = 1
    seed: int = 1
    settings: dict[str, object] = field(default_factory=dict)

    def essays(self, truth: Floats) -> tuple[Essay, ...]:
        """Essays with as many words as they should have; every third is an anchor."""
        order = np.argsort(np.argsort(truth))
        return tuple(
            Essay(
                f"essay-{i:02d}",
                f"number {i} " + "word " * (60 + round(self.words_per_logit * float(place))),
                GRADES[int(order[i]) * len(GRADES) // self.n] if i % 3 == 0 else None,
            )
            for i, place in enumerate(truth)
        )

    def pairs(self) -> PairSet:
        """The class, judged."""
        rng = np.random.default_rng(self.seed)
        truth = rng.normal(0, self.spread, self.n)
        snapshot = make_snapshot(
            name="class", essays=self.essays(truth), grade_scale="eng5_np_national_9_step", **self.settings
        )
        names = [essay.essay_id for essay in snapshot.essays]
        first, second = regular_design(self.n, self.per_essay, rng)
        judges = [self.judges[k % len(self.judges)] for k in rng.permutation(len(first))]
        answers = answered(truth[first] - truth[second] + self.position, SIX, rng)
        for name in self.careless:
            own = np.array([judge == name for judge in judges])
            answers[own] = rng.permutation(answers[own])
        records = tuple(
            _record(k, (names[a], names[b]), judge, int(answer), 1 + k * self.waves // len(first))
            for k, (a, b, judge, answer) in enumerate(zip(first, second, judges, answers, strict=True))
        )
        metadata = {"judges": list(self.judges), "prompt_version": "1", "prompt_hash": "0" * 64}
        session = SessionRecord("5" * 16, "class", "k" * 64, "secret", datetime(2026, 3, 1, tzinfo=UTC), metadata)
        return PairSet(session, snapshot, records, 0, 0, "d" * 64)


def _record(k: int, essays: tuple[str, str], judge: str, answer: int, wave: int) -> ComparisonRecord:
    won = answer >= 3
    return ComparisonRecord(
        comparison_id=f"{k:016x}",
        session_id="5" * 16,
        wave=wave,
        sequence=k,
        first_id=essays[0],
        first_digest="",
        second_id=essays[1],
        second_digest="",
        replicate=0,
        judge=judge,
        status=Outcome.OK,
        n_attempts=1,
        winner="first" if won else "second",
        strength=answer - 2 if won else 3 - answer,
    )


def ranked(pairs: PairSet, decided: Decided = FINAL, max_waves: int | None = 1) -> Ranking:
    """The ranking of a judged class."""
    scale = fit_verdicts(pairs.snapshot, judged(pairs.comparisons))
    quality = ranking_quality(pairs.snapshot, pairs.comparisons, scale, QualityThresholds(), max_waves)
    totals = SessionTotals({"ok": len(pairs.comparisons)}, len(pairs.comparisons), 0, 0, 0.0, 0.0, 0, 0)
    return ranking_of(pairs, scale, quality, totals, decided)


def without_verdicts(pairs: PairSet, essay: str, keep: int) -> PairSet:
    """The same class where all but so many comparisons of an essay ended in errors."""
    left, records = keep, []
    for c in pairs.comparisons:
        if essay in (c.first_id, c.second_id):
            left -= 1
            records.append(c if left >= 0 else replace(c, status=Outcome.ERRORED, winner="", strength=0))
        else:
            records.append(c)
    return replace(pairs, comparisons=tuple(records))
