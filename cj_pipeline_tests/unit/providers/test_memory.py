# ruff: noqa: D103 - the names of the tests say it
"""A large job is sent without ever being in memory as a whole."""

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from cj_pipeline.providers.anthropic_jobs import AnthropicJobs
from cj_pipeline.providers.openai_jobs import OpenAIJobs
from cj_pipeline_tests.support.manager_benches import anthropic_client, openai_client
from cj_pipeline_tests.unit.providers.wires import JOB, PROVIDERS, job, message_batch, openai_batch

N, TEXT = 2_500, "x" * 8_000
_PIECE = 65_536


@contextmanager
def sink(received: list[int]) -> Iterator[str]:
    """A provider that takes bodies in pieces, keeps none, and notes their lengths."""

    class Handler(BaseHTTPRequestHandler):
        """Swallows."""

        def do_GET(self) -> None:
            """List nothing."""
            self.answer({"object": "list", "data": [], "has_more": False})

        def do_POST(self) -> None:
            """Swallow the body."""
            left = int(self.headers["content-length"])
            received.append(left)
            while left:
                left -= len(self.rfile.read(min(left, _PIECE)))
            shown = {"/v1/files": {"id": "file-1"}, "/v1/batches": openai_batch("validating")}
            self.answer(shown.get(self.path, message_batch("in_progress")))

        def answer(self, body: object) -> None:
            """Send JSON."""
            data = json.dumps(body).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def requests(n: int) -> Iterator[bytes]:
    """Large requests, made one at a time."""
    return (json.dumps({"custom_id": f"{JOB}-{number:06d}", "params": {"text": TEXT}}).encode() for number in range(n))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_job_of_20_mb_takes_less_than_2_mb(provider: str) -> None:
    received: list[int] = []
    with sink(received) as url:
        ours = OpenAIJobs(lambda: openai_client(f"{url}/v1"), "test")
        manager = ours if provider == "openai" else AnthropicJobs(lambda: anthropic_client(url), "test")
        # The first call loads the SDK and makes connections.
        manager.schedule(job(provider), requests(1))
        tracemalloc.start()
        try:
            manager.schedule(job(provider), requests(N))
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        manager.close()

    assert max(received) > N * len(TEXT)
    assert peak < 2_000_000
