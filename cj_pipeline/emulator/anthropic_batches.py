"""Anthropic's Message Batches API: accept, look at, list, cancel, delete, hand out results."""

import math
import re
from dataclasses import replace

from cj_pipeline.emulator import anthropic_wire
from cj_pipeline.emulator.anthropic_results import settle
from cj_pipeline.emulator.clock import rfc3339
from cj_pipeline.emulator.jobs import Job, Jobs, JobSpec
from cj_pipeline.emulator.schedule import draw_anthropic
from cj_pipeline.emulator.settings import ANTHROPIC_RETENTION_S
from cj_pipeline.emulator.state import Emulator
from cj_pipeline.emulator.wire import ANTHROPIC, ApiError, Call, JsonObject, Reply, compact

_CUSTOM_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
_STATUS = {"validating": "in_progress", "in_progress": "in_progress", "finalizing": "in_progress"}
_OUTCOMES = ("succeeded", "errored", "canceled", "expired")


def create(emulator: Emulator, call: Call) -> Reply:
    """``POST /v1/messages/batches``: ids are checked at once, params only when they are run."""
    version = anthropic_wire.check_version(call.headers)
    if len(call.body) > emulator.settings.limits.anthropic_bytes:
        raise ApiError(413, "Request exceeds the maximum allowed number of bytes.")
    requests = _checked_requests(call.json().get("requests"), emulator.settings.limits.anthropic_requests)
    _check_queue(emulator, call, len(requests))
    blob, _ = emulator.store.keep_lines(compact(request) for request in requests)
    jobs, settings = Jobs(emulator.store), emulator.settings
    job_id = jobs.new_id("msgbatch", settings.seed)
    faults = emulator.faults.take_for_job(ANTHROPIC)
    spec = JobSpec(
        id=job_id,
        provider=ANTHROPIC,
        key_hash=call.key_hash,
        created_at=call.now,
        n_requests=len(requests),
        blob=blob,
        schedule=draw_anthropic(settings.seed, job_id, settings.job_seconds),
        faults=tuple(faults),
        failing=(),
        details={"version": version},
    )
    noted = {"n_requests": len(requests), "metadata": None, "request_sha256": blob}
    emulator.journal.job_created(call.now, ANTHROPIC, job_id, noted | {"faults": [fault.kind for fault in faults]})
    # Shown as it was just before: even a batch of no length is answered with "in_progress".
    return Reply(_shown(jobs.add(spec), replace(call, now=math.nextafter(call.now, 0))))


def retrieve(emulator: Emulator, call: Call) -> Reply:
    """``GET /v1/messages/batches/{id}``."""
    job = _find(emulator, call)
    if job.course.is_over(call.now):
        Jobs(emulator.store).count_poll(job.spec.id)
        job = _find(emulator, call)
    return Reply(_shown(job, call))


def listing(emulator: Emulator, call: Call) -> Reply:
    """``GET /v1/messages/batches``: newest first, with a cursor in either direction."""
    anthropic_wire.check_version(call.headers)
    limit = call.limit(default=20, most=1000)
    jobs = [job for job in Jobs(emulator.store).newest_first(ANTHROPIC, call.key_hash) if job.is_listed(call.now)]
    ids = [job.spec.id for job in jobs]
    before, after = call.query.get("before_id"), call.query.get("after_id")
    if before is not None:
        newer = jobs[: _place(ids, before)]
        shown, has_more = newer[-limit:], len(newer) > limit
    else:
        older = jobs if after is None else jobs[_place(ids, after) + 1 :]
        shown, has_more = older[:limit], len(older) > limit
    data = [_shown(settled(emulator, job, call.now), call) for job in shown]
    first, last = (data[0]["id"], data[-1]["id"]) if data else (None, None)
    return Reply({"data": data, "has_more": has_more, "first_id": first, "last_id": last})


def cancel(emulator: Emulator, call: Call) -> Reply:
    """``POST /v1/messages/batches/{id}/cancel``."""
    job = _find(emulator, call)
    if job.course.is_over(call.now):
        raise ApiError(409, f"Batch {job.spec.id} cannot be canceled: processing has already ended.")
    if job.cancel_at is None:
        Jobs(emulator.store).cancel(job.spec.id, call.now)
    return Reply(_shown(_find(emulator, call), call))


def delete(emulator: Emulator, call: Call) -> Reply:
    """``DELETE /v1/messages/batches/{id}``: ended batches only."""
    job = _find(emulator, call)
    if not job.course.is_over(call.now):
        raise ApiError(400, f"Batch {job.spec.id} cannot be deleted while it is in progress; cancel it first.")
    Jobs(emulator.store).delete(job.spec.id)
    return Reply({"id": job.spec.id, "type": "message_batch_deleted"})


