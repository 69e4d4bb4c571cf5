# ruff: noqa: D103 - the name of a test is its sentence
"""Metrics over HTTP, and as a file."""

import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy.exc import OperationalError

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.ledger.tallies import Bounds, Tallies
from cj_pipeline.observability.collector import registry_of
from cj_pipeline.observability.serving import open_server
from cj_pipeline.observability.textfile import write_textfile
from cj_pipeline_tests.unit.observability.tallies import NOTHING, NOW, FixedLedger

REGISTRY = registry_of(FixedLedger(NOTHING), lambda: NOW)


class LostLedger:
    """A ledger whose database does not answer."""

    def tallies(self, bounds: Bounds) -> Tallies:  # noqa: ARG002 (as the ledger has it)
        """Never comes to anything."""
        raise OperationalError("SELECT", {}, OSError("the disk is gone"))


@contextmanager
def serving(registry: CollectorRegistry) -> Iterator[str]:
    """Serve in a thread of its own; gives the address."""
    with open_server(registry, "127.0.0.1", 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def fetch(url: str) -> tuple[int, str]:
    """Return status and text of a page."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_a_scrape_is_answered() -> None:
    with serving(REGISTRY) as url:
        status, text = fetch(f"{url}/metrics")

    assert status == 200
    assert 'cj_llm_requests_total{batching_mode="per_request"} 0.0' in text
    assert "cj_llm_requests" in {family.name for family in text_string_to_metric_families(text)}


def test_any_other_page_says_where_the_metrics_are() -> None:
    with serving(REGISTRY) as url:
        assert fetch(url) == (404, "The metrics are at /metrics.\n")


def test_a_ledger_that_cannot_be_read_is_no_empty_page(capsys: pytest.CaptureFixture[str]) -> None:
    with serving(registry_of(LostLedger(), lambda: NOW)) as url:
        status, text = fetch(f"{url}/metrics")

    assert (status, text) == (503, "The ledger cannot be read; see the log of cj metrics serve.\n")
    assert "the disk is gone" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_with_the_remedy() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ConfigurationError, match=rf"cannot listen at 127.0.0.1 port {port}: .*--port"):
            open_server(REGISTRY, "127.0.0.1", port)


def test_an_address_that_is_none_is_said() -> None:
    with pytest.raises(ConfigurationError, match=r"cannot listen at 203\.0\.113\.7"):
        open_server(REGISTRY, "203.0.113.7", 0)


def test_a_folder_gets_a_file_of_a_known_name_and_nothing_else(tmp_path: Path) -> None:
    path = write_textfile(REGISTRY, tmp_path)
    write_textfile(REGISTRY, tmp_path)

    assert path == tmp_path / "cj_pipeline.prom"
    assert list(tmp_path.iterdir()) == [path]
    assert "llm_provider_open_jobs" in {f.name for f in text_string_to_metric_families(path.read_text())}


def test_a_file_may_have_another_name(tmp_path: Path) -> None:
    assert write_textfile(REGISTRY, tmp_path / "essays.prom").is_file()


def test_the_old_file_stays_when_a_new_one_cannot_be_made(tmp_path: Path) -> None:
    path = write_textfile(REGISTRY, tmp_path)
    before = path.read_bytes()

    with pytest.raises(OperationalError):
        write_textfile(registry_of(LostLedger(), lambda: NOW), tmp_path)

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["metrics.txt", "no-such-folder"])
def test_a_name_that_node_exporter_would_not_read_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match=r"only files whose name ends in \.prom"):
        write_textfile(REGISTRY, tmp_path / name)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"cannot be written: No such file or directory"):
        write_textfile(REGISTRY, tmp_path / "nowhere" / "a.prom")
