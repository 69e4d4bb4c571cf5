# ruff: noqa: D103 - the names of the tests say it
"""The files under `deploy`: what they share with the project's root, and what schemas and Dagster say of them."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import dagster as dg
import jsonschema
import pytest
import yaml
from dagster._config import process_config
from dagster._core.workspace.config_schema import WORKSPACE_CONFIG_SCHEMA
from dagster_k8s import K8sRunLauncher

from cj_pipeline.definitions import defs
from cj_pipeline.settings import load_settings, settings_table
from cj_pipeline_tests.support.postgres import Postgres

ROOT = Path(__file__).parents[2]
OF_THE_CHART = {"storage", "telemetry", "sensors", "retention"}
"""What the chart writes from values of its own."""


def loaded(name: str) -> Any:  # noqa: ANN401 (whatever stands there)
    """Return the contents of a YAML file of the project."""
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def services() -> dict[str, Any]:
    """Return the services of the compose file."""
    found: dict[str, Any] = loaded("deploy/compose.yaml")["services"]
    return found


def test_the_instance_on_postgres_differs_from_the_one_on_sqlite_in_its_storage_only() -> None:
    postgres = loaded("deploy/postgres/dagster.yaml")
    storage = postgres.pop("storage")

    assert storage == {"postgres": {"postgres_url": {"env": "CJ_DAGSTER_URL"}}}
    assert postgres == loaded("dagster.yaml")


def test_the_compose_file_keeps_the_schema_of_compose_files() -> None:
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"

    jsonschema.validate(loaded("deploy/compose.yaml"), json.loads(schema.read_text("utf-8")))


def test_every_port_of_the_compose_file_is_published_on_loopback_only() -> None:
    published = [port for service in services().values() for port in service.get("ports", [])]

    assert published == ["127.0.0.1:3000:3000", "127.0.0.1:3001:3000"]


def test_only_the_code_server_knows_keys_and_sees_essays() -> None:
    with_keys = {name for name, s in services().items() if any(k.endswith("_API_KEY") for k in s["environment"])}
    with_essays = {name for name, s in services().items() if any("assessments" in v for v in s["volumes"])}

    assert (with_keys, with_essays) == ({"code"}, {"code"})
    assert {name for name, s in services().items() if "env_file" in s} == {"code"}


def test_what_names_students_outlives_every_container() -> None:
    work = "/srv/cj/work"
    cluster = loaded("deploy/kubernetes/values.yaml")["dagster-user-deployments"]["deployments"][0]
    claims = {v["name"]: v["persistentVolumeClaim"]["claimName"] for v in cluster["volumes"]}
    mounts = {m["name"]: m["mountPath"] for m in cluster["volumeMounts"]}

    assert f"CJ_WORK_DIR={work}" in (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    assert f"work:{work}" in services()["code"]["volumes"]
    assert "work" in loaded("deploy/compose.yaml")["volumes"]
    assert (claims["work"], mounts["work"]) == ("cj-work", work)
    assert cluster["includeConfigInLaunchedRuns"]["enabled"]


def test_the_example_of_the_environment_names_what_the_compose_file_asks_for() -> None:
    example = (ROOT / "deploy" / "env.example").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+):\?", (ROOT / "deploy" / "compose.yaml").read_text("utf-8")))
    named = set(re.findall(r"^(?:# )?([A-Z_]+)=", example, re.MULTILINE))

    assert asked == {"CJ_POSTGRES_PASSWORD"} <= named
    assert named - asked <= {*(name for name, _, _ in settings_table()), "OPENAI_API_KEY", "ANTHROPIC_API_KEY"}


@pytest.mark.parametrize("service", ["migrate", "code", "daemon", "webserver", "readers"])
def test_the_environment_of_every_service_can_be_used(service: str) -> None:
    given = {k: re.sub(r"\$\{\w+(?::[-?]([^}]*))?\}", r"\1", v) for k, v in services()[service]["environment"].items()}
    settings = load_settings(given)

    assert settings.several_hosts
    assert str(settings.raw_dir) == "/srv/cj/store/raw"


def test_the_workspace_of_the_containers_names_the_same_location() -> None:
    workspace = loaded("deploy/workspace.yaml")
    result = process_config({"load_from": WORKSPACE_CONFIG_SCHEMA["load_from"]}, workspace)
    [target] = workspace["load_from"]
    command = services()["code"]["command"]

    assert result.success or "CJ_CODE_HOST" in str(result.errors)
    assert target["grpc_server"]["location_name"] == "cj_pipeline"
    assert command[command.index("--location-name") + 1] == "cj_pipeline"
    assert command[command.index("--port") + 1] == str(target["grpc_server"]["port"])


def test_the_dockerfile_starts_what_the_compose_file_starts() -> None:
    last = (ROOT / "deploy" / "Dockerfile").read_text("utf-8").strip().splitlines()[-1]

    assert json.loads(last.removeprefix("CMD ")) == services()["code"]["command"]


def test_the_cluster_has_the_instance_of_one_machine_but_for_the_number_of_runs() -> None:
    cluster, one_machine = loaded("deploy/kubernetes/values.yaml"), loaded("dagster.yaml")
    more = cluster["additionalInstanceConfig"]
    more["concurrency"]["runs"]["max_concurrent_runs"] = one_machine["concurrency"]["runs"]["max_concurrent_runs"]

    assert more == {k: v for k, v in one_machine.items() if k not in OF_THE_CHART}
    assert cluster["telemetry"] == one_machine["telemetry"]
    assert cluster["retention"]["sensor"]["purgeAfterDays"] == one_machine["retention"]["sensor"]["purge_after_days"]
    assert cluster["dagsterDaemon"]["sensors"] == {"useThreads": True, "numWorkers": 4}


def test_dagster_loads_the_instance_of_the_cluster(tmp_path: Path, postgres: Postgres) -> None:
    """With the storage that the chart writes, and without the launcher, which needs a cluster."""
    cluster = loaded("deploy/kubernetes/values.yaml")
    storage = {
        "postgres_url": postgres.new_database().replace("postgresql:", cluster["postgresql"]["postgresqlScheme"] + ":")
    }
    launcher = {
        "service_account_name": "dagster",
        "image_pull_policy": cluster["runLauncher"]["config"]["k8sRunLauncher"]["imagePullPolicy"],
        "instance_config_map": "dagster-instance",
        "dagster_home": "/opt/dagster/dagster_home",
        "postgres_password_secret": cluster["global"]["postgresqlSecretName"],
    }
    config = {"storage": {"postgres": storage}, **cluster["additionalInstanceConfig"]}
    (tmp_path / "dagster.yaml").write_text(yaml.safe_dump(config))
    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        queue = instance.get_concurrency_config().run_queue_config

        assert queue is not None
        assert queue.max_concurrent_runs == 20
        assert type(instance.run_coordinator).__name__ == "QueuedRunCoordinator"
    config_type = K8sRunLauncher.config_type()  # type: ignore[no-untyped-call] # Dagster's own
    assert process_config(config_type, launcher).success


def test_every_account_that_can_be_asked_has_a_limit_and_every_pool_is_known() -> None:
    limits = loaded("dagster.yaml")["concurrency"]["runs"]["tag_concurrency_limits"]
    pools = {pool for node in defs.resolve_asset_graph().asset_nodes for pool in node.pools or ()}

    assert {limit["key"] for limit in limits} >= {"cj/openai_account", "cj/anthropic_account", "dagster/partition"}
    assert pools == {"provider_submit"}
