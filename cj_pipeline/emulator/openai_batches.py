"""OpenAI's Batch API: accept, look at, list and cancel. Results are made in ``openai_results``."""

import math

from cj_pipeline.emulator import openai_wire
from cj_pipeline.emulator.fates import Fates
from cj_pipeline.emulator.faults import Fault
from cj_pipeline.emulator.jobs import Job, Jobs, JobSpec, completion_order
from cj_pipeline.emulator.openai_files import check_expiry, find_file, page
from cj_pipeline.emulator.openai_input import InputReport, inspect
from cj_pipeline.emulator.openai_results import settle
from cj_pipeline.emulator.schedule import draw_openai
from cj_pipeline.emulator.settings import HOUR_S
from cj_pipeline.emulator.state import Emulator
from cj_pipeline.emulator.wire import OPENAI, ApiError, Call, JsonObject, Reply

_STAMPS = (
    "in_progress_at",
    "finalizing_at",
    "completed_at",
    "failed_at",
    "expired_at",
    "cancelling_at",
    "cancelled_at",
)
_MOST_PAIRS, _LONGEST_KEY, _LONGEST_VALUE = 16, 64, 512


def create(emulator: Emulator, call: Call) -> Reply:
    """``POST /v1/batches``: accepted at once, validated later."""
    body = call.json()
    endpoint = _checked_endpoint(body)
    metadata, expires_s = _checked_metadata(body.get("metadata")), _checked_output_expiry(body)
    file = find_file(emulator, call.key_hash, body.get("input_file_id"), call.now)
    if file is None or file["purpose"] != "batch":
        message = f"No batch input file with id '{body.get('input_file_id')}' was found."
        raise ApiError(400, message, param="input_file_id")
    _check_rate(emulator, call)
    faults = emulator.faults.take_for_job(OPENAI)
    report = inspect(emulator.store.blob_lines(file["blob"]), endpoint, emulator.settings.limits.openai_requests)
    _check_queue(emulator, call, report)
    _add_scripted_errors(report, faults)
    details = {"endpoint": endpoint, "input_file_id": file["id"], "metadata": metadata, "output_expires_s": expires_s}
    job = _accept(emulator, call, faults, report, details | {"blob": file["blob"]})
    # Shown as it was just before: even a job of no length is answered with "validating".
    return Reply(_shown(job, math.nextafter(call.now, 0)))


def _accept(emulator: Emulator, call: Call, faults: list[Fault], report: InputReport, details: JsonObject) -> Job:
    jobs, settings, blob = Jobs(emulator.store), emulator.settings, details.pop("blob")
    job_id = jobs.new_id("batch", settings.seed)
    details |= {"errors": report.errors, "model": report.model, "prompt_tokens": report.prompt_tokens}
    spec = JobSpec(
        id=job_id,
        provider=OPENAI,
        key_hash=call.key_hash,
        created_at=call.now,
        n_requests=report.n_requests,
        blob=blob,
        schedule=draw_openai(settings.seed, job_id, settings.job_seconds),
        faults=tuple(faults),
        failing=_failing(settings.seed, job_id, faults, report),
        details=details,
    )
    noted = {"n_requests": report.n_requests, "metadata": details["metadata"], "request_sha256": blob}
    emulator.journal.job_created(call.now, OPENAI, job_id, noted | {"faults": [fault.kind for fault in faults]})
    return jobs.add(spec)


def retrieve(emulator: Emulator, call: Call) -> Reply:
    """``GET /v1/batches/{id}``."""
    job = _find(emulator, call)
    if job.course.is_over(call.now):
        Jobs(emulator.store).count_poll(job.spec.id)
        job = _find(emulator, call)
    return Reply(_shown(job, call.now))


