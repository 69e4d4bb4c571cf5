# ruff: noqa: D103 - the names of the tests say it
"""`cj metrics` in a process of its own: what another process did is told, over HTTP and as a file."""

import signal
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cj_pipeline.observability.collector import sample_key
from cj_pipeline_tests.support import metrics_course as course
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.processes import PATIENCE_S, child_environment, command, run_cj


@pytest.fixture
def asked(rig: Rig) -> Rig:
    """A ledger in which one assessment was asked."""
    course.at_once(rig, "openai", "small", "serial_bundle")
    return rig


def samples_of(text: str) -> set[str]:
    return {line for line in text.splitlines() if not line.startswith("#")}


@contextmanager
def serving(root: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `cj metrics serve` on a free port; gives the process and the address it says."""
    process = subprocess.Popen(
        command("metrics", "serve", "--port", "0"),
        env=child_environment(root, {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().removeprefix("Metrics: ").strip()
        finally:
            process.kill()


def test_a_file_and_a_scrape_tell_the_same_without_a_key(asked: Rig, tmp_path: Path) -> None:
    written = run_cj(asked.root, "metrics", "write", str(tmp_path))
    with serving(asked.root) as (process, url):
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=PATIENCE_S) as answer:
            scraped = answer.read().decode()
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=PATIENCE_S)

    path = tmp_path / "cj_pipeline.prom"
    assert (written.returncode, written.stdout, written.stderr) == (0, f"Written: {path}\n", "")
    assert samples_of(path.read_text()) == samples_of(scraped)
    assert 'cj_llm_requests_total{batching_mode="serial_bundle"} 12.0' in scraped
    assert url.startswith("http://127.0.0.1:")
    assert (process.returncode, said) == (0, ("", ""))
    own = course.Watch(asked).read()
    assert own[sample_key("cj_llm_requests_total", batching_mode="serial_bundle")] == 12


def test_a_file_that_node_exporter_would_not_read_is_refused(tmp_path: Path) -> None:
    refused = run_cj(tmp_path, "metrics", "write", str(tmp_path / "metrics.txt"))

    assert refused.returncode == 2
    assert refused.stderr.startswith("error: ")
    assert "only files whose name ends in .prom" in refused.stderr
    assert "Traceback" not in refused.stderr
