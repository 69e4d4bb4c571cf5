"""The one resource: the project's engine, made from the environment when first needed."""

import os
from functools import lru_cache

import dagster as dg
from pydantic import Field

from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import Workbench, open_workbench


class PipelineResource(dg.ConfigurableResource[Workbench]):
    """Ledger, stores and providers, as the environment describes them (see the settings reference)."""

    environment: dict[str, str] = Field(
        default_factory=dict,
        description="Variables that replace those of the environment. Never put keys here.",
    )

    def bench(self) -> Workbench:
        """The engine and its folders; one per process and set of settings."""
        return _bench(tuple(sorted({**os.environ, **self.environment}.items())))


@lru_cache(maxsize=8)
def _bench(environment: tuple[tuple[str, str], ...]) -> Workbench:
    return open_workbench(load_settings(dict(environment)))
