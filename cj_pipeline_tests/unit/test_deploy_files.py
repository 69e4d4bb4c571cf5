# ruff: noqa: D103 - the names of the tests say it
"""The files under `deploy`, and the instance configuration they share with the project's root."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


def loaded(name: str) -> Any:  # noqa: ANN401 (whatever stands there)
    """Return the contents of a YAML file of the project."""
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def test_the_instance_on_postgres_differs_from_the_one_on_sqlite_in_its_storage_only() -> None:
    postgres = loaded("deploy/postgres/dagster.yaml")
    storage = postgres.pop("storage")

    assert storage == {"postgres": {"postgres_url": {"env": "CJ_DAGSTER_URL"}}}
    assert postgres == loaded("dagster.yaml")
