"""One HTTP exchange with a provider: read the call, check the key, let faults strike, answer, write the journal.

Endpoints see a ``Call`` and return a ``Reply``; what a network or an overloaded provider does to either happens here.
"""

import asyncio
import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse

from cj_pipeline.emulator import chance
from cj_pipeline.emulator.connections import DroppedReply, TruncatedReply
from cj_pipeline.emulator.faults import Fault
from cj_pipeline.emulator.state import Emulator
from cj_pipeline.emulator.wire import ApiError, Call, Provider, Reply, Upload, error_body, no_credit

Handler = Callable[[Emulator, Call], Reply]
_NO_KEY = "You didn't provide an API key: send it as 'Authorization: Bearer KEY' or 'x-api-key: KEY'."
_PARAMS = ("id",)
_PIECE_BYTES = 40


@dataclass(frozen=True)
class Outcome:
    """What came of a call: a reply (None if the connection is to be dropped) and the fault that struck it."""

    reply: Reply | None
    fault: Fault | None


async def read_call(emulator: Emulator, request: Request, provider: Provider) -> Call:
    """Read a whole request, the upload of a multipart form going straight into a blob."""
    body, upload = b"", None
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        upload = await _read_upload(emulator, request)
    else:
        body = await request.body()
    return Call(
        provider=provider,
        method=request.method,
        path=request.url.path,
        query=dict(request.query_params),
        headers=dict(request.headers),
        params={name: str(request.path_params.get(name, "")) for name in _PARAMS},
        body=body,
        upload=upload,
        key_hash=_key_hash(request),
        # Set when the call is performed, so that time and numbering agree.
        now=0.0,
        arrived=emulator.clock.glance(),
    )


def perform(emulator: Emulator, handler: Handler, call: Call) -> Outcome:
    """Answer a call and journal it, as one transaction."""
    with emulator.store.transaction():
        call = replace(call, now=emulator.clock.now())
        fault = emulator.faults.take_for_request(call.provider, call.method, call.path) if call.key_hash else None
        request_id = _request_id(emulator)
        reply = _answered(emulator, handler, call, fault, request_id)
        _write_journal(emulator, call, reply, fault)
    if reply is None:
        return Outcome(None, fault)
    marks = {"x-request-id": request_id, "request-id": request_id, "x-synthetic-judge": emulator.judge.name}
    return Outcome(replace(reply, headers={**reply.headers, **marks}), fault)


def http_response(outcome: Outcome) -> Any:  # noqa: ANN401 - any ASGI application
    """Return what is sent over the socket."""
    reply, fault = outcome.reply, outcome.fault
    if reply is None or (fault and fault.kind == "commit_then_drop"):
        return DroppedReply()
    if reply.blob is None:
        return Response(reply.content(), reply.status, dict(reply.headers), "application/json")
    if fault and fault.kind == "truncated_body":
        return _truncated(reply, fault)
    return FileResponse(reply.blob, reply.status, dict(reply.headers), reply.media_type)


async def hold_back(emulator: Emulator, request: Request, outcome: Outcome) -> None:
    """Wait for as long as a fault wants the reply held back or the judge takes, or until the client has gone.

    On a frozen clock the judge's time has passed by then, and nobody waits for it.
    """
    fault, reply = outcome.fault, outcome.reply
    seconds = 0.0 if reply is None or emulator.settings.frozen_clock else reply.takes_s
    if fault is not None and fault.kind == "hold_after_commit":
        seconds += float(fault.options["seconds"])
    if not seconds:
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while (await request.receive())["type"] != "http.disconnect":
                pass


async def _read_upload(emulator: Emulator, request: Request) -> Upload | None:
    async with request.form() as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            return None
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        blob, size = await run_in_threadpool(emulator.store.keep_blob, file.file)
        return Upload(fields, file.filename or "upload", blob, size)


def _key_hash(request: Request) -> str:
    bearer = request.headers.get("authorization", "")
    key = bearer.removeprefix("Bearer ").strip() if bearer.startswith("Bearer ") else ""
    key = key or request.headers.get("x-api-key", "").strip()
    return hashlib.sha256(key.encode()).hexdigest()[:16] if key else ""


def _request_id(emulator: Emulator) -> str:
    number = emulator.store.next_number("journal")
    return f"req_synthetic_{chance.token(emulator.settings.seed, 'request', number)}"


def _answered(emulator: Emulator, handler: Handler, call: Call, fault: Fault | None, request_id: str) -> Reply | None:
    if fault and fault.kind == "drop_before_commit":
        return None
    try:
        _refuse_before(call, fault)
        reply = handler(emulator, call)
        _refuse_after(fault)
    except ApiError as error:
        return Reply(error_body(call.provider, error, request_id), error.status, headers=error.headers)
    return reply


def _refuse_after(fault: Fault | None) -> None:
    if fault and fault.kind == "commit_then_500":
        raise ApiError(500, "The server had an error while processing your request.")


def _refuse_before(call: Call, fault: Fault | None) -> None:
    if not call.key_hash:
        raise ApiError(401, _NO_KEY)
    if fault is None:
        return
    options = fault.options
    wait = options.get("retry_after")
    headers = {} if wait is None else {"retry-after": str(wait)}
    if fault.kind == "rate_limited":
        code = options["error_code"]
        details = {"error_code": code} if code else None
        raise ApiError(429, "Rate limit reached.", code=code or "rate_limit_exceeded", details=details, headers=headers)
    if fault.kind == "http_error":
        raise ApiError(int(options["status"]), str(options["message"]), code=options["code"], headers=headers)
    if fault.kind == "no_credit":
        raise no_credit(call.provider)
    if fault.kind == "expired_file_404":
        raise ApiError(404, "The file has expired and was deleted.", code="expired_file")


def _write_journal(emulator: Emulator, call: Call, reply: Reply | None, fault: Fault | None) -> None:
    dropped = reply is None or (fault is not None and fault.kind == "commit_then_drop")
    entry = {
        "method": call.method,
        "path": call.path,
        "status": None if dropped or reply is None else reply.status,
        "fault": fault.kind if fault else None,
        "retry_count": call.headers.get("x-stainless-retry-count"),
        "key_sha256": call.key_hash,
        "body_bytes": call.upload.size_bytes if call.upload else len(call.body),
    }
    emulator.journal.http(call.now, call.provider, entry)
    if emulator.settings.log_bodies:
        _keep_body(emulator, call)


def _keep_body(emulator: Emulator, call: Call) -> None:
    blob = call.upload.blob if call.upload else emulator.store.keep_blob(call.body)[0]
    sql = "INSERT INTO bodies (at, provider, method, path, blob) VALUES (?, ?, ?, ?, ?)"
    query = "&".join(f"{name}={value}" for name, value in call.query.items())
    path = f"{call.path}?{query}" if query else call.path
    emulator.store.change(sql, call.now, call.provider, call.method, path, blob)


def _truncated(reply: Reply, fault: Fault) -> Any:  # noqa: ANN401 - any ASGI application
    whole = reply.content()
    rows = [row + b"\n" for row in whole.split(b"\n")[:-1]]
    n_kept = int(len(rows) * float(fault.options["keep_share"]))
    kept = b"".join(rows[:n_kept])
    if fault.options["inside_row"]:
        kept += b"".join(rows[n_kept:])[:_PIECE_BYTES]
    headers = {**reply.headers, "content-type": reply.media_type}
    if fault.options["content_length"]:
        return TruncatedReply(kept, len(whole), headers)
    return StreamingResponse(iter([kept]), 200, headers)
