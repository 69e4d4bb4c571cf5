"""The web application: who judges, which pair comes next, what was decided. It keeps nothing but open pages."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Final, get_args

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.people import decide_pair, turn, undo_last
from cj_pipeline.engine.people_records import PersonsWinner
from cj_pipeline.engine.ports import Engine
from cj_pipeline.judge_page.pages import Pages
from cj_pipeline.judge_page.turns import OpenTurn, OpenTurns

LOOPBACK: Final = ("127.0.0.1", "localhost")
"""Hosts under which the page answers: no other name can be made to point at it."""

_COOKIE, _LONGEST_NAME, _LONGEST_MS = "cj_judge", 100, 24 * 3600 * 1000
_Handler = Callable[[Request], Awaitable[Response]]


class JudgePage:
    """The pages of one assessment.

    Args:
        engine: The engine; only its ledger and clock are used.
        pairs: The pair set, of which people judge a share.
        judge: Who judges, where only one person uses the page; None: the page asks.
    """

    def __init__(self, engine: Engine, pairs: PairSet, judge: str | None = None) -> None:
        self._engine, self._pairs, self._judge = engine, pairs, judge
        self._nonce, self._form_token = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        self._pages = Pages(pairs.snapshot, self._nonce, self._form_token)
        self._turns = OpenTurns()
        self._choices = get_args(PersonsWinner) if pairs.snapshot.assessment.people_ties else ("first", "second")

    def application(self) -> Starlette:
        """The ASGI application."""
        routes = [
            Route("/", self._show, methods=["GET"]),
            Route("/name", self._begin, methods=["POST"]),
            Route("/decide", self._decide, methods=["POST"]),
            Route("/undo", self._undo, methods=["POST"]),
        ]
        guard = [
            Middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK)),
            Middleware(BaseHTTPMiddleware, dispatch=self._guarded),
        ]
        return Starlette(routes=routes, middleware=guard)

    async def _guarded(self, request: Request, call_next: _Handler) -> Response:
        """The page runs nothing that it did not bring, and is kept nowhere."""
        response = await call_next(request)
        response.headers.update(
            {
                "Content-Security-Policy": f"default-src 'none'; img-src data:; style-src 'nonce-{self._nonce}'; "
                f"script-src 'nonce-{self._nonce}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
            }
        )
        return response

    async def _form(self, request: Request) -> dict[str, str]:
        """The fields of a form that comes from this page; another is refused."""
        fields = {name: str(value) for name, value in (await request.form()).items()}
        if not secrets.compare_digest(fields.get("form_token", "").encode(), self._form_token.encode()):
            raise HTTPException(403, "This form is not from this page. Open it again.")
        return fields

    def _who(self, request: Request) -> str:
        return self._judge or _readable(request.cookies.get(_COOKIE, ""))

    def _show(self, request: Request) -> Response:
        judge, notice = self._who(request), request.query_params.get("notice", "")
        if not judge:
            return HTMLResponse(self._pages.name())
        now = turn(self._engine, self._pairs, judge)
        if now.pair is None:
            return HTMLResponse(self._pages.done(now, judge, notice))
        token = self._turns.show(OpenTurn(judge, now.pair, self._engine.clock.now()))
        return HTMLResponse(self._pages.pair(now, judge, token, notice))

    async def _begin(self, request: Request) -> Response:
        name = " ".join((await self._form(request)).get("judge", "").split())
        if not 0 < len(name) <= _LONGEST_NAME:
            return HTMLResponse(self._pages.name("name_missing"), status_code=422)
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(_COOKIE, name.encode().hex(), httponly=True, samesite="strict")
        return response

    async def _decide(self, request: Request) -> Response:
        form = await self._form(request)
        judge, winner = self._who(request), form.get("winner", "")
        shown = self._turns.take(form.get("turn", ""), judge)
        if shown is None or winner not in self._choices:
            return _back("again")
        passed = (self._engine.clock.now() - shown.shown_at).total_seconds() * 1000
        time_ms = _milliseconds(form.get("time_ms", ""), passed)
        snapshot = self._pairs.snapshot
        decide_pair(self._engine, snapshot, judge, shown.pair, winner=_winner(winner), time_ms=time_ms)
        return _back("saved")

    async def _undo(self, request: Request) -> Response:
        await self._form(request)
        undone = undo_last(self._engine, self._pairs.snapshot, self._who(request))
        return _back("undone" if undone else "nothing_to_undo")


def _winner(value: str) -> PersonsWinner:
    for winner in get_args(PersonsWinner):
        if winner == value:
            return winner  # type: ignore[no-any-return]  # one of the literals
    raise ValueError(f"{value!r} is no decision")


def _milliseconds(measured: str, passed: float) -> int:
    """The time the page measured, where it is believable: not longer than since it was sent out."""
    most = min(int(passed), _LONGEST_MS)
    return min(int(measured), most) if measured.isdecimal() and len(measured) <= len(str(_LONGEST_MS)) else most


def _readable(cookie: str) -> str:
    try:
        return bytes.fromhex(cookie).decode()[:_LONGEST_NAME]
    except ValueError:
        return ""


def _back(notice: str) -> Response:
    return RedirectResponse(f"/?notice={notice}", status_code=303)
