# ruff: noqa: D103 - the names of the tests say it
"""What every asset's page shows: owners, links, columns and where they come from, counts, progress, pictures."""

import base64
import re
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from cj_pipeline.definitions import build_definitions
from cj_pipeline.defs.columns import LINEAGE, column_metadata, columns_of
from cj_pipeline.defs.pages import RUNBOOKS, runbook
from cj_pipeline.reporting.page_settings import PageOptions
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.dagster import BESIDE, STAGES, MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment

ROOT = Path(__file__).parents[2]
Metadata = dict[str, dg.MetadataValue[Any]]


def page(daemon: MiniDaemon, asset: str) -> Metadata:
    """What the newest materialisation of an asset shows."""
    event = daemon.instance.get_latest_materialization_event(dg.AssetKey(asset))
    assert event is not None
    assert event.asset_materialization is not None
    return dict(event.asset_materialization.metadata)


def finished(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")
    assert daemon.run("submit_assessment", "small").success
    rig.advance(A_DAY_S)
    rig.poll()
    assert daemon.run("collect_assessment", "small").success


def test_every_page_names_its_owners_and_a_page_that_exists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CJ_OWNERS", "team:english,anna@school.example")
    specs = list(build_definitions().resolve_all_asset_specs())

    assert {spec.key.to_user_string() for spec in specs} == set(RUNBOOKS)
    for spec in specs:
        assert spec.owners == ["team:english", "anna@school.example"]
        assert Path(str(spec.metadata["runbook"].value)).is_file()


def test_without_a_setting_a_team_is_the_owner() -> None:
    assert {tuple(spec.owners) for spec in build_definitions().resolve_all_asset_specs()} == {("team:assessment",)}


def test_the_documentation_is_linked_to_where_it_is_served() -> None:
    served = PageOptions(docs_url="https://docs.example/cj")

    assert runbook("docs/operations/nights.md", served) == dg.MetadataValue.url(
        "https://docs.example/cj/operations/nights.md"
    )
    assert runbook("docs/not-here.md", PageOptions()) == dg.MetadataValue.text("docs/not-here.md")


def test_columns_come_from_columns_that_there_are() -> None:
    for asset, lineage in LINEAGE.items():
        assert set(lineage) <= {name for name, _, _ in columns_of(asset)}, asset
        for source in {source for sources in lineage.values() for source in sources}:
            upstream, column = source.split(".")
            assert column in {name for name, _, _ in columns_of(upstream)}, source


def test_columns_of_grades_are_named_by_grade() -> None:
    found = column_metadata("grade_projections", ("E", "D"))
    lineage = found["dagster/column_lineage"].deps_by_column

    assert {"p_E", "p_D", "at_least_D"} <= {column.name for column in found["dagster/column_schema"].columns}
    assert dg.TableColumnDep("rankings", "measure") in lineage["p_D"]


def test_every_table_has_its_columns_their_origin_and_the_number_of_its_rows(rig: Rig, daemon: MiniDaemon) -> None:
    finished(rig, daemon)

    for asset in (*STAGES[:6], *BESIDE):
        metadata = page(daemon, asset)
        assert metadata["dagster/row_count"].value == {"pair_set": 12, "raw_results": 12, "comparisons": 12}.get(
            asset, {"batch_submissions": 1, "human_decisions": 0}.get(asset, 6)
        )
        assert isinstance(metadata["dagster/column_schema"], dg.TableSchemaMetadataValue)
        assert (asset == "essays") is ("dagster/column_lineage" not in metadata)


def test_pictures_are_small_and_inline_and_show_how_far_it_is(rig: Rig, daemon: MiniDaemon) -> None:
    finished(rig, daemon)

    for asset in ("pair_set", "batch_submissions", "raw_results", "rankings"):
        found = re.fullmatch(r"!\[[^\]]+\]\(data:image/png;base64,(.+)\)", str(page(daemon, asset)["picture"].value))
        assert found, asset
        image = base64.b64decode(found[1])
        assert image.startswith(b"\x89PNG")
        assert len(image) < 30_000

    before, after = page(daemon, "batch_submissions"), page(daemon, "raw_results")
    assert (before["progress"].value, after["progress"].value) == (0.0, 1.0)
    assert float(str(before["reserved_usd"].value)) > 0 == before["spent_usd"].value
    assert float(str(after["spent_usd"].value)) > 0 == after["reserved_usd"].value
    assert before["cost_limit_usd"].value == after["cost_limit_usd"].value == 5.0
    assert "|1|12|0|0|12|0|" in str(before["waves"].value)
    assert "|1|12|12|0|0|0|" in str(after["waves"].value)

    links = [("essays", "folder"), ("batch_submissions", "raw_requests"), ("raw_results", "raw_answers")]
    links += [("comparisons", "table"), ("rankings", "table"), ("report", "report"), ("report", "workbook")]
    for asset, name in links:
        link = page(daemon, asset)[name]
        assert isinstance(link, dg.PathMetadataValue)
        assert Path(str(link.value)).exists(), (asset, name)
