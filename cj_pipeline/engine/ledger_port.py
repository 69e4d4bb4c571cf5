"""What the verbs need from the ledger. Every method is one transaction."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, Protocol

from cj_pipeline.domain.batches import BatchJobRef, JobPhase
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.domain.error_types import ErrorType
from cj_pipeline.engine.answer_records import AnswerRecord
from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.engine.records import (
    AttemptOutcome,
    AttemptRecord,
    CollectionCounts,
    ComparisonRecord,
    DecisionRecord,
    JobRecord,
    JobUsage,
    QueueLimit,
    SessionRecord,
    SessionTotals,
    StandingRecord,
    StoredFile,
)
from cj_pipeline.engine.session_activity import SessionActivity


class Lease(Protocol):
    """A piece of work that is held exclusively."""

    def renew(self, now: datetime) -> None:
        """Hold it for another full term; raises `LeaseHeldError` if it ran out and somebody else took it."""
        ...


class Ledger(Protocol):
    """The one place that knows what was asked, paid for and answered. Every method is one transaction."""

    def lease(self, name: str, ttl_s: float, now: datetime) -> AbstractContextManager[Lease]:
        """Hold `name` exclusively; raises `LeaseHeldError` while somebody else does."""
        ...

    def lease_is_free(self, name: str, now: datetime) -> bool:
        """Whether nobody holds `name`."""
        ...

    def standing(self, assessment: str) -> StandingRecord | None:
        """What is wanted of an assessment; None if it was never submitted."""
        ...

    def set_standing(self, record: StandingRecord) -> None:
        """Keep what is wanted of an assessment; the latest counts."""
        ...

    def standings(self, standing: Standing) -> list[StandingRecord]:
        """All assessments of this standing, by name."""
        ...

    def queue_limit(self, provider: str, account: str, model: str) -> QueueLimit | None:
        """What was learned about an account's queue for a model."""
        ...

    def learn_queue_limit(self, limit: QueueLimit) -> None:
        """Keep what was learned; the latest counts."""
        ...

    def open_session(self, session: SessionRecord) -> SessionRecord:
        """Keep a session unless one with its key exists; returns the one that counts."""
        ...

    def session(self, key: str) -> SessionRecord | None:
        """The session with this key."""
        ...

    def sessions(self, assessment: str) -> list[SessionRecord]:
        """All sessions of an assessment, oldest first."""
        ...

    def sessions_of_night(self, night: str) -> list[SessionRecord]:
        """All sessions that something was sent for in a night, oldest first."""
        ...

    def add_comparisons(self, comparisons: Sequence[ComparisonRecord]) -> int:
        """Keep planned comparisons; those known already stay as they are. Returns the number of new ones."""
        ...

    def comparisons(self, session_id: str) -> list[ComparisonRecord]:
        """All comparisons of a session in the order of the plan."""
        ...

    def comparison(self, comparison_id: str) -> ComparisonRecord:
        """One comparison; raises `KeyError` if it was never planned."""
        ...

    def n_to_ask(self, session_id: str, max_attempts: int) -> int:
        """Comparisons of a session that `plan.needs_asking` would ask, earlier versions of essays included."""
        ...

    def session_activity(self, max_attempts: int) -> list[SessionActivity]:
        """All sessions of assessments that are active or cancelled, by assessment."""
        ...

    def drop_planned(self, comparison_ids: Sequence[str]) -> int:
        """Forget comparisons that were planned and never asked. Returns the number dropped."""
        ...

    def prepare_job(self, job: JobRecord, attempts: Iterable[AttemptRecord]) -> bool:
        """Keep a job and its attempts and mark their comparisons in flight; False if the job is known already."""
        ...

    def begin_submitting(self, job_id: str, now: datetime, cursor: str, look_at: datetime) -> bool:
        """Write the intent to create; False if somebody else was faster.

        `look_at` is when a poller may start to look for the job, should its sender never come back.
        """
        ...

    def mark_submitted(self, job_id: str, ref: BatchJobRef, next_poll_at: datetime) -> None:
        """Keep the provider's id."""
        ...

    def mark_not_sent(self, job_id: str, message: str) -> None:
        """The create call certainly had no effect: back to prepared."""
        ...

    def mark_rejected(self, job_id: str, message: str) -> None:
        """The provider refused the job for good: its comparisons are planned again, its attempts never happened."""
        ...

    def record_poll(self, job_id: str, ref: BatchJobRef, next_poll_at: datetime, now: datetime) -> None:
        """Keep where a job stands."""
        ...

    def record_poll_error(self, job_id: str, message: str, next_poll_at: datetime) -> None:
        """Keep that a poll failed."""
        ...

    def begin_asking(self, job_id: str, now: datetime) -> bool:
        """From prepared to asking: a worker of ours takes the job; False if somebody else was faster."""
        ...

    def mark_sent(self, custom_id: str, now: datetime) -> None:
        """Write the intent to send one request of a job that is being asked."""
        ...

    def record_answer(self, outcome: AttemptOutcome) -> bool:
        """Give one attempt of a job that is being asked its outcome; False if it had one."""
        ...

    def withdraw(self, custom_id: str) -> None:
        """A request that was to be sent certainly was not answered: its intent is taken back."""
        ...

    def end_asking(self, job_id: str, now: datetime) -> None:
        """From asking to ended. Requests that were never sent leave the job: their comparisons are planned again.

        A job that keeps no request is rejected instead. Raises `ValueError` while a sent request has no outcome.
        """
        ...

    def count_call_error(self, provider: str, error_type: ErrorType) -> None:
        """Count a call to a provider that failed."""
        ...

    def request_cancel(self, job_id: str, now: datetime) -> None:
        """Keep that the end of a job was asked for; the first time counts."""
        ...

    def record_gone(self, job_id: str, now: datetime, message: str) -> None:
        """Keep that the provider says that a job, or its results, do not exist; the first time counts."""
        ...

    def end_lost_job(self, job_id: str, message: str, now: datetime) -> None:
        """From submitted to ended with status `indeterminate`: the provider will never say more of it."""
        ...

    def release_job(self, job_id: str, message: str) -> None:
        """From ended back to nothing: the provider never queued the job.

        Its comparisons are planned again and its attempts never happened; the job is rejected.
        """
        ...

    def mark_purged(self, job_id: str, now: datetime) -> None:
        """Keep that a job's files at the provider were deleted."""
        ...

    def jobs(
        self,
        *,
        session_id: str | None = None,
        assessment: str | None = None,
        phases: Sequence[JobPhase] | None = None,
        limit: int | None = None,
        due_at: datetime | None = None,
        intent_since: datetime | None = None,
    ) -> list[JobRecord]:
        """Jobs, oldest first; those due for a poll at `due_at`, longest overdue first."""
        ...

    def provider_batch_ids(self, provider: str, account: str) -> set[str]:
        """The provider's ids of all jobs at an account."""
        ...

    def attempts(self, job_id: str) -> dict[str, AttemptRecord]:
        """Attempts of a job by custom id."""
        ...

    def record_results(
        self,
        job_id: str,
        outcomes: Iterable[AttemptOutcome],
        counts: Callable[[], CollectionCounts],
        files: Sequence[StoredFile],
        now: datetime,
    ) -> bool:
        """Give every attempt its outcome and close the job; False if it was collected before.

        `outcomes` is read piece by piece inside one transaction; `counts` is asked for when it has been read.
        Attempts that have an outcome already (of a job that was asked, not batched) must not be among them.
        """
        ...

    def collection_counts(self, session_id: str) -> CollectionCounts:
        """Sums over the session's collected jobs."""
        ...

    def n_outcomes(self, session_id: str) -> int:
        """Attempts of a session that have their outcome."""
        ...

    def answers(self, session_id: str) -> list[AnswerRecord]:
        """All attempts of a session with their answers, by comparison and number."""
        ...

    def totals(self, session_id: str) -> SessionTotals:
        """What the session has come to so far."""
        ...

    def job_usage(self, session_id: str) -> list[JobUsage]:
        """For every collected job whose provider adds up its tokens: its sums and ours, oldest first."""
        ...

    def merge_metadata(self, session_id: str, changes: Mapping[str, Any]) -> SessionRecord:
        """Set keys of a session's metadata, leaving the others; returns the session as it is then."""
        ...

    def attempts_about(self, assessment: str, essay_id: str | None) -> dict[str, set[str]]:
        """Custom ids of all attempts about an essay, or about any, by job; jobs of earlier sessions included."""
        ...

    def essay_ids(self, assessment: str) -> set[str]:
        """Ids of all essays that were ever planned for an assessment and not forgotten since."""
        ...

    def forget_texts(self, assessment: str, essay_id: str | None) -> int:
        """Replace ids and digests of an essay (of all essays) and empty the words about it.

        Returns the number of comparisons that were about it. What was asked, paid and answered stays.
        """
        ...

    def move_raw(self, job_id: str, paths: Mapping[str, str]) -> None:
        """Keep the new paths of a job's raw files; those that have none are gone."""
        ...

    def compact(self) -> None:
        """Let the database give up the bytes of what was overwritten, as far as it can."""
        ...

    def latest_decision(self, session_id: str) -> DecisionRecord | None:
        """The last decision that was kept, None if there was none."""
        ...

    def decisions(self, session_id: str) -> list[DecisionRecord]:
        """All decisions that were kept, oldest first."""
        ...

    def record_decision(
        self, session_id: str, wave: int, decision: str, numbers: Mapping[str, Any], now: datetime
    ) -> None:
        """Keep a decision with the numbers it saw."""
        ...

    def add_human_decisions(self, decisions: Sequence[HumanDecision]) -> int:
        """Keep decisions; known ones stay, and count again if they were withdrawn. Returns how many are new."""
        ...

    def human_decisions(self, assessment: str) -> list[HumanDecision]:
        """Decisions that count, in the order in which they were recorded."""
        ...

    def withdraw_human_decisions(self, decision_ids: Collection[str], now: datetime) -> int:
        """Take decisions back; those taken back already stay so. Returns how many were."""
        ...
