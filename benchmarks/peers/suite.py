"""`make peers`: five faults, each client in an environment of its own, counted from the emulator's journal."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.record import write_record
from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline_tests.support.folders import make_assessment
from tools.peers_table import render

N = 12
PATIENCE_S = 60.0
A_DAY_S = 25 * 3600.0
HERE = Path(__file__).parent
PROVIDERS = ("openai", "anthropic")
PACKAGES = {"inspect": "inspect_ai", "curator": "bespokelabs-curator"}

FAULTS: dict[str, list[dict[str, object]]] = {
    "reply to the create call lost": [{"kind": "commit_then_drop"}],
    "one request refused (400)": [{"kind": "item_errors", "share": 0.09, "status": 400}],
    "half of the job expired": [{"kind": "partial_expiry", "share": 0.5}],
    "one row missing": [{"kind": "missing_rows", "share": 0.09}],
    "process killed while it waited": [],
}


@dataclass(frozen=True)
class Client:
    """A batch client.

    Attributes:
        name: For the table.
        command: Starts it; it ends when it has its answers.
        variables: Its environment.
        answered: How many of the questions it has an answer to, from its output.
    """

    name: str
    command: Sequence[str]
    variables: dict[str, str]
    answered: Callable[[str], int]


def peer(name: str, folder: Path, provider: str, url: str, home: Path) -> Client:
    """Another client, as a script of ours asks through it."""
    python = str(folder / name / "bin" / "python")
    variables = {
        "OPENAI_API_KEY": "emulator",
        "ANTHROPIC_API_KEY": "emulator",
        "OPENAI_BASE_URL": f"{url}/v1",
        "ANTHROPIC_BASE_URL": url,
        "HOME": str(home),
        "CURATOR_VIEWER": "0",
        "TELEMETRY_ENABLED": "0",
    }
    command = [python, str(HERE / f"ask_{name}.py"), provider, url, str(N)]
    return Client(PACKAGES[name], command, variables, _answered_by_result)


def ours(provider: str, url: str, home: Path) -> Client:
    """This project, from its command line."""
    if not (home / "assessments").exists():
        make_assessment(home, provider=provider, comparisons_per_essay=4)
    variables = {
        "CJ_DATA_DIR": str(home),
        "CJ_EMULATOR_URL": url,
        "CJ_POLL_MIN_S": "0.5",
        "CJ_SETTLE_S": "5",
        "CJ_LEASE_S": "2",
    }

    def answered(_output: str) -> int:
        with sqlite3.connect(home / "work" / "ledger.db") as ledger:
            found: int = ledger.execute("select count(*) from comparisons where status = 'ok'").fetchone()[0]
        return found

    return Client("cj_pipeline", [sys.executable, "-m", "cj_pipeline", "run", "small"], variables, answered)


def _answered_by_result(output: str) -> int:
    lines = [line for line in output.splitlines() if line.startswith("RESULT ")]
    return len(json.loads(lines[-1].removeprefix("RESULT "))["answered"]) if lines else 0


def run(client: Client, emulator: RunningEmulator, fault: str) -> dict[str, Any]:
    """Run a client under a fault and count."""
    emulator.script_faults(*FAULTS[fault])
    process = _started(client)
    if fault.startswith("process killed"):
        _until(lambda: len(emulator.journal("job")) == 1)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        process = _started(client)
    if fault.startswith("half"):
        _until(lambda: len(emulator.journal("job")) == 1)
        emulator.advance(A_DAY_S)
    output, hung = _ended(process)
    billed = Counter(entry["nonce"] or entry["body_sha256"] for entry in emulator.journal("answer"))
    answered = client.answered(output)
    return {
        "asked": N,
        "answered": answered,
        "billed": sum(billed.values()),
        "billed_again": sum(n - 1 for n in billed.values()),
        "lost": max(0, len(billed) - answered),
        "jobs": len(emulator.journal("job")),
        "end": "waits for ever" if hung else "ends" if process.returncode in {0, 3} else "ends with an error",
    }


def _started(client: Client) -> subprocess.Popen[str]:
    inherited = {k: v for k, v in os.environ.items() if "proxy" not in k.lower()}
    environment = {**inherited, "NO_PROXY": "127.0.0.1", "PYTHONWARNINGS": "ignore", **client.variables}
    return subprocess.Popen(  # noqa: S603 (the clients of this comparison)
        client.command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def _until(holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.1)


def _ended(process: subprocess.Popen[str]) -> tuple[str, bool]:
    try:
        return process.communicate(timeout=PATIENCE_S)[0], False
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0], True


def version(folder: Path, name: str) -> str:
    """Version of a peer as it is installed."""
    code = f"from importlib.metadata import version; print(version({PACKAGES[name]!r}))"
    python = str(folder / name / "bin" / "python")
    return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603


def main() -> int:
    """Run all clients under all faults, keep the record, print the table."""
    folder = Path(sys.argv[1])
    rows = []
    for provider in PROVIDERS:
        for name in ("inspect", "curator", "ours"):
            for fault in FAULTS:
                with (
                    tempfile.TemporaryDirectory() as home,
                    tempfile.TemporaryDirectory() as state,
                    running_emulator(Path(state), job_seconds=(3.0, 4.0), frozen_clock=False) as emulator,
                ):
                    if name == "ours":
                        client = ours(provider, emulator.url, Path(home))
                    else:
                        client = peer(name, folder, provider, emulator.url, Path(home))
                    row = {"client": client.name, "provider": provider, "fault": fault}
                    row |= run(client, emulator, fault)
                rows.append(row)
                sys.stdout.write(f"{row}\n")
                sys.stdout.flush()
    versions = {PACKAGES[name]: version(folder, name) for name in PACKAGES}
    figures = {"seed": 0, "versions": versions, "rows": rows}
    write_record("peers", figures)
    sys.stdout.write(render({"figures": figures}) + "\n")
    return 0
