"""The judging page on a socket, and a browser of a few lines."""

import re
import threading
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar

import uvicorn

from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.ports import Engine
from cj_pipeline.judge_page.app import JudgePage
from cj_pipeline_tests.support.processes import until
from cj_pipeline_tests.support.servers import free_port


@contextmanager
def running_page(engine: Engine, pairs: PairSet, judge: str | None = None) -> Iterator[str]:
    """Serve the page in a thread; gives its address."""
    port = free_port()
    app = JudgePage(engine, pairs, judge).application()
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        until(lambda: server.started, "the judging page", 20)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(20)


class Reader:
    """Opens pages and sends forms, with cookies, as a browser without JavaScript would."""

    def __init__(self, url: str) -> None:
        self._url = url
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), cookies)
        self.page = ""
        self.headers: dict[str, str] = {}

    def open(self, **headers: str) -> str:
        """Open the first page."""
        return self._go(urllib.request.Request(f"{self._url}/", headers=headers))  # noqa: S310 (loopback)

    def send(self, path: str, **fields: str) -> str:
        """Send a form with the hidden fields of the page that is open."""
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', self.page))
        data = urllib.parse.urlencode({**hidden, **fields}).encode()
        return self._go(urllib.request.Request(f"{self._url}{path}", data=data))  # noqa: S310 (loopback)

    def _go(self, request: urllib.request.Request) -> str:
        with self._opener.open(request, timeout=20) as reply:
            self.headers = {name.lower(): value for name, value in reply.headers.items()}
            self.page = reply.read().decode()
        return self.page
