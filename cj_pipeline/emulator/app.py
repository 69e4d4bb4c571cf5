"""The web application: which path is answered by which function. No behaviour of its own."""

from collections.abc import Callable
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.routing import Route

from cj_pipeline.emulator import anthropic_batches, openai_batches, openai_files
from cj_pipeline.emulator.control import control_routes
from cj_pipeline.emulator.exchange import Handler, hold_back, http_response, perform, read_call
from cj_pipeline.emulator.state import Emulator
from cj_pipeline.emulator.sync_answers import anthropic_answer, openai_answer
from cj_pipeline.emulator.wire import ANTHROPIC, OPENAI, ApiError, Call, Provider, Reply

_TABLE: tuple[tuple[Provider, str, str, Handler], ...] = (
    (OPENAI, "POST", "/v1/files", openai_files.create),
    (OPENAI, "GET", "/v1/files", openai_files.listing),
    (OPENAI, "GET", "/v1/files/{id}", openai_files.retrieve),
    (OPENAI, "DELETE", "/v1/files/{id}", openai_files.delete),
    (OPENAI, "GET", "/v1/files/{id}/content", openai_files.content),
    (OPENAI, "POST", "/v1/batches", openai_batches.create),
    (OPENAI, "GET", "/v1/batches", openai_batches.listing),
    (OPENAI, "GET", "/v1/batches/{id}", openai_batches.retrieve),
    (OPENAI, "POST", "/v1/batches/{id}/cancel", openai_batches.cancel),
    (OPENAI, "POST", "/v1/chat/completions", openai_answer),
    (OPENAI, "POST", "/v1/responses", openai_answer),
    (ANTHROPIC, "POST", "/v1/messages", anthropic_answer),
    (ANTHROPIC, "POST", "/v1/messages/batches", anthropic_batches.create),
    (ANTHROPIC, "GET", "/v1/messages/batches", anthropic_batches.listing),
    (ANTHROPIC, "GET", "/v1/messages/batches/{id}", anthropic_batches.retrieve),
    (ANTHROPIC, "DELETE", "/v1/messages/batches/{id}", anthropic_batches.delete),
    (ANTHROPIC, "POST", "/v1/messages/batches/{id}/cancel", anthropic_batches.cancel),
    (ANTHROPIC, "GET", "/v1/messages/batches/{id}/results", anthropic_batches.results),
)


def build_app(emulator: Emulator) -> Starlette:
    """Return the application that speaks for an emulator."""
    routes = [
        Route(path, _endpoint(emulator, provider, handler), methods=[verb]) for provider, verb, path, handler in _TABLE
    ]
    unknown = [
        Route("/v1/messages/{rest:path}", _endpoint(emulator, ANTHROPIC, _unknown), methods=_VERBS),
        Route("/{rest:path}", _endpoint(emulator, OPENAI, _unknown), methods=_VERBS),
    ]
    return Starlette(routes=[*control_routes(emulator), *routes, *unknown])


_VERBS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def _endpoint(emulator: Emulator, provider: Provider, handler: Handler) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Any:  # noqa: ANN401 - any ASGI application
        call = await read_call(emulator, request, provider)
        outcome = await run_in_threadpool(perform, emulator, handler, call)
        await hold_back(emulator, request, outcome)
        return http_response(outcome)

    return endpoint


def _unknown(_emulator: Emulator, call: Call) -> Reply:
    raise ApiError(
        404, f"Unknown request URL: {call.method} {call.path}. The emulator does not speak it.", code="unknown_url"
    )