def listing(emulator: Emulator, call: Call) -> Reply:
    """``GET /v1/batches``: newest first."""
    limit = call.limit(default=20, most=100)
    jobs = [job for job in Jobs(emulator.store).newest_first(OPENAI, call.key_hash) if job.is_listed(call.now)]
    after = call.query.get("after")
    if after is not None:
        ids = [job.spec.id for job in jobs]
        if after not in ids:
            raise _no_such_batch(after)
        jobs = jobs[ids.index(after) + 1 :]
    # One more than asked for tells the page that there are more.
    return Reply(page([_shown(settled(emulator, job, call.now), call.now) for job in jobs[: limit + 1]], limit))


def cancel(emulator: Emulator, call: Call) -> Reply:
    """``POST /v1/batches/{id}/cancel``."""
    job = _find(emulator, call)
    if job.course.is_over(call.now):
        phase = job.course.phase(call.now)
        raise ApiError(409, f"Cannot cancel a batch with status '{phase}'.", code="invalid_batch_status")
    if job.cancel_at is None:
        Jobs(emulator.store).cancel(job.spec.id, call.now)
    return Reply(_shown(_find(emulator, call), call.now))


def settled(emulator: Emulator, job: Job, now: float) -> Job:
    """Return the job with its results made, if it has ended."""
    if job.settlement is not None or not job.course.is_over(now):
        return job
    settle(emulator, job)
    return Jobs(emulator.store).find(OPENAI, job.spec.key_hash, job.spec.id) or job


def _find(emulator: Emulator, call: Call) -> Job:
    job = Jobs(emulator.store).find(OPENAI, call.key_hash, call.params["id"])
    if job is None:
        raise _no_such_batch(call.params["id"])
    return settled(emulator, job, call.now)


def _no_such_batch(batch_id: str) -> ApiError:
    return ApiError(404, f"No batch found with id '{batch_id}'.", param="batch_id")


def _checked_endpoint(body: JsonObject) -> str:
    for name in ("input_file_id", "endpoint", "completion_window"):
        if not isinstance(body.get(name), str):
            raise ApiError(400, f"Missing '{name}'.", code="missing_required_parameter", param=name)
    if body["completion_window"] != "24h":
        raise ApiError(400, "Invalid completion_window: only '24h' is supported.", param="completion_window")
    endpoint = str(body["endpoint"])
    if endpoint not in openai_wire.ENDPOINTS:
        raise ApiError(400, f"The endpoint '{endpoint}' is not emulated.", code="invalid_endpoint", param="endpoint")
    return endpoint


def _checked_metadata(metadata: object) -> JsonObject | None:
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or len(metadata) > _MOST_PAIRS:
        raise ApiError(400, f"Invalid 'metadata': at most {_MOST_PAIRS} pairs.", param="metadata")
    for name, value in metadata.items():
        if len(name) > _LONGEST_KEY or not isinstance(value, str) or len(value) > _LONGEST_VALUE:
            message = (
                f"Invalid 'metadata': keys up to {_LONGEST_KEY} and string values up to {_LONGEST_VALUE} characters."
            )
            raise ApiError(400, message, param=f"metadata.{name[:_LONGEST_KEY]}")
    return metadata


def _checked_output_expiry(body: JsonObject) -> float | None:
    given = body.get("output_expires_after")
    if given is None:
        return None
    if not isinstance(given, dict):
        raise ApiError(400, "Invalid 'output_expires_after'.", param="output_expires_after")
    return check_expiry(given.get("anchor"), given.get("seconds"), "output_expires_after")


def _check_rate(emulator: Emulator, call: Call) -> None:
    most = emulator.settings.limits.openai_creates_per_hour
    jobs = Jobs(emulator.store).newest_first(OPENAI, call.key_hash)
    recent = [job.spec.created_at for job in jobs[:most] if job.spec.created_at > call.now - HOUR_S]
    if len(recent) >= most:
        wait = {"retry-after": str(math.ceil(recent[-1] + HOUR_S - call.now))}
        raise ApiError(429, f"Rate limit reached: {most} batches per hour.", code="rate_limit_exceeded", headers=wait)


