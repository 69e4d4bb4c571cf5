"""The one resource: the project's engine, made from the environment when first needed."""

import os
from functools import lru_cache

import dagster as dg
from pydantic import Field

from cj_pipeline.defs.shared_storage import require_shared_storage
from cj_pipeline.settings import Settings, load_settings
from cj_pipeline.wiring import Workbench, open_workbench


class PipelineResource(dg.ConfigurableResource[Workbench]):
    """Ledger, stores and providers, as the environment describes them (see the settings reference)."""

    environment: dict[str, str] = Field(
        default_factory=dict,
        description="Variables that replace those of the environment. Never put keys here.",
    )

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Refuse a Dagster storage that the hosts of this installation cannot share."""
        require_shared_storage(self.settings(), context.instance)

    def settings(self) -> Settings:
        """What the environment says."""
        return load_settings({**os.environ, **self.environment})

    def bench(self) -> Workbench:
        """The engine and its folders; one per process and set of settings."""
        return _bench(tuple(sorted({**os.environ, **self.environment}.items())))


@lru_cache(maxsize=8)
def _bench(environment: tuple[tuple[str, str], ...]) -> Workbench:
    return open_workbench(load_settings(dict(environment)))
