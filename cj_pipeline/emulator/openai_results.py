"""Make the output file and the error file of an ended OpenAI batch, and bill its answers."""

import json
from dataclasses import dataclass, field, replace

from cj_pipeline.emulator import chance, openai_wire
from cj_pipeline.emulator.asking import answer, answer_token, bill
from cj_pipeline.emulator.fates import Fate, Fates
from cj_pipeline.emulator.jobs import Job, Jobs, completion_order
from cj_pipeline.emulator.journal import BilledAnswer
from cj_pipeline.emulator.openai_files import add_file
from cj_pipeline.emulator.row_faults import damaged, shuffled
from cj_pipeline.emulator.settings import OPENAI_RETENTION_S
from cj_pipeline.emulator.state import Emulator
from cj_pipeline.emulator.wire import OPENAI, ApiError, JsonObject, canonical, compact, openai_error


@dataclass
class _Results:
    outputs: list[bytes] = field(default_factory=list)
    errors: list[bytes] = field(default_factory=list)
    billed: list[BilledAnswer] = field(default_factory=list)
    n_completed: int = 0
    n_failed: int = 0


def settle(emulator: Emulator, job: Job) -> None:
    """Write the results of a job that has ended, bill them, and note both; once per job."""
    end_at, last = job.course.end()
    results = _Results()
    if last != "failed":
        _answer_all(emulator, job, results)
    with emulator.store.transaction():
        emulator.journal.answers(end_at, results.billed)
        Jobs(emulator.store).settle(job.spec.id, _settlement(emulator, job, results, end_at))


def _answer_all(emulator: Emulator, job: Job, results: _Results) -> None:
    spec, seed = job.spec, emulator.settings.seed
    end_at, last = job.course.end()
    n_done = job.course.n_done(end_at)
    ranks = completion_order(seed, spec.id, spec.n_requests)
    fates = Fates(OPENAI, spec.faults, spec.n_requests, seed, spec.id)
    for index, line in enumerate(emulator.store.blob_lines(spec.blob)):
        item = json.loads(line)
        if ranks[index] < n_done:
            _answer_one(emulator, job, item, fates.of(index), results)
        elif last == "expired":
            # Requests that a cancel left undone get no row: observed upstream, and what clients must survive.
            results.errors.append(_expired_row(job, item["custom_id"]))


def _answer_one(emulator: Emulator, job: Job, item: JsonObject, fate: Fate, results: _Results) -> None:
    endpoint, body, custom_id = job.spec.details["endpoint"], item["body"], item["custom_id"]
    try:
        if fate.error:
            raise fate.error
        asked = openai_wire.understand(endpoint, body)
    except ApiError as error:
        results.n_failed += 1
        results.errors.append(_row(job, custom_id, error.status, openai_error(error)))
        return
    token = answer_token(emulator.settings.seed, job.spec.id, custom_id, canonical(body))
    found = answer(emulator.respondent, asked, token, spoiling=fate.spoiling, odd_lines=fate.odd_lines)
    shape = openai_wire.render(endpoint, asked, body, found, job.course.end()[0])
    results.n_completed += 1
    results.outputs.append(_row(job, custom_id, 200, shape))
    results.billed.append(replace(bill(OPENAI, body["model"], body, found), job_id=job.spec.id, custom_id=custom_id))


def _settlement(emulator: Emulator, job: Job, results: _Results, end_at: float) -> JsonObject:
    seeds = (emulator.settings.seed, job.spec.id)
    outputs = damaged(shuffled(results.outputs, *seeds), job.spec.faults, *seeds)
    used = sum(one.input_tokens for one in results.billed), sum(one.output_tokens for one in results.billed)
    return {
        "output_file_id": _file(emulator, job, "output", outputs, end_at),
        "error_file_id": _file(emulator, job, "error", shuffled(results.errors, *seeds), end_at),
        "n_completed": results.n_completed,
        "n_failed": results.n_failed,
        "usage": {
            "input_tokens": used[0],
            "input_tokens_details": {"cached_tokens": sum(one.cached_tokens for one in results.billed)},
            "output_tokens": used[1],
            "output_tokens_details": {"reasoning_tokens": sum(one.reasoning_tokens for one in results.billed)},
            "total_tokens": sum(used),
        },
    }


def _file(emulator: Emulator, job: Job, kind: str, rows: list[bytes], at: float) -> str | None:
    if not rows:
        return None
    expires_s = job.spec.details.get("output_expires_s") or OPENAI_RETENTION_S
    blob = emulator.store.keep_lines(rows)
    return add_file(
        emulator,
        key_hash=job.spec.key_hash,
        filename=f"{job.spec.id}_{kind}.jsonl",
        purpose="batch_output",
        blob=blob,
        created_at=at,
        expires_s=expires_s,
    )


def _row(job: Job, custom_id: str, status: int, body: JsonObject) -> bytes:
    token = chance.token("row", job.spec.id, custom_id)
    response = {"status_code": status, "request_id": f"req_synthetic_{token}", "body": body}
    return compact({"id": f"batch_req_synthetic_{token}", "custom_id": custom_id, "response": response, "error": None})


def _expired_row(job: Job, custom_id: str) -> bytes:
    error = {
        "code": "batch_expired",
        "message": "This request could not be executed before the completion window expired.",
    }
    token = chance.token("row", job.spec.id, custom_id)
    return compact({"id": f"batch_req_synthetic_{token}", "custom_id": custom_id, "response": None, "error": error})
