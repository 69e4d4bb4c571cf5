"""A daemon of a few lines on an instance in memory."""

from collections.abc import Iterator
from dataclasses import replace

import dagster as dg
import pytest

from cj_pipeline.defs import resources
from cj_pipeline.wiring import Workbench
from cj_pipeline_tests.support.benches import Rig, environment
from cj_pipeline_tests.support.dagster import MiniDaemon


@pytest.fixture
def daemon(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Iterator[MiniDaemon]:
    """Definitions whose engine is the rig's, so that the test moves its clock."""

    def bench_of_rig(_environment: tuple[tuple[str, str], ...]) -> Workbench:
        return replace(rig.bench, engine=rig.engine)

    monkeypatch.setattr(resources, "_bench", bench_of_rig)
    pipeline = resources.PipelineResource(environment=environment(rig.root, rig.emulator.url))
    with dg.DagsterInstance.ephemeral() as instance:
        yield MiniDaemon(instance, pipeline)
