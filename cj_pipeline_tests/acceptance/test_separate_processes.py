# ruff: noqa: D103 - the names of the tests say it
"""Code server, daemon and webservers apart, on PostgreSQL, started by the commands of `deploy/compose.yaml`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from cj_pipeline.emulator.embedding import RunningEmulator, running_emulator
from cj_pipeline_tests.support.benches import A_DAY_S, environment
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.listening import addresses
from cj_pipeline_tests.support.postgres import Postgres
from cj_pipeline_tests.support.processes import child_environment, until
from cj_pipeline_tests.support.servers import ROOT, DagsterServer, free_port, running_modules

pytestmark = pytest.mark.slow

_MODULES = {"dagster": "dagster", "dagster-daemon": "dagster._daemon", "dagster-webserver": "dagster_webserver"}
SERVICES = ("code", "daemon", "webserver", "readers")


@dataclass(frozen=True)
class Site:
    """A running installation: two webservers, of which one is for readers."""

    emulator: RunningEmulator
    dagster: DagsterServer
    readers: DagsterServer


def commands(workspace: Path, ports: dict[str, int]) -> dict[str, list[str]]:
    """Return the commands of the compose file, with ports and folders of this test."""
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    found = {}
    for name in SERVICES:
        program, *arguments = services[name]["command"]
        changed = {"/srv/cj/workspace.yaml": str(workspace), "0.0.0.0": "127.0.0.1"}  # noqa: S104 (what is replaced)
        if name in ports:
            changed[arguments[arguments.index("--port") + 1]] = str(ports[name])
        found[name] = [_MODULES[program], *(changed.get(word, word) for word in arguments)]
    return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Iterator[Site]:
    """All processes, on an assessment of six essays."""
    root = tmp_path_factory.mktemp("apart")
    make_assessment(root)
    ports = {name: free_port() for name in ("code", "webserver", "readers")}
    workspace = yaml.safe_load((ROOT / "deploy" / "workspace.yaml").read_text("utf-8"))
    workspace["load_from"][0]["grpc_server"]["port"] = ports["code"]
    (root / "workspace.yaml").write_text(yaml.safe_dump(workspace))
    (root / "home").mkdir()
    (root / "home" / "dagster.yaml").symlink_to(ROOT / "deploy" / "postgres" / "dagster.yaml")
    with running_emulator(root / "emulator", seed=1) as emulator:
        variables = {
            **environment(root, emulator.url),
            "CJ_POLL_MIN_S": "1",
            "CJ_POLL_MAX_S": "1",
            "CJ_SEVERAL_HOSTS": "true",
            "CJ_CODE_HOST": "127.0.0.1",
            "CJ_LEDGER_URL": postgres.new_database(),
            "CJ_DAGSTER_URL": postgres.new_database().replace("postgresql:", "postgresql+psycopg2:"),
            "CJ_STORE_URL": str(root / "store"),
            "DAGSTER_HOME": str(root / "home"),
        }
        with running_modules(commands(root / "workspace.yaml", ports), child_environment(root, variables), root):
            servers = [DagsterServer(f"http://127.0.0.1:{ports[name]}", root) for name in ("webserver", "readers")]
            for server in servers:
                until(server.is_up, "Dagster's webserver", 180)
            yield Site(emulator, *servers)


def test_a_submission_becomes_a_ranking_without_a_file_of_dagsters_own(site: Site) -> None:
    dagster = site.dagster
    until(lambda: dagster.partitions() == ["small"], "the folder sensor to add the partition")
    run_id = dagster.launch("submit_assessment", "small")
    until(lambda: dagster.run_status(run_id) in {"SUCCESS", "FAILURE", "CANCELED"}, "the submitting run to end")
    submitted = dagster.run_status(run_id)
    site.emulator.advance(A_DAY_S)
    until(lambda: "small" in dagster.materialised("rankings"), "the sensor to bring the ranking", 180)

    assert submitted == "SUCCESS"
    assert (dagster.logs / "store" / "tables" / "small" / "rankings.csv").exists()
    assert list((dagster.logs / "home").rglob("*.db")) == []
    assert list((dagster.logs / "work").rglob("*.db")) == []
    assert site.emulator.summary()["billed_more_than_once"] == []


def test_readers_see_everything_and_start_nothing(site: Site) -> None:
    n_jobs = len(site.emulator.journal("job"))
    with pytest.raises(AssertionError, match="UnauthorizedError"):
        site.readers.launch("submit_assessment", "small")

    assert site.readers.partitions() == site.dagster.partitions()
    assert len(site.emulator.journal("job")) == n_jobs


def test_no_process_listens_beyond_loopback(site: Site) -> None:
    for server in (site.dagster, site.readers):
        assert addresses(int(server.url.rpartition(":")[2])) == {"127.0.0.1"}
    assert addresses(int(site.emulator.url.rpartition(":")[2])) == {"127.0.0.1"}
