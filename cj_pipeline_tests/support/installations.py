"""The processes of `deploy/compose.yaml` on this machine: code server, daemon and webservers apart, on PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import yaml

from cj_pipeline_tests.support.benches import environment
from cj_pipeline_tests.support.postgres import Postgres
from cj_pipeline_tests.support.processes import child_environment, until
from cj_pipeline_tests.support.servers import ROOT, DagsterServer, free_port, running_modules

SERVICES = ("code", "daemon", "webserver", "readers")
_MODULES = {"dagster": "dagster", "dagster-daemon": "dagster._daemon", "dagster-webserver": "dagster_webserver"}
_SERVERS = ("code", "webserver", "readers")


def installation_variables(root: Path, emulator_url: str, postgres: Postgres) -> dict[str, str]:
    """Variables of an installation whose ledger and Dagster storage are on a server, polled every second."""
    return {
        **environment(root, emulator_url),
        "CJ_POLL_MIN_S": "1",
        "CJ_POLL_MAX_S": "1",
        "CJ_SEVERAL_HOSTS": "true",
        "CJ_CODE_HOST": "127.0.0.1",
        "CJ_LEDGER_URL": postgres.new_database(),
        "CJ_DAGSTER_URL": postgres.new_database().replace("postgresql:", "postgresql+psycopg2:"),
        "CJ_STORE_URL": str(root / "store"),
        "DAGSTER_HOME": str(root / "home"),
    }


@contextmanager
def running_installation(
    root: Path, variables: Mapping[str, str], services: Sequence[str] = SERVICES
) -> Iterator[dict[str, DagsterServer]]:
    """Run the services and end them on leaving; yields the webservers among them by name."""
    ports = {name: free_port() for name in _SERVERS}
    workspace = yaml.safe_load((ROOT / "deploy" / "workspace.yaml").read_text("utf-8"))
    workspace["load_from"][0]["grpc_server"]["port"] = ports["code"]
    (root / "workspace.yaml").write_text(yaml.safe_dump(workspace))
    (root / "home").mkdir()
    (root / "home" / "dagster.yaml").symlink_to(ROOT / "deploy" / "postgres" / "dagster.yaml")
    commands = _commands(root / "workspace.yaml", ports, services)
    with running_modules(commands, child_environment(root, variables), root):
        web = [name for name in services if name in _SERVERS[1:]]
        servers = {name: DagsterServer(f"http://127.0.0.1:{ports[name]}", root) for name in web}
        for server in servers.values():
            until(server.is_up, "Dagster's webserver", 180)
        yield servers


def _commands(workspace: Path, ports: dict[str, int], services: Sequence[str]) -> dict[str, list[str]]:
    """The commands of the compose file, with ports and folders of this test."""
    described = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]
    found = {}
    for name in services:
        program, *arguments = described[name]["command"]
        changed = {"/srv/cj/workspace.yaml": str(workspace), "0.0.0.0": "127.0.0.1"}  # noqa: S104 (what is replaced)
        if name in ports:
            changed[arguments[arguments.index("--port") + 1]] = str(ports[name])
        found[name] = [_MODULES[program], *(changed.get(word, word) for word in arguments)]
    return found
