"""From comparisons to the bytes of a job, one request at a time: a large job is never held in memory."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cj_pipeline.domain.batches import BatchJobItem, CacheLifetime, custom_id, job_name
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.domain.prompting import answer_schema, build_prompt, context_of, delimiter_nonce
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.ports import BatchJobManager
from cj_pipeline.engine.records import AttemptRecord, ComparisonRecord, SessionRecord

_ENLARGED = 2
"""Factor on the output allowance of a second try, after an answer that was cut off or was no verdict."""

_ANY_NAME = custom_id("0" * 16, 0)
_ANY_NONCE = "0" * 16


class RequestWriter:
    """Writes the requests of one judge.

    Args:
        snapshot: Essays and settings.
        session: Judging session.
        judge: Who is asked.
        manager: The judge's provider.
        enlarged: Whether twice the judge's output allowance is given, as far as the model goes.
        cache: How long the provider is asked to keep the static part in its prompt cache.
    """

    def __init__(
        self,
        snapshot: AssessmentSnapshot,
        session: SessionRecord,
        judge: JudgeSpec,
        manager: BatchJobManager,
        *,
        enlarged: bool = False,
        cache: CacheLifetime = CacheLifetime.NONE,
    ) -> None:
        self._texts = {essay.essay_id: essay.text for essay in snapshot.essays}
        self._context = context_of(snapshot.assessment)
        self._language = snapshot.assessment.language
        self._session, self._judge, self._manager, self._cache = session, judge, manager, cache
        self._schema = answer_schema()
        self.parameters: dict[str, Any] = judge.parameters.model_dump(exclude_none=True)
        """What is sent with every request."""
        if enlarged:
            most = judge.spec.max_output_tokens
            self.parameters["max_output_tokens"] = min(self.parameters["max_output_tokens"] * _ENLARGED, most)
        self.static_bytes = sum(len(part.encode()) for part in self._context)
        """Bytes of the part that is the same in every request."""
        self._empty_size = len(self._encode("", "", _ANY_NONCE, _ANY_NAME)) + 1
        self._sizes = {
            name: len(json.dumps(text, ensure_ascii=False).encode()) - 2 for name, text in self._texts.items()
        }

    def size(self, comparison: ComparisonRecord) -> int:
        """Bytes of a request with its line end, without writing it: an essay takes the same bytes wherever it is."""
        return self._empty_size + self._sizes[comparison.first_id] + self._sizes[comparison.second_id]

    def job(self, comparisons: Sequence[ComparisonRecord]) -> tuple[str, list[AttemptRecord]]:
        """Job id and attempts for comparisons that go into one job."""
        numbered = [(c.comparison_id, c.n_attempts + 1) for c in comparisons]
        job_id = job_name(self._session.session_id, numbered)
        attempts = [
            AttemptRecord(custom_id(job_id, i), comparison, number, job_id)
            for i, (comparison, number) in enumerate(numbered)
        ]
        return job_id, attempts

    def lines(self, comparisons: Sequence[ComparisonRecord], attempts: Sequence[AttemptRecord]) -> Iterator[bytes]:
        """The requests as the provider's batch lines, in order, without line ends."""
        for comparison, attempt in zip(comparisons, attempts, strict=True):
            yield self.line(comparison, attempt.custom_id)

    def line(self, comparison: ComparisonRecord, name: str) -> bytes:
        """One request as the provider's batch line."""
        nonce = delimiter_nonce(self._session.secret, comparison.comparison_id)
        return self._encode(self._texts[comparison.first_id], self._texts[comparison.second_id], nonce, name)

    def _encode(self, first: str, second: str, nonce: str, name: str) -> bytes:
        prompt = build_prompt(self._context, first, second, nonce, language=self._language)
        return self._manager.encode(
            BatchJobItem(
                custom_id=name,
                model=self._judge.model,
                system=prompt.system,
                context=prompt.context,
                essays=prompt.essays,
                schema=self._schema,
                parameters=self.parameters,
                cache=self._cache,
            )
        )
