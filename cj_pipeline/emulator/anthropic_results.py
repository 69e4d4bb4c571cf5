"""Make the results of an ended Anthropic message batch, and bill its answers."""

import json
from collections import Counter
from dataclasses import replace

from cj_pipeline.emulator import anthropic_wire, chance
from cj_pipeline.emulator.asking import answer, answer_token, bill
from cj_pipeline.emulator.fates import Fate, Fates
from cj_pipeline.emulator.jobs import Job, Jobs, completion_order
from cj_pipeline.emulator.journal import BilledAnswer
from cj_pipeline.emulator.row_faults import damaged, shuffled
from cj_pipeline.emulator.state import Emulator
from cj_pipeline.emulator.wire import ANTHROPIC, ApiError, JsonObject, anthropic_error, canonical, compact


def settle(emulator: Emulator, job: Job) -> None:
    """Write the results of a job that has ended, bill them, and note both; once per job."""
    end_at, last = job.course.end()
    billed: list[BilledAnswer] = []
    results = _results(emulator, job, last, billed)
    counts = Counter(result["type"] for _, result in results)
    seeds = (emulator.settings.seed, job.spec.id)
    rows = [compact({"custom_id": custom_id, "result": result}) for custom_id, result in results]
    blob, _ = emulator.store.keep_lines(damaged(shuffled(rows, *seeds), job.spec.faults, *seeds))
    with emulator.store.transaction():
        emulator.journal.answers(end_at, billed)
        Jobs(emulator.store).settle(job.spec.id, {"blob": blob, "counts": dict(counts)})


def _results(emulator: Emulator, job: Job, last: str, billed: list[BilledAnswer]) -> list[tuple[str, JsonObject]]:
    spec, seed = job.spec, emulator.settings.seed
    n_done = job.course.n_done(job.course.end()[0])
    ranks = completion_order(seed, spec.id, spec.n_requests)
    fates = Fates(ANTHROPIC, spec.faults, spec.n_requests, seed, spec.id)
    undone: JsonObject = {"type": "expired" if last == "expired" else "canceled"}
    results: list[tuple[str, JsonObject]] = []
    for index, line in enumerate(emulator.store.blob_lines(spec.blob)):
        item = json.loads(line)
        done = ranks[index] < n_done
        result = _answered(emulator, job, item, fates.of(index), billed) if done else undone
        results.append((item["custom_id"], result))
    return results


def _answered(emulator: Emulator, job: Job, item: JsonObject, fate: Fate, billed: list[BilledAnswer]) -> JsonObject:
    params, custom_id, seed = item["params"], item["custom_id"], emulator.settings.seed
    try:
        if fate.error:
            raise fate.error
        asked = anthropic_wire.understand(params, job.spec.details["version"], in_batch=True)
    except ApiError as error:
        request_id = f"req_synthetic_{chance.token('row', job.spec.id, custom_id)}"
        return {"type": "errored", "error": anthropic_error(error, request_id)}
    token = answer_token(seed, job.spec.id, custom_id, canonical(params))
    found = answer(emulator.respondent, asked, token, spoiling=fate.spoiling, odd_lines=fate.odd_lines)
    charged = bill(ANTHROPIC, asked.model, params, found)
    billed.append(replace(charged, job_id=job.spec.id, custom_id=custom_id))
    return {"type": "succeeded", "message": anthropic_wire.render(asked, found, in_batch=True)}
