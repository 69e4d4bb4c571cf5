"""The emulator's own endpoints below ``/_emulator``: clock, journal, summary, faults, reset. No provider has these."""

import json
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from cj_pipeline.emulator import anthropic_batches, openai_batches
from cj_pipeline.emulator.jobs import Jobs
from cj_pipeline.emulator.state import Emulator
from cj_pipeline.emulator.wire import OPENAI, ApiError, JsonObject, compact, openai_error

Action = Callable[[Emulator, Request, JsonObject], JsonObject | None]
_DEFAULT_PAGE = 1000


def control_routes(emulator: Emulator) -> list[Route]:
    """Return the routes below ``/_emulator``."""
    table: tuple[tuple[str, str, Action], ...] = (
        ("GET", "health", _health),
        ("GET", "clock", _clock),
        ("POST", "clock", _advance),
        ("GET", "summary", _summary),
        ("GET", "faults", _faults),
        ("POST", "faults", _script_faults),
        ("DELETE", "faults", _clear_faults),
        ("POST", "reset", _reset),
        ("GET", "requests", _requests),
    )
    routes = [Route(f"/_emulator/{name}", _endpoint(emulator, action), methods=[verb]) for verb, name, action in table]
    return [*routes, Route("/_emulator/journal", _journal_endpoint(emulator), methods=["GET"])]


def settle_all(emulator: Emulator) -> None:
    """Make the results of every ended job, so that the journal shows all that was billed by now."""
    now = emulator.clock.now()
    for job in reversed(Jobs(emulator.store).newest_first()):
        with emulator.store.transaction():
            provider = openai_batches if job.spec.provider == OPENAI else anthropic_batches
            provider.settled(emulator, job, now)


def _endpoint(emulator: Emulator, action: Action) -> Callable[[Request], object]:
    mark = {"x-synthetic-judge": emulator.judge.name}

    async def endpoint(request: Request) -> Response:
        try:
            body = json.loads(await request.body() or b"{}")
            answered = await run_in_threadpool(
                action, emulator, request, body if isinstance(body, dict) else {"": body}
            )
        except ApiError as error:
            return JSONResponse(openai_error(error), error.status, mark)
        except ValueError as error:
            return JSONResponse(openai_error(ApiError(400, str(error))), 400, mark)
        return JSONResponse(answered, headers=mark)

    return endpoint


def _journal_endpoint(emulator: Emulator) -> Callable[[Request], object]:
    mark = {"x-synthetic-judge": emulator.judge.name}

    async def endpoint(request: Request) -> Response:
        try:
            entries = await run_in_threadpool(_journal_page, emulator, request)
        except ValueError as error:
            return JSONResponse(openai_error(ApiError(400, str(error))), 400, mark)
        if request.query_params.get("format") == "jsonl":
            return Response(b"".join(compact(entry) + b"\n" for entry in entries), 200, mark, "application/x-jsonl")
        after = entries[-1]["seq"] if entries else None
        return JSONResponse({"entries": entries, "next_after": after}, headers=mark)

    return endpoint


def _journal_page(emulator: Emulator, request: Request) -> list[JsonObject]:
    settle_all(emulator)
    query = request.query_params
    after, limit = int(query.get("after", 0)), int(query.get("limit", _DEFAULT_PAGE))
    return emulator.journal.page(after=after, limit=limit, kind=query.get("kind"))


def _health(emulator: Emulator, _request: Request, _body: JsonObject) -> JsonObject:
    return {"status": "ok", "synthetic": True, "judge": emulator.judge.name}


def _clock(emulator: Emulator, _request: Request, _body: JsonObject) -> JsonObject:
    return {"now": emulator.clock.now(), "frozen": emulator.settings.frozen_clock}


def _advance(emulator: Emulator, _request: Request, body: JsonObject) -> JsonObject:
    seconds = body.get("advance_s")
    if not isinstance(seconds, (int, float)) or isinstance(seconds, bool):
        raise ApiError(400, f"advance_s must be a number of seconds, not {seconds!r}")
    return {"now": emulator.clock.advance(float(seconds)), "frozen": emulator.settings.frozen_clock}


def _summary(emulator: Emulator, _request: Request, _body: JsonObject) -> JsonObject:
    settle_all(emulator)
    now, jobs = emulator.clock.now(), Jobs(emulator.store).newest_first()
    live = [job.spec.id for job in jobs if not job.course.is_over(now)]
    head = {"now": now, "synthetic": True, "judge": emulator.judge.name, "live_jobs": live}
    return head | emulator.journal.totals()


def _faults(emulator: Emulator, _request: Request, _body: JsonObject) -> JsonObject:
    return {"faults": emulator.faults.listing()}


def _script_faults(emulator: Emulator, request: Request, body: JsonObject) -> JsonObject:
    wishes = body.get("faults", body.get(""))
    if not isinstance(wishes, list):
        raise ApiError(400, "send a list of faults, or {'faults': [...]}")
    emulator.faults.add(wishes)
    return _faults(emulator, request, body)


def _clear_faults(emulator: Emulator, request: Request, body: JsonObject) -> JsonObject:
    emulator.faults.clear()
    return _faults(emulator, request, body)


def _reset(emulator: Emulator, _request: Request, _body: JsonObject) -> JsonObject:
    emulator.reset()
    return {"reset": True}


def _requests(emulator: Emulator, request: Request, _body: JsonObject) -> JsonObject:
    if not emulator.settings.log_bodies:
        raise ApiError(409, "bodies are not kept: start the emulator with --log-bodies")
    query = request.query_params
    sql = "SELECT * FROM bodies WHERE seq > ? ORDER BY seq LIMIT ?"
    rows = emulator.store.rows(sql, int(query.get("after", 0)), int(query.get("limit", _DEFAULT_PAGE)))
    shown = [dict(row) | {"body": emulator.store.blob_bytes(row["blob"]).decode("utf-8", "replace")} for row in rows]
    return {"requests": shown, "next_after": rows[-1]["seq"] if rows else None}
