"""Break connections the way networks do. ASGI has no word for that, so the server's protocol class is extended.

Used for scripted faults only; what to break is decided elsewhere.
"""

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

_OPEN: dict[tuple[str, int], asyncio.Transport] = {}


class TrackedProtocol(H11Protocol):
    """An HTTP connection that can be found again by its client's address."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the connection."""
        super().connection_made(transport)
        _OPEN[_peer(transport)] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        _OPEN.pop(_peer(self.transport), None)
        super().connection_lost(exc)


class DroppedReply:
    """A reply that never comes: the connection is closed instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        """Close the connection and wait until it is gone."""
        await _hang_up(scope, receive)


class TruncatedReply:
    """A reply that announces its whole length and breaks off before."""

    def __init__(self, sent: bytes, announced_bytes: int, headers: dict[str, str]) -> None:
        self._sent = sent
        self._headers = headers | {"content-length": str(announced_bytes)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the beginning, then close the connection."""
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in self._headers.items()]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": self._sent, "more_body": True})
        await _hang_up(scope, receive)


async def _hang_up(scope: Scope, receive: Receive) -> None:
    client = Request(scope).client
    transport = None if client is None else _OPEN.get((client.host, client.port))
    if transport is not None:
        # close() rather than abort(): what was already sent must still arrive.
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass


def _peer(transport: Any) -> tuple[str, int]:  # noqa: ANN401 - uvicorn leaves the transport's type open
    host, port = transport.get_extra_info("peername")[:2]
    return str(host), int(port)
