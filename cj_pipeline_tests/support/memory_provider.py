"""A batch provider inside the process: its jobs, their course over virtual time, and what it refuses.

What a client sees of it is in `memory_jobs`. Time is whatever the clock says; nothing here waits.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from cj_pipeline.domain.batches import BatchJobStatus, JobLimits

EXPIRY = timedelta(hours=24)
CANCELLING = timedelta(seconds=60)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SCHEDULED_SHARE = 0.05

Answer = Callable[[dict[str, Any]], str]


class RefusedError(Exception):
    """The provider says no.

    Attributes:
        status_code: As in HTTP.
        message: Why.
    """

    def __init__(self, status_code: int, message: str) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.message = message


class QueueIsFullError(RefusedError):
    """Too many requests wait already."""


@dataclass
class RemoteJob:
    """One job at the provider.

    Attributes:
        id: The provider's id.
        label: What the client wrote on it.
        lines: Its requests.
        created_at: When it was created.
        length: How long it takes if nobody cancels it.
        listed_at: From when on lists show it.
        cancelled_at: When its end was asked for.
        purged: Whether requests and results were deleted.
    """

    id: str
    label: str
    lines: list[dict[str, Any]]
    created_at: datetime
    length: timedelta
    listed_at: datetime
    cancelled_at: datetime | None = None
    purged: bool = False

    def status(self, now: datetime) -> BatchJobStatus:
        """Where it stands."""
        if now >= self._end[0]:
            return self._end[1]
        started = now >= self.created_at + self.length * _SCHEDULED_SHARE
        return BatchJobStatus.RUNNING if started else BatchJobStatus.SCHEDULED

    def n_done(self, now: datetime) -> int:
        """Requests answered."""
        until = min(now, self._end[0], self.cancelled_at or now)
        share = min(1.0, (until - self.created_at) / self.length)
        return int(len(self.lines) * share)

    @property
    def _end(self) -> tuple[datetime, BatchJobStatus]:
        ends = [(self.created_at + EXPIRY, BatchJobStatus.EXPIRED)]
        if self.cancelled_at is None:
            ends.append((self.created_at + self.length, BatchJobStatus.COMPLETED))
        else:
            ends.append((self.cancelled_at + CANCELLING, BatchJobStatus.CANCELLED))
        return min(ends, key=lambda end: end[0])


@dataclass
class Script:
    """What goes wrong next; every count goes down as it strikes.

    Attributes:
        lost_replies: Calls that take effect without a reply.
        dropped_requests: Calls that take no effect and get no reply.
        hidden: How long the jobs created from now on stay out of lists.
    """

    lost_replies: int = 0
    dropped_requests: int = 0
    hidden: timedelta = timedelta(0)


@dataclass
class MemoryProvider:
    """The provider.

    Attributes:
        now: Tells the time.
        limits: What one job may hold.
        max_waiting: Requests that may wait in all unfinished jobs, None for no limit.
        length: How long jobs take.
        answer: The model: a request's body in, the answer's text out.
        script: What goes wrong.
        jobs: All jobs, oldest first.
        n_answered_at_once: Requests answered outside jobs.
    """

    now: Callable[[], datetime]
    limits: JobLimits
    answer: Answer
    max_waiting: int | None = None
    length: timedelta = timedelta(minutes=10)
    script: Script = field(default_factory=Script)
    jobs: list[RemoteJob] = field(default_factory=list)
    n_answered_at_once: int = 0

    def create(self, label: str, lines: Sequence[bytes]) -> RemoteJob:
        """Accept a job, or refuse it as a whole."""
        now = self.now()
        requests = [json.loads(line) for line in lines]
        self._check_size(lines)
        _check_requests(requests)
        self._check_queue(len(lines), now)
        made = RemoteJob(f"job-{len(self.jobs) + 1}", label, requests, now, self.length, now + self.script.hidden)
        self.jobs.append(made)
        return made

    def find(self, job_id: str) -> RemoteJob:
        """A job by its id."""
        for job in self.jobs:
            if job.id == job_id:
                return job
        raise RefusedError(HTTPStatus.NOT_FOUND, f"no job {job_id}")

    def listed(self) -> list[RemoteJob]:
        """Jobs that lists show, oldest first."""
        return [job for job in self.jobs if self.now() >= job.listed_at]

    def rows(self, job: RemoteJob) -> list[dict[str, Any]]:
        """Result rows of an ended job, last request first: order means nothing."""
        if job.purged:
            raise RefusedError(HTTPStatus.NOT_FOUND, f"the results of {job.id} were deleted")
        done, status = job.n_done(self.now()), job.status(self.now())
        rows = [self.row(line) for line in job.lines[:done]]
        if status is BatchJobStatus.EXPIRED:
            rows += [_expired(line["custom_id"]) for line in job.lines[done:]]
        return rows[::-1]

    def row(self, line: dict[str, Any]) -> dict[str, Any]:
        """One request's result row."""
        body = line["body"]
        refused = body["max_completion_tokens"] < 1
        status = HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK
        shown = _error("max_completion_tokens must be at least 1") if refused else _completion(body, self.answer(body))
        response = {"status_code": int(status), "request_id": "req-1", "body": shown}
        return {"id": f"row-{line['custom_id']}", "custom_id": line["custom_id"], "response": response, "error": None}

    def _check_size(self, lines: Sequence[bytes]) -> None:
        size = sum(len(line) + 1 for line in lines)
        if not lines or len(lines) > self.limits.max_requests:
            raise RefusedError(HTTPStatus.BAD_REQUEST, f"a job holds 1 to {self.limits.max_requests} requests")
        if size > self.limits.max_bytes:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{size} bytes are more than a job may hold")

    def _check_queue(self, n_requests: int, now: datetime) -> None:
        waiting = sum(len(job.lines) for job in self.jobs if not job.status(now).is_terminal)
        if self.max_waiting is not None and waiting + n_requests > self.max_waiting:
            message = f"this would exceed {self.max_waiting} waiting requests"
            raise QueueIsFullError(HTTPStatus.TOO_MANY_REQUESTS, message)


def _check_requests(requests: list[dict[str, Any]]) -> None:
    names = [request["custom_id"] for request in requests]
    if len(set(names)) < len(names) or not all(_NAME.fullmatch(name) for name in names):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "every request needs a custom_id of its own, [A-Za-z0-9_-]{1,64}")
    if len({request["body"]["model"] for request in requests}) > 1:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "all requests of a job must name one model")


def _expired(name: str) -> dict[str, Any]:
    error = {"code": "batch_expired", "message": "the job's time ran out"}
    return {"id": f"row-{name}", "custom_id": name, "response": None, "error": error}


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": None, "param": None}}


def _completion(body: dict[str, Any], text: str) -> dict[str, Any]:
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    message = {"role": "assistant", "content": text, "refusal": None}
    usage = {"prompt_tokens": len(str(body["messages"])) // 4, "completion_tokens": len(text) // 4}
    return {
        "id": f"answer-{digest[:16]}",
        "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": usage,
    }
