"""A pass-through between the pipeline and the emulator that keeps every byte of what was sent."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

_PIECE = 65_536


class WireRecorder:
    """What went over the wire towards the providers.

    Attributes:
        url: Where the pipeline has to send.
    """

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (str(parts.hostname), int(parts.port or 80))
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._sent: list[bytearray] = []
        self._open: list[socket.socket] = []

    @property
    def sent(self) -> str:
        """Everything that was sent, connection by connection, as text; JSON's escapes are undone."""
        raw = b"\n".join(bytes(each) for each in self._sent).decode("utf-8", "replace")
        return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), raw).replace("\\n", "\n")

    def serve(self) -> None:
        """Accept connections until the listener is closed."""
        with suppress(OSError):
            while True:
                ours, _ = self._listener.accept()
                theirs = socket.create_connection(self._target)
                kept = bytearray()
                self._sent.append(kept)
                self._open += [ours, theirs]
                threading.Thread(target=_pump, args=(ours, theirs, kept), daemon=True).start()
                threading.Thread(target=_pump, args=(theirs, ours, None), daemon=True).start()

    def close(self) -> None:
        """Close everything."""
        for each in [self._listener, *self._open]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()


def _pump(source: socket.socket, target: socket.socket, kept: bytearray | None) -> None:
    with suppress(OSError):
        while piece := source.recv(_PIECE):
            if kept is not None:
                kept += piece
            target.sendall(piece)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def recording(target: str) -> Iterator[WireRecorder]:
    """Record what is sent to an address, for the length of a `with` block."""
    recorder = WireRecorder(target)
    thread = threading.Thread(target=recorder.serve, daemon=True)
    thread.start()
    try:
        yield recorder
    finally:
        recorder.close()
        thread.join()
