"""The synchronous endpoints: one request, one answer, at once."""

from dataclasses import replace

from cj_pipeline.emulator import anthropic_wire, openai_wire
from cj_pipeline.emulator.asking import Answer, Asked, answer, answer_token, bill
from cj_pipeline.emulator.fates import sync_fate
from cj_pipeline.emulator.state import Emulator
from cj_pipeline.emulator.wire import Call, JsonObject, Reply, canonical


def openai_answer(emulator: Emulator, call: Call) -> Reply:
    """``POST /v1/chat/completions`` and ``POST /v1/responses``."""
    body = call.json()
    asked = openai_wire.understand(call.path, body)
    found = _answered(emulator, call, asked, body)
    return Reply(openai_wire.render(call.path, asked, body, found, emulator.clock.now()), takes_s=found.latency_s)


def anthropic_answer(emulator: Emulator, call: Call) -> Reply:
    """``POST /v1/messages``."""
    version, body = anthropic_wire.check_version(call.headers), call.json()
    asked = anthropic_wire.understand(body, version, in_batch=False)
    found = _answered(emulator, call, asked, body)
    return Reply(anthropic_wire.render(asked, found, in_batch=False), takes_s=found.latency_s)


def _answered(emulator: Emulator, call: Call, asked: Asked, body: JsonObject) -> Answer:
    seed, text = emulator.settings.seed, canonical(body)
    fate = sync_fate(call.provider, emulator.faults.take_for_answer(call.provider), seed, text)
    if fate.error:
        raise fate.error
    # The number makes ids differ between two equal calls; the answers are equal all the same.
    token = answer_token(seed, emulator.store.next_number("journal"), text)
    found = answer(emulator.respondent, asked, token, spoiling=fate.spoiling, odd_lines=fate.odd_lines)
    billed = bill(call.provider, asked.model, body, found)
    emulator.journal.answers(call.now, [replace(billed, token=found.token, latency_s=found.latency_s)])
    emulator.clock.pass_from(call.arrived, found.latency_s)
    return found
