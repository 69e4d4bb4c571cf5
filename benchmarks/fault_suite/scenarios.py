"""What can go wrong, as lists of scripted faults and of steps at which the process dies."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Fault = dict[str, Any]

BATCH = "provider_batch_api"
PROVIDERS = ("openai", "anthropic")
SYNC_MODES = ("per_request", "serial_bundle")
_GET_JOB = r"/batches/[^/]+$"
_ASK = r"/(chat/completions|messages)$"

BATCH_FAULTS: dict[str, list[Fault]] = {
    "reply lost before the job is made": [{"kind": "drop_before_commit"}],
    "job made, reply lost": [{"kind": "commit_then_drop"}],
    "job made, HTTP 500": [{"kind": "commit_then_500"}],
    "job made, reply lost, listed late": [
        {"kind": "commit_then_drop"},
        {"kind": "delayed_list_visibility", "seconds": 500.0},
    ],
    "429 with retry-after": [{"kind": "rate_limited", "retry_after": 40, "times": 4}],
    "429 without retry-after": [{"kind": "rate_limited", "times": 4}],
    "five polls fail in a row": [{"kind": "http_error", "status": 500, "path": _GET_JOB, "method": "GET", "times": 5}],
    "queue full": [{"kind": "enqueued_limit", "provider": "openai"}],
    "late validation failure": [{"kind": "late_validation_failure", "code": "invalid_request", "provider": "openai"}],
    "input file denied": [
        {"kind": "late_validation_failure", "code": "file_not_found", "message": "No such file.", "provider": "openai"}
    ],
    "stuck finalizing": [{"kind": "stuck_finalizing", "seconds": 7200.0}],
    "stuck until it expires": [{"kind": "stuck", "phase": "in_progress", "expires": True}],
    "unknown status": [{"kind": "unknown_status", "seconds": 900.0}],
    "ended, files not there yet": [{"kind": "completed_without_output", "seconds": 300.0, "polls": 2}],
    "every request fails": [{"kind": "all_error_job", "status": 500}],
    "a share fails, 500": [{"kind": "item_errors", "share": 0.3, "status": 500}],
    "a share fails, 400": [{"kind": "item_errors", "share": 0.3, "status": 400}],
    "partial expiry": [{"kind": "partial_expiry", "share": 0.5}],
    "missing rows": [{"kind": "missing_rows", "share": 0.3}],
    "duplicate rows": [{"kind": "duplicate_rows", "share": 0.5}],
    "foreign rows": [{"kind": "foreign_rows", "count": 3}],
    "garbled rows": [{"kind": "garbled_rows", "share": 0.3}],
    "file cut off, with length": [{"kind": "truncated_body", "content_length": True, "times": 2}],
    "file cut off at a row, without length": [{"kind": "truncated_body", "content_length": False, "times": 2}],
    "file cut off inside a row": [{"kind": "truncated_body", "content_length": False, "inside_row": True, "times": 2}],
    "U+2028 inside rows": [{"kind": "u2028_in_rows", "share": 1.0}],
    "empty-string file ids": [{"kind": "empty_string_file_ids", "provider": "openai"}],
    "file said to be expired for a while": [{"kind": "expired_file_404", "times": 3}],
    "refusals": [{"kind": "refusals", "share": 0.3}],
    "answers cut off": [{"kind": "truncated_answers", "share": 0.3}],
    "answers that are no verdict": [{"kind": "unreadable_answers", "share": 0.3}],
    "no credit at the create call": [{"kind": "no_credit"}],
    "rows without credit": [{"kind": "rows_without_credit", "share": 0.3}],
    "job unknown for a moment": [{"kind": "http_error", "status": 404, "path": _GET_JOB, "method": "GET"}],
}
"""Faults of batch jobs by their name in the table; `cancel race` has its own driver."""

SYNC_FAULTS: dict[str, list[Fault]] = {
    "reply lost before the answer": [{"kind": "drop_before_commit", "path": _ASK, "times": 3}],
    "answered, reply lost": [{"kind": "commit_then_drop", "path": _ASK, "times": 3}],
    "answered, HTTP 500": [{"kind": "commit_then_500", "path": _ASK, "times": 3}],
    "429": [{"kind": "rate_limited", "path": _ASK, "retry_after": 5, "times": 5}],
    "503": [{"kind": "http_error", "path": _ASK, "status": 503, "times": 5}],
    "400 for one": [{"kind": "http_error", "path": _ASK, "status": 400, "times": 1, "skip": 2}],
    "answers cut off": [{"kind": "truncated_answers", "share": 1.0, "times": 3}],
    "no credit": [{"kind": "no_credit", "path": _ASK}],
}
"""Faults of synchronous calls by their name in the table."""


@dataclass(frozen=True)
class Scenario:
    """One run.

    Attributes:
        name: Row of the table.
        provider: Who is asked.
        mode: How comparisons reach the model.
        seed: Seeds the pair set and everything drawn.
        faults: What the emulator is told.
        dies_at: Steps (a write or a call to the provider begins or has returned) at which successive processes die.
        cancels: Whether the assessment is cancelled on its way and submitted again.
        canary: Whether a canary precedes the job.
    """

    name: str
    provider: str
    mode: str
    seed: int
    faults: tuple[Fault, ...] = ()
    dies_at: tuple[int, ...] = ()
    cancels: bool = False
    canary: bool = False
    more: dict[str, str] = field(default_factory=dict)


def applies(faults: list[Fault], provider: str) -> bool:
    """Whether a provider can show these faults."""
    return all(fault.get("provider", provider) == provider for fault in faults)


def singles(seed: int) -> Iterator[Scenario]:
    """Every fault once for every provider and mode that can show it."""
    for provider in PROVIDERS:
        for name, faults in BATCH_FAULTS.items():
            if applies(faults, provider):
                yield Scenario(name, provider, BATCH, seed, tuple(faults))
        race: tuple[Fault, ...] = ({"kind": "cancel_race"},)
        yield Scenario("cancelled on the way", provider, BATCH, seed, cancels=True)
        yield Scenario("cancel race", provider, BATCH, seed, race, cancels=True)
        for mode in SYNC_MODES:
            for name, faults in SYNC_FAULTS.items():
                yield Scenario(name, provider, mode, seed, tuple(faults))


def deaths(seed: int, n_steps: int) -> Iterator[Scenario]:
    """Death at each step, for every provider and mode."""
    for step in range(1, n_steps + 1):
        for provider in PROVIDERS:
            for mode in (BATCH, *SYNC_MODES):
                yield Scenario(
                    "SIGKILL at one write", provider, mode, seed + step, dies_at=(step,), canary=step % 2 > 0
                )


def combinations(seed: int) -> Iterator[Scenario]:
    """Random combinations of faults and deaths, without end."""
    number = seed
    while True:
        number += 1
        chance = random.Random(number)  # noqa: S311 (a draw that must repeat by its seed)
        provider = chance.choice(PROVIDERS)
        mode = chance.choice([BATCH, BATCH, BATCH, *SYNC_MODES])
        table = BATCH_FAULTS if mode == BATCH else SYNC_FAULTS
        possible = [faults for faults in table.values() if applies(faults, provider)]
        drawn = chance.sample(possible, chance.randint(1, 4))
        faults = tuple(fault for each in drawn for fault in each)
        dies_at = tuple(chance.randint(1, 90) for _ in range(chance.choice([0, 0, 1, 1, 2, 3])))
        cancels = mode == BATCH and chance.random() < 0.15  # noqa: PLR2004 (a share)
        canary = chance.random() < 0.3  # noqa: PLR2004 (a share)
        yield Scenario("random combinations", provider, mode, number, faults, dies_at, cancels=cancels, canary=canary)
