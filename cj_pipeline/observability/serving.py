"""`/metrics` over HTTP, for a Prometheus that scrapes it; every scrape reads the ledger anew."""

import sys
from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import ThreadingWSGIServer, make_wsgi_app
from sqlalchemy.exc import SQLAlchemyError

from cj_pipeline.errors import ConfigurationError

_PATHS = {"/metrics", "/metrics/"}
_Start = Callable[..., Any]


class _QuietHandler(WSGIRequestHandler):
    """Writes no line for every scrape."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 (the standard library's name)
        """Say nothing."""


def application(registry: CollectorRegistry) -> Callable[[dict[str, Any], _Start], Iterable[bytes]]:
    """A WSGI application that answers `/metrics`.

    Args:
        registry: From `registry_of`.
    """
    metrics = make_wsgi_app(registry)

    def answer(environ: dict[str, Any], start: _Start) -> Iterable[bytes]:
        if environ.get("PATH_INFO") not in _PATHS:
            start("404 Not Found", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"The metrics are at /metrics.\n"]
        try:
            found: Iterable[bytes] = metrics(environ, start)
        except SQLAlchemyError as error:
            # A scrape without numbers is seen as one (`up` is 0); the next one may find the database again.
            sys.stderr.write(f"error: the ledger cannot be read: {error}\n")
            start("503 Service Unavailable", [("Content-Type", "text/plain; charset=utf-8")])
            return [b"The ledger cannot be read; see the log of cj metrics serve.\n"]
        return found

    return answer


def open_server(registry: CollectorRegistry, host: str, port: int) -> ThreadingWSGIServer:
    """Listen; `serve_forever` on what is returned answers.

    Args:
        registry: From `registry_of`.
        host: IPv4 address, or name, to listen at.
        port: Port; 0 takes a free one.

    Raises:
        ConfigurationError: The address cannot be used.
    """
    try:
        # One thread for every scrape: one that hangs keeps no other waiting.
        return make_server(host, port, application(registry), ThreadingWSGIServer, _QuietHandler)
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen at {host} port {port}: {error.strerror or error}. Name another one with --host or --port."
        ) from error
