# ruff: noqa: D103 - the names of the tests say it
"""A reply that points elsewhere: neither the key nor an essay follows it. Two real servers, the clients of `wiring`."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from cj_pipeline import wiring
from cj_pipeline.engine.ports import BatchJobManager
from cj_pipeline.errors import PermanentProviderError
from cj_pipeline.settings import load_settings
from cj_pipeline.storage.raw_files import RawFiles
from cj_pipeline_tests.unit.providers.wires import JOB, PROVIDERS, item, job


@contextmanager
def server(location: str, seen: list[str]) -> Iterator[str]:
    """A server that answers everything with a redirect, and notes who came."""

    class Handler(BaseHTTPRequestHandler):
        """Redirects."""

        def do_GET(self) -> None:
            """Redirect."""
            seen.append(self.path)
            self.rfile.read(int(self.headers.get("content-length", "0")))
            self.send_response(307)
            self.send_header("location", location + self.path)
            self.send_header("content-length", "0")
            self.end_headers()

        do_POST = do_DELETE = do_GET  # noqa: N815 (the standard library's names)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_call_follows_a_redirect(provider: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "key")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "key")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    own: list[str] = []
    other: list[str] = []
    with server("http://127.0.0.1:9", other) as elsewhere, server(elsewhere, own) as url:
        settings = replace(
            load_settings({"CJ_DATA_DIR": str(tmp_path)}), base_urls={"openai": f"{url}/v1", "anthropic": url}
        )
        manager = wiring._managers(settings)[provider]
        for call in calls(manager, tmp_path):
            with pytest.raises(PermanentProviderError, match="sends us elsewhere"):
                call()
        manager.close()

    assert len(own) >= 6
    assert other == []


def calls(manager: BatchJobManager, folder: Path) -> list[Callable[[], object]]:
    """Every call that goes to the provider."""
    request = manager.encode(item())
    record = job(manager.provider)
    return [
        lambda: manager.schedule(record, iter([request])),
        lambda: manager.ask(request),
        lambda: manager.locate(record, set()),
        lambda: manager.status(record),
        lambda: manager.collect(record, RawFiles(folder), JOB),
        lambda: manager.cancel("batch-1"),
        lambda: manager.purge(record),
    ]
