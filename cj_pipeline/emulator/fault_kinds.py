"""The table of faults that can be scripted: what each does, where it strikes, and which options it takes.

Only the vocabulary; ``faults`` remembers what was scripted, and the modules that a fault disturbs carry it out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cj_pipeline.emulator.wire import ApiError, JsonObject, Provider

Stage = Literal["request", "job", "answer"]
_CREATE = r"/batches$"
_DOWNLOAD = r"/(content|results)$"


@dataclass(frozen=True)
class FaultKind:
    """One kind of fault.

    Attributes:
        stage: ``request`` strikes an HTTP exchange; ``job`` is attached to a job when it is created; ``answer`` is
            attached to a job or strikes one synchronous call.
        does: What it does, for the person who scripts it.
        options: Option names with their defaults; the default's type is the option's type, None accepts any.
        providers: Providers that can show this fault.
        choices: For options that are one of a few words, those words.
    """

    stage: Stage
    does: str
    options: JsonObject
    providers: tuple[Provider, ...] = ("openai", "anthropic")
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _on(path: str, method: str, **options: object) -> JsonObject:
    return {"path": path, "method": method, **options}


FAULT_KINDS: dict[str, FaultKind] = {
    "drop_before_commit": FaultKind("request", "close the connection without doing anything", _on(_CREATE, "POST")),
    "commit_then_drop": FaultKind(
        "request", "do what was asked, then close the connection without a reply", _on(_CREATE, "POST")
    ),
    "commit_then_500": FaultKind("request", "do what was asked, then answer 500", _on(_CREATE, "POST")),
    "hold_after_commit": FaultKind(
        "request", "do what was asked, then hold the reply back for real seconds", _on(_CREATE, "POST", seconds=30.0)
    ),
    "rate_limited": FaultKind(
        "request",
        "answer 429, with or without retry-after; error_code names Anthropic's error.details.error_code",
        _on(r"", "", retry_after=None, error_code=None),
    ),
    "http_error": FaultKind(
        "request",
        "answer with this status and do nothing",
        _on(r"", "", status=500, message="Scripted fault.", code=None, retry_after=None),
    ),
    "no_credit": FaultKind("request", "refuse because the account has no credit left", _on(_CREATE, "POST")),
    "expired_file_404": FaultKind("request", "answer 404 to a download, as after retention", _on(_DOWNLOAD, "GET")),
    "truncated_body": FaultKind(
        "request",
        "cut a download short, at a row or inside one; with Content-Length the connection breaks, else it looks whole",
        _on(_DOWNLOAD, "GET", content_length=True, inside_row=False, keep_share=0.5),
    ),
    "delayed_list_visibility": FaultKind("job", "hide the new job from lists", {"seconds": 60.0}),
    "enqueued_limit": FaultKind("job", "fail validation with token_limit_exceeded", {}, ("openai",)),
    "late_validation_failure": FaultKind(
        "job",
        "fail validation with this error",
        {"code": "invalid_request", "message": "Scripted validation failure.", "line": None, "param": None},
        ("openai",),
    ),
    "stuck_finalizing": FaultKind("job", "stay finalizing for this much longer", {"seconds": 3600.0}),
    "stuck": FaultKind(
        "job",
        "never leave this phase; it expires after 24 hours only if told to",
        {"phase": "in_progress", "expires": False},
        choices={"phase": ("validating", "in_progress", "finalizing", "cancelling")},
    ),
    "unknown_status": FaultKind(
        "job", "report a status no client knows, for seconds from creation", {"status": "hibernating", "seconds": 600.0}
    ),
    "completed_without_output": FaultKind(
        "job",
        "report the end with file ids (results_url) still null, for seconds from the end or for polls after it",
        {"seconds": 0.0, "polls": 0},
    ),
    "partial_expiry": FaultKind("job", "run into the 24 h expiry with this share done", {"share": 0.5}),
    "cancel_race": FaultKind("job", "accept a cancel, then complete all the same", {}),
    "missing_rows": FaultKind("job", "leave rows out of the results", {"share": 0.25}),
    "duplicate_rows": FaultKind("job", "give rows twice", {"share": 0.25}),
    "foreign_rows": FaultKind("job", "add rows with custom_ids nobody sent", {"count": 1}),
    "garbled_rows": FaultKind("job", "cut rows off inside their JSON", {"share": 0.25}),
    "empty_string_file_ids": FaultKind("job", 'report absent file ids as "" instead of null', {}, ("openai",)),
    "all_error_job": FaultKind(
        "answer", "refuse every request, so that no output file exists", {"status": 400, "message": "Scripted fault."}
    ),
    "item_errors": FaultKind(
        "answer",
        "refuse a share of the requests with this status",
        {"share": 0.25, "status": 500, "message": "Scripted fault."},
    ),
    "rows_without_credit": FaultKind(
        "answer", "refuse a share of the requests because the account has no credit left", {"share": 0.25}
    ),
    "refusals": FaultKind("answer", "let the model refuse a share of the requests", {"share": 0.25}),
    "truncated_answers": FaultKind("answer", "cut answers off at the token limit", {"share": 0.25}),
    "unreadable_answers": FaultKind("answer", "answer in prose whatever schema was sent", {"share": 0.25}),
    "u2028_in_rows": FaultKind("answer", "put a raw U+2028, U+2029 and U+0085 into free text", {"share": 1.0}),
}


def fault_kind(name: object) -> FaultKind:
    """Return a kind by name, or refuse naming the known ones."""
    if not isinstance(name, str) or name not in FAULT_KINDS:
        raise ApiError(400, f"unknown fault kind {name!r}; known: {', '.join(sorted(FAULT_KINDS))}")
    return FAULT_KINDS[name]


def checked_options(name: str, given: JsonObject) -> JsonObject:
    """Return all options of a fault, defaults filled in, or refuse an unknown or ill-typed one."""
    known, choices = fault_kind(name).options, fault_kind(name).choices
    for option, value in given.items():
        if option not in known:
            raise ApiError(400, f"fault {name!r} has no option {option!r}; it has: {', '.join(known) or 'none'}")
        _check_type(name, option, value, known[option])
        if option in choices and value not in choices[option]:
            raise ApiError(400, f"option {option!r} of fault {name!r} must be one of {', '.join(choices[option])}")
    return known | given


def _check_type(name: str, option: str, value: object, default: object) -> None:
    wanted = (int, float) if isinstance(default, float) else type(default)
    wrong_bool = isinstance(value, bool) and not isinstance(default, bool)
    if default is not None and (wrong_bool or not isinstance(value, wanted)):
        raise ApiError(400, f"option {option!r} of fault {name!r} must be like {default!r}, not {value!r}")
    if option == "path" and isinstance(value, str):
        _check_pattern(value)
    if option.endswith("share") and isinstance(value, (int, float)) and not 0 <= value <= 1:
        raise ApiError(400, f"option {option!r} of fault {name!r} must lie between 0 and 1, not {value!r}")


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ApiError(400, f"path {pattern!r} is not a regular expression: {error}") from error