def results(emulator: Emulator, call: Call) -> Reply:
    """``GET /v1/messages/batches/{id}/results``."""
    job = _find(emulator, call)
    if job.settlement is None or job.withholds_output(call.now) or _is_archived(job, call.now):
        raise ApiError(404, f"Results of batch {job.spec.id} are not available.")
    return Reply(blob=emulator.store.blob_path(job.settlement["blob"]), media_type="application/x-jsonl")


def settled(emulator: Emulator, job: Job, now: float) -> Job:
    """Return the job with its results made, if it has ended."""
    if job.settlement is not None or not job.course.is_over(now):
        return job
    settle(emulator, job)
    return Jobs(emulator.store).find(ANTHROPIC, job.spec.key_hash, job.spec.id) or job


def _find(emulator: Emulator, call: Call) -> Job:
    anthropic_wire.check_version(call.headers)
    job = Jobs(emulator.store).find(ANTHROPIC, call.key_hash, call.params["id"])
    if job is None:
        raise ApiError(404, f"Batch {call.params['id']} not found.")
    return settled(emulator, job, call.now)


def _place(ids: list[str], cursor: str) -> int:
    if cursor not in ids:
        raise ApiError(400, f"Batch {cursor} not found.")
    return ids.index(cursor)


def _checked_requests(requests: object, most: int) -> list[JsonObject]:
    if not isinstance(requests, list) or not requests:
        raise ApiError(400, "requests: List should have at least 1 item")
    if len(requests) > most:
        raise ApiError(400, f"requests: List should have at most {most} items, not {len(requests)}")
    seen = set[str]()
    for place, request in enumerate(requests):
        _check_request(place, request, seen)
    return requests


def _check_request(place: int, request: object, seen: set[str]) -> None:
    if not isinstance(request, dict) or not isinstance(request.get("params"), dict):
        raise ApiError(400, f"requests.{place}.params: Field required")
    custom_id = request.get("custom_id")
    if not isinstance(custom_id, str) or not _CUSTOM_ID.fullmatch(custom_id):
        raise ApiError(400, f"requests.{place}.custom_id: String should match pattern '{_CUSTOM_ID.pattern}'")
    if custom_id in seen:
        raise ApiError(400, f"requests.{place}.custom_id: duplicate custom_id '{custom_id}'")
    if set(request) != {"custom_id", "params"}:
        raise ApiError(400, f"requests.{place}: Extra inputs are not permitted")
    seen.add(custom_id)


def _check_queue(emulator: Emulator, call: Call, n_requests: int) -> None:
    limit = emulator.settings.limits.anthropic_queued_requests
    if limit is None:
        return
    jobs = Jobs(emulator.store).newest_first(ANTHROPIC, call.key_hash)
    waiting = sum(job.spec.n_requests for job in jobs if not job.course.is_over(call.now))
    if waiting + n_requests > limit:
        raise ApiError(429, f"This would exceed the limit of {limit} requests in the batch processing queue.")


def _is_archived(job: Job, now: float) -> bool:
    return now >= job.spec.created_at + ANTHROPIC_RETENTION_S


def _shown(job: Job, call: Call) -> JsonObject:
    now, course = call.now, job.course
    over, archived = course.is_over(now), _is_archived(job, now)
    status = "ended" if over else _STATUS.get(course.phase(now), "canceling")
    url = f"http://{call.headers['host']}/v1/messages/batches/{job.spec.id}/results"
    readable = over and not archived and not job.withholds_output(now)
    return {
        "id": job.spec.id,
        "type": "message_batch",
        "processing_status": job.odd_status(now) or status,
        "request_counts": _counts(job, now),
        "created_at": rfc3339(course.created_at),
        "expires_at": rfc3339(course.expires_at),
        "ended_at": rfc3339(course.end()[0]) if over else None,
        "cancel_initiated_at": None if job.cancel_at is None else rfc3339(job.cancel_at),
        "archived_at": rfc3339(course.created_at + ANTHROPIC_RETENTION_S) if archived else None,
        "results_url": url if readable else None,
    }


def _counts(job: Job, now: float) -> JsonObject:
    # Nothing but "processing" is counted until the whole batch ends: there is no progress to be seen.
    if job.settlement is None or not job.course.is_over(now):
        return {"processing": job.spec.n_requests} | dict.fromkeys(_OUTCOMES, 0)
    return {"processing": 0} | {name: job.settlement["counts"].get(name, 0) for name in _OUTCOMES}