def _check_queue(emulator: Emulator, call: Call, report: InputReport) -> None:
    limit = emulator.settings.enqueued_limit(report.model or "")
    if limit is None or report.errors:
        return
    jobs = Jobs(emulator.store).newest_first(OPENAI, call.key_hash)
    live = [job for job in jobs if job.spec.details["model"] == report.model and not job.course.is_over(call.now)]
    waiting = sum(job.spec.details["prompt_tokens"] for job in live if not job.spec.details["errors"])
    if waiting + report.prompt_tokens > limit:
        report.fail("token_limit_exceeded", _token_limit_message(report.model, limit))


def _token_limit_message(model: str | None, limit: float | None) -> str:
    most = "scripted" if limit is None else f"{limit:.0f}"
    return (
        f"Enqueued token limit reached for {model} in this organization. Limit: {most} enqueued tokens. "
        "Please try again once some in_progress batches have been completed."
    )


def _add_scripted_errors(report: InputReport, faults: list[Fault]) -> None:
    for fault in faults:
        if fault.kind == "enqueued_limit":
            report.fail("token_limit_exceeded", _token_limit_message(report.model, None))
        elif fault.kind == "late_validation_failure":
            report.errors.append(dict(fault.options))


def _failing(seed: int, job_id: str, faults: list[Fault], report: InputReport) -> tuple[int, ...]:
    if report.errors:
        return ()
    ranks = completion_order(seed, job_id, report.n_requests)
    fates = Fates(OPENAI, faults, report.n_requests, seed, job_id)
    struck = {index for index in range(report.n_requests) if fates.of(index).error} if faults else set()
    return tuple(sorted(ranks[index] for index in struck | report.refused))


def _shown(job: Job, now: float) -> JsonObject:
    spec, course = job.spec, job.course
    over, withheld = course.is_over(now), job.withholds_output(now)
    known = job.settlement if over and not withheld and job.settlement else {}
    absent = "" if over and not withheld and job.fault("empty_string_file_ids") else None
    errors = {"object": "list", "data": spec.details["errors"]} if course.phase(now) == "failed" else None
    return {
        "id": spec.id,
        "object": "batch",
        "endpoint": spec.details["endpoint"],
        "model": spec.details["model"],
        "errors": errors,
        "input_file_id": spec.details["input_file_id"],
        "completion_window": "24h",
        "status": job.odd_status(now) or course.phase(now),
        "output_file_id": known.get("output_file_id") or absent,
        "error_file_id": known.get("error_file_id") or absent,
        "request_counts": _counts(job, now),
        "usage": (job.settlement or {}).get("usage") if over else None,
        "metadata": spec.details["metadata"],
    } | _stamps(job, now)


def _counts(job: Job, now: float) -> JsonObject:
    phase = job.course.phase(now)
    if phase in ("validating", "failed"):
        return {"total": 0, "completed": 0, "failed": 0}
    n_done = job.course.n_done(now)
    n_failed = job.n_failed(n_done)
    return {"total": job.spec.n_requests, "completed": n_done - n_failed, "failed": n_failed}


def _stamps(job: Job, now: float) -> JsonObject:
    course = job.course
    end_at, last = course.end()
    cancel_at = math.inf if job.cancel_at is None else job.cancel_at
    happening = {"in_progress_at": course.in_progress_at, "finalizing_at": course.finalizing_at}
    # A job that fails was never in progress; one that is being cancelled makes no further progress.
    stop = {"failed": -math.inf, "cancelled": min(end_at, cancel_at)}.get(last, end_at)
    reached = {name: at for name, at in happening.items() if at <= stop}
    reached |= {"cancelling_at": cancel_at, f"{last}_at": end_at}
    always = {"created_at": int(course.created_at), "expires_at": int(course.expires_at)}
    return always | {name: int(reached[name]) if reached.get(name, math.inf) <= now else None for name in _STAMPS}
