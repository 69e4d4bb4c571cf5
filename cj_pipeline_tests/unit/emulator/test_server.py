"""The command line and the lifecycle of the process."""

# ruff: noqa: D103 - the name of a test is its sentence

import ast
import os
import select
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

import cj_pipeline.emulator
from cj_pipeline.emulator import EmulatorDidNotStartError, EmulatorSettings, RunningEmulator, running_emulator
from cj_pipeline.emulator.server import READY
from cj_pipeline_tests.support.listening import addresses
from cj_pipeline_tests.unit.emulator.conftest import anthropic_client, openai_client
from cj_pipeline_tests.unit.emulator.helpers import result_types, rows, submit
from cj_pipeline_tests.unit.emulator.samples import message_requests

FORBIDDEN = ("cj_pipeline", "dagster", "pandas", "openai", "anthropic", "pydantic", "sqlalchemy")


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "cj_pipeline.emulator", *arguments]
    return subprocess.run(line, capture_output=True, text=True, check=False, timeout=30)


def test_a_taken_port_is_named(emulator: RunningEmulator, state_dir: Path) -> None:
    port = emulator.url.rpartition(":")[2]
    found = command("--state-dir", str(state_dir), "--port", port)
    assert found.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in found.stderr
    assert "Traceback" not in found.stderr


def test_it_listens_on_loopback_only(emulator: RunningEmulator) -> None:
    assert addresses(int(emulator.url.rpartition(":")[2])) == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--host", "0.0.0.0"), "not a loopback address"),  # noqa: S104 - must be refused
        (("--judge", "nobody"), "invalid choice"),
        (("--limit", "apples=3"), "openai_requests"),
        (("--enqueued-token-limit", "many"), "MODEL=N"),
        (("--job-seconds", "5", "1"), "job_seconds"),
    ],
)
def test_what_makes_no_sense_is_refused(state_dir: Path, arguments: tuple[str, ...], complaint: str) -> None:
    found = command("--state-dir", str(state_dir), *arguments)
    assert found.returncode == 2
    assert complaint in found.stderr


def test_a_child_that_does_not_start_says_why(emulator: RunningEmulator, state_dir: Path) -> None:
    port = int(emulator.url.rpartition(":")[2])
    with pytest.raises(EmulatorDidNotStartError, match="cannot listen"), running_emulator(state_dir, port=port):
        pass


def test_it_stops_with_its_context(state_dir: Path) -> None:
    with running_emulator(state_dir, judge="first_slot") as emulator:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{emulator.url}/_emulator/health") as response:
            assert b'"first_slot"' in response.read()
        pid = emulator.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_exits_with_its_parent(state_dir: Path) -> None:
    script = (
        "import subprocess, sys;"
        "child = subprocess.Popen([sys.executable, '-m', 'cj_pipeline.emulator', '--exit-with-parent', '--state-dir',"
        f" {str(state_dir)!r}], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL);"
        "print(child.stdout.readline().decode(), child.pid, flush=True); sys.stdin.read()"
    )
    line = [sys.executable, "-c", script]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert parent.stdout.readline().startswith(READY)
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
    # The descriptor of a process becomes readable when the process has ended.
    ended, _, _ = select.select([child], [], [], 10)
    os.close(child)
    assert ended


def test_the_package_imports_nothing_of_ours_and_no_sdk() -> None:
    for module in Path(next(iter(cj_pipeline.emulator.__path__))).glob("*.py"):
        for name in imported(ast.parse(module.read_text())):
            assert name.startswith("cj_pipeline.emulator") or not name.startswith(FORBIDDEN), f"{module.name}: {name}"


def imported(tree: ast.AST) -> list[str]:
    nodes = list(ast.walk(tree))
    plain = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return plain + [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]


def test_enqueued_limits_fall_back_to_the_star(state_dir: Path) -> None:
    limits = EmulatorSettings(state_dir, enqueued_tokens={"*": 5, "m": 7})
    assert (limits.enqueued_limit("m"), limits.enqueued_limit("other")) == (7, 5)
    assert EmulatorSettings(state_dir).enqueued_limit("m") is None


def test_jobs_may_take_no_time_and_the_parent_may_stand_anywhere(
    state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with running_emulator(state_dir, job_seconds=(0, 0), frozen_clock=False) as emulator:
        with openai_client(emulator) as client:
            batch = submit(client)
            assert batch.status == "validating"
            assert len(rows(client, client.batches.retrieve(batch.id).output_file_id)) == 4
        with anthropic_client(emulator) as other:
            created = other.messages.batches.create(requests=message_requests(2))
            assert created.processing_status == "in_progress"
            assert created.request_counts.processing == 2
            assert len(result_types(other, created.id)) == 2
