"""Dagster's own storage has to be one that all hosts share, where there are several."""

import dagster as dg

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.settings import Settings

_OF_ONE_HOST = ("sqlite", "inmemory")


def require_shared_storage(settings: Settings, instance: dg.DagsterInstance | None) -> None:
    """Make sure that Dagster's storage can be shared, where several hosts are declared.

    Args:
        settings: From `load_settings`.
        instance: Dagster's instance, None where there is none.

    Raises:
        ConfigurationError: Dagster keeps its state in a file of this machine.
    """
    if not settings.several_hosts or instance is None:
        return
    name = type(instance.run_storage).__name__
    if name.lower().startswith(_OF_ONE_HOST):
        raise ConfigurationError(
            f"Dagster's own storage is {name}, which several hosts cannot share: set CJ_DAGSTER_URL and use "
            "deploy/postgres/dagster.yaml (docs/operations/deployment.md), or unset CJ_SEVERAL_HOSTS where everything "
            "runs on one machine."
        )
