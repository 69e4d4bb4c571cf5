"""From comparisons to the bytes of a batch job."""

from collections.abc import Sequence
from typing import Any

from cj_pipeline.domain.assessment import JudgeSpec
from cj_pipeline.domain.batches import BatchJobItem, custom_id, job_name, split_by_limits
from cj_pipeline.domain.prompting import answer_schema, build_prompt, context_of, delimiter_nonce
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.ports import BatchJobManager
from cj_pipeline.engine.records import AttemptRecord, ComparisonRecord, SessionRecord

_ID_LENGTH = 23


class RequestWriter:
    """Writes the requests of one judge.

    Args:
        snapshot: Essays and settings.
        session: Judging session.
        judge: Who is asked.
        manager: The judge's provider.
    """

    def __init__(
        self, snapshot: AssessmentSnapshot, session: SessionRecord, judge: JudgeSpec, manager: BatchJobManager
    ) -> None:
        self._texts = {essay.essay_id: essay.text for essay in snapshot.essays}
        self._context = context_of(snapshot.assessment)
        self._session, self._judge, self._manager = session, judge, manager
        self._parameters: dict[str, Any] = judge.parameters.model_dump(exclude_none=True)

    def split(self, comparisons: Sequence[ComparisonRecord]) -> list[Sequence[ComparisonRecord]]:
        """Cut comparisons into groups that fit one job each."""
        sizes = [len(self.line(c, "x" * _ID_LENGTH)) + 1 for c in comparisons]
        return [comparisons[run.start : run.stop] for run in split_by_limits(sizes, self._manager.limits)]

    def job(self, comparisons: Sequence[ComparisonRecord]) -> tuple[str, list[AttemptRecord], list[bytes]]:
        """Job id, attempts and request lines for comparisons that go into one job."""
        numbered = [(c.comparison_id, c.n_attempts + 1) for c in comparisons]
        job_id = job_name(self._session.session_id, numbered)
        attempts = [
            AttemptRecord(custom_id(job_id, i), comparison, number, job_id)
            for i, (comparison, number) in enumerate(numbered)
        ]
        lines = [self.line(c, a.custom_id) for c, a in zip(comparisons, attempts, strict=True)]
        return job_id, attempts, lines

    def line(self, comparison: ComparisonRecord, name: str) -> bytes:
        """One request as the provider's batch line."""
        prompt = build_prompt(
            self._context,
            self._texts[comparison.first_id],
            self._texts[comparison.second_id],
            delimiter_nonce(self._session.secret, comparison.comparison_id),
        )
        item = BatchJobItem(
            custom_id=name,
            model=self._judge.model,
            system=prompt.system,
            context=prompt.context,
            essays=prompt.essays,
            schema=answer_schema(),
            parameters=self._parameters,
        )
        return self._manager.encode(item)
