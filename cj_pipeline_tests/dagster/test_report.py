"""The report in Dagster: made after every ranking, the same numbers on its page as on Dagster's."""

# ruff: noqa: D103 - the name of a test is its sentence

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from cj_pipeline.defs.previews import ranking_preview
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline_tests.support.benches import Rig, environment
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment


@pytest.fixture
def daemon(tmp_path: Path, rig: Rig) -> Iterator[MiniDaemon]:
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions("assessments", ["small"])
        yield MiniDaemon(instance, PipelineResource(environment=environment(tmp_path, rig.emulator.url)))


def test_a_collect_run_ends_with_the_report(tmp_path: Path, rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(tmp_path)
    assert daemon.run("submit_assessment", "small").success
    waiting = daemon.materialise("small", "report")
    assert waiting.success
    assert "report" not in daemon.materialised("small")

    rig.advance(90_000)
    rig.poll()
    assert daemon.run("collect_assessment", "small").success

    [made] = daemon.instance.fetch_materializations(dg.AssetKey("report"), limit=1).records
    materialisation = made.asset_materialization
    assert materialisation is not None
    metadata = materialisation.metadata
    page = Path(str(metadata["report"].value)).read_text("utf-8")
    assert "synthetic judge" in str(metadata["made_by"].value)
    table = pd.read_parquet(tmp_path / "work" / "tables" / "small" / "rankings.parquet")
    for line in ranking_preview(table).splitlines()[2:]:
        _, rank, essay, measure, error, *_ = line.split("|")
        assert f">{essay}</a>" in page
        assert f">{measure}<" in page
        assert f">{error}<" in page
        assert rank.isdigit()
    assert f"Reliability {metadata['reliability'].value:.2f}" in page
