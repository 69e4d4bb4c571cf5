"""Run an emulator in a child process of its own and talk to its ``/_emulator`` endpoints.

For tests, benchmarks and the demo. The child is a real server on a real socket; it is ended by its own process id.
"""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cj_pipeline.emulator.server import READY
from cj_pipeline.emulator.settings import ANY_MODEL

_PATIENCE_S = 20.0


class EmulatorDidNotStartError(RuntimeError):
    """The child process ended before it listened; the message carries what it wrote to standard error."""


class RunningEmulator:
    """An emulator in a child process.

    Attributes:
        url: Root of the server, without a trailing slash.
        pid: Process id of the child.
    """

    def __init__(self, arguments: list[str], state_dir: Path) -> None:
        self._arguments = arguments
        self._state_dir = state_dir
        self._process, self.url = _started([*arguments], state_dir)

    @property
    def pid(self) -> int:
        """Process id of the child."""
        return self._process.pid

    @property
    def openai_base_url(self) -> str:
        """What OpenAI's SDK takes as ``base_url``."""
        return f"{self.url}/v1"

    @property
    def anthropic_base_url(self) -> str:
        """What Anthropic's SDK takes as ``base_url``."""
        return self.url

    def advance(self, seconds: float) -> float:
        """Move virtual time forward and return the new time."""
        return float(self._ask("POST", "clock", {"advance_s": seconds})["now"])

    def now(self) -> float:
        """Return virtual time."""
        return float(self._ask("GET", "clock")["now"])

    def summary(self) -> dict[str, Any]:
        """Return jobs alive, jobs and answers billed, and what was billed twice."""
        return self._ask("GET", "summary")

    def journal(self, kind: str | None = None) -> list[dict[str, Any]]:
        """Return the whole journal, or its entries of one kind: http, job or answer."""
        query = f"&kind={kind}" if kind else ""
        entries: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            page = self._ask("GET", f"journal?after={after}{query}")
            entries += page["entries"]
            after = page["next_after"]
        return entries

    def requests(self) -> list[dict[str, Any]]:
        """Return every request with its body; the emulator must log bodies."""
        found: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            page = self._ask("GET", f"requests?after={after}&limit=100")
            found += page["requests"]
            after = page["next_after"]
        return found

    def script_faults(self, *faults: Mapping[str, object]) -> None:
        """Append faults to the script; each names its ``kind``."""
        self._ask("POST", "faults", {"faults": list(faults)})

    def faults(self) -> list[dict[str, Any]]:
        """Return the script with what is left of it."""
        found: list[dict[str, Any]] = self._ask("GET", "faults")["faults"]
        return found

    def clear_faults(self) -> None:
        """Forget the script."""
        self._ask("DELETE", "faults")

    def reset(self) -> None:
        """Forget files, jobs, faults and journal."""
        self._ask("POST", "reset")

    def kill(self) -> None:
        """End the child with SIGKILL, without any warning."""
        self._process.kill()
        self._process.wait()

    def restart(self) -> None:
        """Start the emulator again on the same port and state."""
        self.stop()
        port = self.url.rpartition(":")[2]
        self._process, self.url = _started([*self._arguments, "--port", port], self._state_dir)

    def stop(self) -> None:
        """End the child, gently if it lets itself be ended so."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(_PATIENCE_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/_emulator/{path}", data, method=method)  # noqa: S310 - own URL
        try:
            with _direct().open(request, timeout=_PATIENCE_S * 6) as response:
                found: dict[str, Any] = json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                raise ValueError(json.load(error)["error"]["message"]) from error
        return found


@contextmanager
def running_emulator(
    state_dir: Path,
    *,
    port: int = 0,
    seed: int = 0,
    job_seconds: tuple[float, float] = (60.0, 1800.0),
    frozen_clock: bool = True,
    judge: str = "surface",
    limits: Mapping[str, int] | None = None,
    enqueued_tokens: Mapping[str, int] | None = None,
    log_bodies: bool = False,
) -> Iterator[RunningEmulator]:
    """Start an emulator in a child process, and end it on leaving.

    Args:
        state_dir: Folder of its durable state.
        port: Port to listen on; 0 takes a free one.
        seed: Seed of everything drawn.
        job_seconds: Shortest and longest length of a job.
        frozen_clock: Whether time moves only by ``advance``.
        judge: Name of the judge, or of a profile.
        limits: Limits to lower, by the names of ``Limits``.
        enqueued_tokens: Prompt tokens that may wait, per model or ``"*"``.
        log_bodies: Whether to keep request bodies.

    Yields:
        The running emulator.
    """
    arguments = ["--state-dir", str(state_dir), "--port", str(port), "--seed", str(seed), "--judge", judge]
    arguments += ["--job-seconds", str(job_seconds[0]), str(job_seconds[1]), "--exit-with-parent"]
    arguments += ["--frozen-clock"] * frozen_clock + ["--log-bodies"] * log_bodies
    arguments += [f"--limit={name}={number}" for name, number in (limits or {}).items()]
    for model, number in (enqueued_tokens or {}).items():
        arguments.append(f"--enqueued-token-limit={number if model == ANY_MODEL else f'{model}={number}'}")
    emulator = RunningEmulator(arguments, state_dir)
    try:
        yield emulator
    finally:
        emulator.stop()


def _started(arguments: list[str], state_dir: Path) -> tuple[subprocess.Popen[bytes], str]:
    state_dir.mkdir(parents=True, exist_ok=True)
    log = state_dir / "emulator.log"
    command = [sys.executable, "-m", "cj_pipeline.emulator", *arguments]
    with log.open("ab") as errors:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, env=_environment())  # noqa: S603 - own module
    # The first line is the last thing the child prints, so the pipe need not be read any further.
    with process.stdout or log.open("rb") as output:
        line = output.readline().decode()
    if not line.startswith(READY):
        process.wait()
        raise EmulatorDidNotStartError(log.read_text()[-2000:] or f"exit code {process.returncode}")
    return process, line.removeprefix(READY).strip()


def _environment() -> dict[str, str]:
    # The child finds this very package, wherever the parent was started.
    root = str(Path(__file__).resolve().parents[2])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}


def _direct() -> urllib.request.OpenerDirector:
    # A proxy named in the environment must not swallow loopback calls.
    return urllib.request.build_opener(urllib.request.ProxyHandler({}))
