"""Serve an emulator on a loopback socket until told to stop. Child processes are the part of ``embedding``."""

import contextlib
import ipaddress
import os
import socket
import threading
from collections.abc import Callable

import uvicorn

from cj_pipeline.emulator.app import build_app
from cj_pipeline.emulator.connections import TrackedProtocol
from cj_pipeline.emulator.settings import EmulatorSettings
from cj_pipeline.emulator.state import open_emulator

READY = "emulator listening on "
_PARENT_CHECK_S = 0.2


class CannotListenError(Exception):
    """The address cannot be listened on."""


def run(
    settings: EmulatorSettings,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    allow_any_host: bool = False,
    exit_with_parent: bool = False,
) -> None:
    """Serve until interrupted.

    Args:
        settings: How the emulator behaves.
        host: Address to listen on; loopback only, unless ``allow_any_host``.
        port: Port to listen on; 0 takes a free one, which the first line printed names.
        allow_any_host: Whether other machines may be served.
        exit_with_parent: Whether to stop when the process that started this one has gone.

    Raises:
        CannotListenError: If the host is not loopback or the port is taken.
    """
    listener = _listener(host, port, allow_any_host=allow_any_host)
    emulator = open_emulator(settings)
    server = uvicorn.Server(
        uvicorn.Config(
            build_app(emulator),
            http=TrackedProtocol,
            ws="none",
            lifespan="off",
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
        )
    )
    if exit_with_parent:
        _stop_without_parent(lambda: setattr(server, "should_exit", True))
    print(f"{READY}http://{_shown(host)}:{listener.getsockname()[1]}", flush=True)  # noqa: T201 - it is the interface
    # Control-C is the ordinary way to stop; uvicorn has shut down by the time it raises again.
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    emulator.store.close()


def _listener(host: str, port: int, *, allow_any_host: bool) -> socket.socket:
    if not allow_any_host and not _is_loopback(host):
        raise CannotListenError(f"{host} is not a loopback address; the emulator has no secrets to guard it")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # Listening at once makes a second emulator on this port fail here and not later.
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise CannotListenError(f"cannot listen on {host}:{port}: {error.strerror}") from error
    return listener


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _stop_without_parent(stop: Callable[[], None]) -> None:
    parent, waiting = os.getppid(), threading.Event()

    def watch() -> None:
        while os.getppid() == parent:
            waiting.wait(_PARENT_CHECK_S)
        stop()

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
