"""What a case came to: by the ledger, by the metrics, and by the emulator's own journal."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cj_pipeline.domain.prompting import delimiter_nonce
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.answer_records import AnswerRecord
from cj_pipeline.engine.records import CollectionCounts, ComparisonRecord, DecisionRecord, JobRecord, SessionRecord
from cj_pipeline.harness.driving import Drive
from cj_pipeline.harness.suites.specs import Case
from cj_pipeline.observability.collector import Samples


@dataclass(frozen=True, slots=True)
class Observation:
    """Everything the expectations look at.

    Attributes:
        case: Suite, mode and provider.
        drive: How the run ended.
        session: The judging session.
        snapshot: The essays as they were read.
        comparisons: Its comparisons, in the order of the plan.
        answers: Its attempts.
        jobs: Its batch jobs and bundles.
        counts: What its result files held.
        decisions: What was decided, oldest first.
        journal: The emulator's journal of the case.
        summary: The emulator's sums.
        metrics: What the metrics changed by, from before the run.
        wall_s: Real seconds it took.
        virtual_s: Seconds by the emulator's clock.
    """

    case: Case
    drive: Drive
    session: SessionRecord
    snapshot: AssessmentSnapshot
    comparisons: tuple[ComparisonRecord, ...]
    answers: tuple[AnswerRecord, ...]
    jobs: tuple[JobRecord, ...]
    counts: CollectionCounts
    decisions: tuple[DecisionRecord, ...]
    journal: tuple[Mapping[str, Any], ...]
    summary: Mapping[str, Any]
    metrics: Samples
    wall_s: float
    virtual_s: float

    @property
    def billed(self) -> list[Mapping[str, Any]]:
        """Answers the emulator has billed."""
        return [entry for entry in self.journal if entry["kind"] == "answer"]

    @property
    def refused_calls(self) -> list[Mapping[str, Any]]:
        """Calls that a scripted fault struck."""
        return [entry for entry in self.journal if entry["kind"] == "http" and entry["fault"]]

    @property
    def batch_jobs(self) -> list[Mapping[str, Any]]:
        """Batch jobs the emulator has accepted."""
        return [entry for entry in self.journal if entry["kind"] == "job"]

    @property
    def nonces(self) -> dict[str, str]:
        """Name of a question in the journal, by comparison id."""
        secret = self.session.secret
        return {c.comparison_id: delimiter_nonce(secret, c.comparison_id) for c in self.comparisons}

    @property
    def n_waves(self) -> int:
        """Waves planned."""
        return len({c.wave for c in self.comparisons})
