"""What a report says, without a ledger: a judged class with people's decisions and the models' reasons."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from cj_pipeline.domain.batches import JobPhase
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.fitting import fit_verdicts, judged
from cj_pipeline.engine.grades import grade_ranking
from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.engine.quality import ranking_quality
from cj_pipeline.engine.rank import Ranking, ranking_of
from cj_pipeline.engine.records import ComparisonRecord, JobRecord, SessionTotals
from cj_pipeline.engine.report_data import ReportData, report_data
from cj_pipeline.scaling.quality_flags import QualityThresholds
from cj_pipeline_tests.support.rankings import FINAL, ClassRoom

MADE_AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
REASON = "Essay A has a clearer structure and richer vocabulary, but Essay B makes fewer errors of grammar."


@dataclass(frozen=True)
class Judged:
    """A class, judged by models and people.

    Attributes:
        room: What the class is like.
        n_people: Decisions of people, on the first pairs of the pair set, every other one against the model.
        ordered: Whether it is known which essay people saw first.
        reason: The reason every model gives.
        names: What essays are called.
        synthetic: Whether the emulator answered.
    """

    room: ClassRoom = field(default_factory=ClassRoom)
    n_people: int = 12
    ordered: bool = True
    reason: str = REASON
    names: Mapping[str, str] = field(default_factory=dict)
    synthetic: bool = False

    def pairs(self) -> PairSet:
        """The pair set with everything that was decided."""
        made = self.room.pairs()
        records = tuple(replace(c, reason=self.reason, synthetic=self.synthetic) for c in made.comparisons)
        people = tuple(self._decision(i, c) for i, c in enumerate(records[: self.n_people]))
        return replace(made, comparisons=records, people=people)

    def _decision(self, i: int, c: ComparisonRecord) -> HumanDecision:
        other = "second" if c.winner == "first" else "first"
        return HumanDecision(
            decision_id=f"d{i}",
            assessment="class",
            judge=("Anna", "Bo")[i % 2],
            first_id=c.first_id,
            first_digest="",
            second_id=c.second_id,
            second_digest="",
            winner="first" if (c.winner if i % 2 else other) == "first" else "second",
            ties_allowed=False,
            ordered=self.ordered,
            time_ms=4000 + i,
            source="page",
            decided_at=MADE_AT,
            recorded_at=MADE_AT,
        )

    def ranking(self) -> Ranking:
        """The ranking."""
        pairs = self.pairs()
        scale = fit_verdicts(pairs.snapshot, judged(pairs.comparisons), pairs.people)
        quality = ranking_quality(pairs.snapshot, pairs.comparisons, scale, QualityThresholds(), 1)
        n = len(pairs.comparisons)
        totals = SessionTotals({"ok": n}, n, 1000 * n, 100 * n, 0.25, 0.0, 0, n if self.synthetic else 0)
        return ranking_of(pairs, scale, quality, totals, FINAL)

    def report(self) -> ReportData:
        """What its report says."""
        ranking = self.ranking()
        job = a_job(ranking.pairs)
        return report_data(
            grade_ranking(ranking),
            [job],
            {c.comparison_id: job for c in ranking.pairs.comparisons},
            versions={"cj_pipeline": "0.1.0"},
            made_at=MADE_AT,
            names=self.names,
        )


def a_job(pairs: PairSet) -> JobRecord:
    """A collected job of the class."""
    return JobRecord(
        job_id="j1",
        session_id=pairs.session.session_id,
        assessment="class",
        provider="openai",
        account="api.openai.com",
        model="gpt-6.1-terra",
        phase=JobPhase.COLLECTED,
        n_requests=len(pairs.comparisons),
        request_path="",
        request_sha256="a" * 64,
        reserved_usd=None,
        created_at=MADE_AT,
        provider_batch_id="batch_1",
        collected_at=MADE_AT,
    )
