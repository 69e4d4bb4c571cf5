"""Dagster's real webserver and daemon as child processes, and a GraphQL client of a few lines."""

import json
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cj_pipeline_tests.support.processes import child_environment, until

ROOT = Path(__file__).parents[2]
LOCATION = {"repositoryName": "__repository__", "repositoryLocationName": "cj_pipeline"}

_LAUNCH = """mutation($params: ExecutionParams!) { launchRun(executionParams: $params) {
  __typename ... on LaunchRunSuccess { run { runId } } ... on PythonError { message }
  ... on RunConfigValidationInvalid { errors { message } } ... on InvalidSubsetError { message } } }"""
_BACKFILL = """mutation($params: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $params) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }"""
_RUN = "query($id: ID!) { runOrError(runId: $id) { ... on Run { status stepStats { stepKey status } } } }"
_RUN_TAGS = "query($id: ID!) { runOrError(runId: $id) { ... on Run { tags { key value } } } }"
_BACKFILL_STATUS = """query($id: String!) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill {
  status runs { status } assetBackfillData { assetBackfillStatuses { ... on AssetPartitionsStatusCounts {
  assetKey { path } numPartitionsFailed numPartitionsMaterialized numPartitionsInProgress } } } } } }"""
_ASSETS = """query($keys: [AssetKeyInput!]!) { assetNodes(assetKeys: $keys) { assetKey { path }
  assetPartitionStatuses { ... on DefaultPartitionStatuses { materializedPartitions failedPartitions } }
  assetObservations(limit: 5) { partition description }
  assetChecksOrError { ... on AssetChecks { checks { name
    partitionStatuses { ... on AssetCheckDefaultPartitionStatuses { succeededPartitions } } } } } } }"""
_PARTITIONS = """query($key: AssetKeyInput!) { assetNodeOrError(assetKey: $key) {
  ... on AssetNode { partitionKeys } } }"""


@dataclass(frozen=True)
class DagsterServer:
    """A running webserver and daemon.

    Attributes:
        url: Address of the web UI.
        logs: Folder of the processes' logs.
    """

    url: str
    logs: Path

    def ask(self, query: str, **variables: object) -> dict[str, Any]:
        """Send a GraphQL query; returns its data."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/graphql", body, headers)  # noqa: S310 (our own server)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=60) as response:
            answer = json.load(response)
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def is_up(self) -> bool:
        """Whether the webserver answers and has loaded the project."""
        try:
            return "partitionKeys" in str(self.ask(_PARTITIONS, key={"path": ["rankings"]})["assetNodeOrError"])
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def partitions(self) -> list[str]:
        """Partition keys of the assets."""
        found: list[str] = self.ask(_PARTITIONS, key={"path": ["rankings"]})["assetNodeOrError"]["partitionKeys"]
        return found

    def launch(self, job: str, partition: str) -> str:
        """Launch a job for one partition, as the UI does; returns the run's id."""
        params = {
            "selector": {**LOCATION, "pipelineName": job},
            "runConfigData": "{}",
            "mode": "default",
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": partition}]},
        }
        answer = self.ask(_LAUNCH, params=params)["launchRun"]
        assert answer["__typename"] == "LaunchRunSuccess", answer
        return str(answer["run"]["runId"])

    def backfill(self, assets: tuple[str, ...], partitions: list[str]) -> str:
        """Launch a backfill of assets over partitions, as the UI does; returns its id."""
        params = {
            "assetSelection": [{"path": [name]} for name in assets],
            "partitionNames": partitions,
            "fromFailure": False,
            "tags": [],
        }
        answer = self.ask(_BACKFILL, params=params)["launchPartitionBackfill"]
        assert answer["__typename"] == "LaunchBackfillSuccess", answer
        return str(answer["backfillId"])

    def run_status(self, run_id: str) -> str:
        """Status of a run."""
        return str(self.ask(_RUN, id=run_id)["runOrError"]["status"])

    def is_retried(self, run_id: str) -> bool:
        """Whether Dagster has started a run again, or is going to."""
        tags = {tag["key"]: tag["value"] for tag in self.ask(_RUN_TAGS, id=run_id)["runOrError"]["tags"]}
        return tags.get("dagster/will_retry") == "true" or "dagster/auto_retry_run_id" in tags

    def backfill_status(self, backfill_id: str) -> dict[str, Any]:
        """Status of a backfill with its runs and its counts per asset."""
        found: dict[str, Any] = self.ask(_BACKFILL_STATUS, id=backfill_id)["partitionBackfillOrError"]
        return found

    def asset(self, name: str) -> dict[str, Any]:
        """Partition statuses, observations and checks of an asset."""
        [node] = self.ask(_ASSETS, keys=[{"path": [name]}])["assetNodes"]
        return dict(node)

    def materialised(self, name: str) -> set[str]:
        """Partitions of an asset that are materialised."""
        return set(self.asset(name)["assetPartitionStatuses"]["materializedPartitions"])

    def failed(self, name: str) -> set[str]:
        """Partitions of an asset that failed."""
        return set(self.asset(name)["assetPartitionStatuses"]["failedPartitions"])

    def passed_checks(self, name: str) -> dict[str, set[str]]:
        """Partitions for which each check of an asset passed."""
        checks = self.asset(name)["assetChecksOrError"]["checks"]
        return {c["name"]: set((c["partitionStatuses"] or {}).get("succeededPartitions", [])) for c in checks}


@contextmanager
def running_dagster(root: Path, variables: Mapping[str, str]) -> Iterator[DagsterServer]:
    """Run webserver and daemon on the project's own `workspace.yaml` and `dagster.yaml`; end them on leaving."""
    home = root / "dagster"
    home.mkdir(exist_ok=True)
    if not (home / "dagster.yaml").exists():
        (home / "dagster.yaml").symlink_to(ROOT / "dagster.yaml")
    env = child_environment(root, {**variables, "DAGSTER_HOME": str(home)})
    port = free_port()
    server = DagsterServer(f"http://127.0.0.1:{port}", root)
    commands = {
        "webserver": ["dagster_webserver", "-h", "127.0.0.1", "-p", str(port), "-w", "workspace.yaml"],
        "daemon": ["dagster._daemon", "run", "-w", "workspace.yaml"],
    }
    with running_modules(commands, env, root):
        until(server.is_up, "Dagster's webserver", 120)
        yield server


@contextmanager
def running_modules(commands: Mapping[str, list[str]], env: dict[str, str], logs: Path) -> Iterator[None]:
    """Run Python modules with arguments, one process each; end them on leaving, the last one first."""
    with ExitStack() as stack:
        for name, arguments in commands.items():
            stack.enter_context(_child(arguments, env, logs / f"{name}.log"))
        yield


@contextmanager
def _child(arguments: list[str], env: dict[str, str], log: Path) -> Iterator[None]:
    process = start_module(arguments, env, log)
    try:
        yield
    finally:
        end(process)


def start_module(arguments: list[str], env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a Python module with arguments in the project's root."""
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, env=env, stdout=output, stderr=subprocess.STDOUT
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process, gently if it lets itself be ended so."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """A port that is free right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
