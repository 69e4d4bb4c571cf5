"""A webhook and a mail server on loopback that keep what they are told."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Mailbox:
    """What was received.

    Attributes:
        address: Where it listens, `host:port`.
        messages: Bodies, oldest first.
        status: What the webhook answers with.
    """

    address: str = ""
    messages: list[str] = field(default_factory=list)
    status: int = 200


@contextmanager
def webhook() -> Iterator[Mailbox]:
    """A server that takes POSTs."""
    box = Mailbox()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            box.messages.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(box.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler), box):
        yield box


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server that takes mail by plain SMTP."""
    box = Mailbox()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 test\r\n")
            while line := self.rfile.readline():
                verb = line[:4].upper().strip()
                if verb == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    box.messages.append(self._body())
                self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
                if verb == b"QUIT":
                    return

        def _body(self) -> str:
            lines = []
            while (line := self.rfile.readline().rstrip(b"\r\n")) != b".":
                lines.append(line)
            return b"\n".join(lines).decode()

    with _serving(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler), box):
        yield box


@contextmanager
def _serving(server: socketserver.TCPServer, box: Mailbox) -> Iterator[None]:
    host, port = server.server_address[:2]
    box.address = f"{host!s}:{port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
