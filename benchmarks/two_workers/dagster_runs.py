"""Dagster as a worker: its real daemon and webserver on PostgreSQL, and run workers that are killed at any moment."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cj_pipeline_tests.support.processes import child_environment, until
from cj_pipeline_tests.support.servers import ROOT, DagsterServer, end, free_port, start_module

_MEAN_PAUSE_S: Final = 5.0
_DAEMON_KILLS: Final = 2
_RUN_WORKER: Final = "multiprocessing.spawn"


@dataclass
class DagsterRuns:
    """Submits every assessment as the UI does, and kills until all have their ranking.

    Attributes:
        root: Everything is written below it.
        variables: The environment of all processes.
        names: The assessments.
        seed: Decides who dies when.
        patience_s: After this, an error is raised.
    """

    root: Path
    variables: Mapping[str, str]
    names: Sequence[str]
    seed: int
    patience_s: float

    def run(self) -> dict[str, int]:
        """Run to the last ranking.

        Returns:
            How many run workers and daemons were killed.

        Raises:
            TimeoutError: It took too long.
        """
        home = self.root / "home"
        home.mkdir()
        (home / "dagster.yaml").symlink_to(ROOT / "deploy" / "postgres" / "dagster.yaml")
        self._env = child_environment(self.root, {**self.variables, "DAGSTER_HOME": str(home)})
        port = free_port()
        server = DagsterServer(f"http://127.0.0.1:{port}", self.root)
        web = ["dagster_webserver", "-h", "127.0.0.1", "-p", str(port), "-w", "workspace.yaml"]
        webserver = start_module(web, self._env, self.root / "webserver.log")
        self._daemon = self._new_daemon()
        try:
            until(server.is_up, "Dagster's webserver", 120)
            until(lambda: set(self.names) <= set(server.partitions()), "the partitions", 120)
            runs = {name: server.launch("submit_assessment", name) for name in self.names}
            return self._until_ranked(server, runs)
        finally:
            end(self._daemon)
            end(webserver)

    def _new_daemon(self) -> "subprocess.Popen[bytes]":
        command = ["dagster._daemon", "run", "-w", "workspace.yaml"]
        return start_module(command, self._env, self.root / "daemon.log")

    def _until_ranked(self, server: DagsterServer, runs: dict[str, str]) -> dict[str, int]:
        chance = random.Random(self.seed)  # noqa: S311 (a draw that must repeat by its seed)
        started, killed, daemons = time.monotonic(), 0, 0
        most = max(1, len(self.names) // 2)
        while missing := set(self.names) - server.materialised("rankings"):
            if time.monotonic() - started > self.patience_s:
                raise TimeoutError(f"no ranking of {sorted(missing)} within {self.patience_s:.0f} s")
            time.sleep(min(chance.expovariate(1 / _MEAN_PAUSE_S), 15.0))
            workers = run_workers(self._daemon.pid)
            if workers and killed < most:
                os.kill(chance.choice(workers), signal.SIGKILL)
                killed += 1
            if daemons < _DAEMON_KILLS and killed > daemons * most // _DAEMON_KILLS:
                self._daemon.kill()
                self._daemon.wait()
                self._daemon = self._new_daemon()
                daemons += 1
            self._submit_again(server, runs)
        return {"by_timer": killed + daemons, "run_workers": killed, "daemons": daemons}

    def _submit_again(self, server: DagsterServer, runs: dict[str, str]) -> None:
        """What a person does who sees a submission that failed for good, after Dagster's own retries."""
        done = server.materialised("batch_submissions")
        for name, run_id in runs.items():
            if name not in done and server.run_status(run_id) == "FAILURE" and not server.is_retried(run_id):
                runs[name] = server.launch("submit_assessment", name)


def run_workers(daemon: int) -> list[int]:
    """Process ids of the run workers below a daemon: it starts a code server, and that one process for each run."""
    parents, commands = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                commands[int(folder.name)] = (folder / "cmdline").read_bytes().decode()
            except OSError:
                continue  # it has ended in between
    return sorted(pid for pid, text in commands.items() if _RUN_WORKER in text and _is_below(pid, daemon, parents))


def _is_below(pid: int, ancestor: int, parents: Mapping[int, int]) -> bool:
    while pid in parents:
        pid = parents[pid]
        if pid == ancestor:
            return True
    return False
