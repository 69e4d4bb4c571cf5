# ruff: noqa: D103 - the names of the tests say it
"""Every run says which assessment it is about, whose models judge, in which mode and wave; and its launch form."""

from pathlib import Path

import dagster as dg
import pytest

from cj_pipeline.definitions import build_definitions
from cj_pipeline.defs.account_tags import assessment_tags
from cj_pipeline.defs.run_tags import MODE_TAG, PROVIDER_TAG, WAVE_TAG
from cj_pipeline.defs.run_wishes import RunWishes
from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline_tests.support.benches import A_DAY_S, Rig, environment
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment, settings_of

BOTH = settings_of("openai")["judges"] + settings_of("anthropic")["judges"]
JOBS = ("submit_assessment", "continue_submission", "collect_assessment", "rescore_assessment", "reread_anchors")


@pytest.fixture
def data(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the environment name the rig's folder, as it does for a code server."""
    for name, value in environment(rig.root, rig.emulator.url).items():
        monkeypatch.setenv(name, value)
    return rig.root


def newest(daemon: MiniDaemon) -> dict[str, str]:
    """Tags of the newest run, those included that it was given while it ran."""
    [run] = daemon.instance.get_runs(limit=1)
    return dict(run.tags)


def test_providers_are_named_in_one_tag(data: Path) -> None:
    make_assessment(data, "both", judges=BOTH)
    (make_assessment(data, "broken") / "assessment.yaml").write_text("title: [")

    assert assessment_tags("both") == {"cj/assessment": "both", PROVIDER_TAG: "anthropic, openai"}
    assert assessment_tags("broken") == {"cj/assessment": "broken"}


def test_runs_of_every_job_carry_assessment_provider_mode_and_wave(data: Path, rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(data)
    daemon.tick("assessment_folder_sensor")

    for job in JOBS:
        if job == "collect_assessment":
            rig.advance(A_DAY_S)
            rig.poll()
        assert daemon.run(job, "small").success
        tags = newest(daemon)
        assert tags["cj/assessment"] == "small", job
        assert (tags[PROVIDER_TAG], tags[MODE_TAG], tags[WAVE_TAG]) == ("openai", "provider_batch_api", "1"), job
        assert ("cj/openai_account" in tags) is (job in JOBS[:2])


def test_a_cancel_run_carries_assessment_and_provider(data: Path, rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(data)
    rig.submit()
    daemon.tick("assessment_folder_sensor")

    assert daemon.run("cancel_assessment", "small").success

    assert {"cj/assessment": "small", PROVIDER_TAG: "openai"}.items() <= newest(daemon).items()


@pytest.mark.parametrize("assets", [("essays", "pair_set"), ("pair_set",), ("batch_submissions",), ("raw_results",)])
def test_runs_of_single_assets_and_of_backfills_carry_them_too(
    rig: Rig, daemon: MiniDaemon, assets: tuple[str, ...]
) -> None:
    make_assessment(rig.root, judges=BOTH, llm_batching_mode="serial_bundle")
    rig.plan()
    daemon.tick("assessment_folder_sensor")

    assert daemon.materialise("small", *assets, tags={"dagster/backfill": "b1"}).success

    tags = newest(daemon)
    assert (tags["cj/assessment"], tags[PROVIDER_TAG]) == ("small", "anthropic, openai")
    assert (tags[MODE_TAG], tags[WAVE_TAG]) == ("serial_bundle", "1")


def test_reading_alone_says_whose_essays_they_are(rig: Rig, daemon: MiniDaemon) -> None:
    make_assessment(rig.root)
    daemon.tick("assessment_folder_sensor")

    assert daemon.materialise("small", "essays").success

    assert {"cj/assessment": "small", PROVIDER_TAG: "openai"}.items() <= newest(daemon).items()
    assert WAVE_TAG not in newest(daemon)


@pytest.mark.parametrize("job", [*JOBS, "cancel_assessment"])
def test_the_launch_form_needs_nothing_filled_in(job: str) -> None:
    definition = build_definitions().resolve_job_def(job)
    offered = definition.partitioned_config

    assert offered is not None
    assert dg.validate_run_config(definition, {})
    assert dg.validate_run_config(definition, dict(offered.get_run_config_for_partition_key("small")))


def test_the_launch_form_shows_every_wish_unfilled() -> None:
    offered = build_definitions().resolve_job_def("submit_assessment").partitioned_config
    assert offered is not None
    wishes = offered.get_run_config_for_partition_key("small")["ops"]["essays"]["config"]

    assert set(wishes) == set(RunWishes.model_fields)
    assert RunWishes(**wishes).overrides() == RunOverrides()


def test_the_launch_form_explains_every_wish_and_none_has_to_be_made() -> None:
    definition = build_definitions().resolve_job_def("submit_assessment")
    ops = definition.run_config_schema.config_type.fields["ops"].config_type.fields  # type: ignore[attr-defined]
    wishes = ops["essays"].config_type.fields["config"].config_type.fields

    assert "llm_batching_mode" in wishes
    assert [name for name, wish in wishes.items() if wish.is_required] == []
    assert [name for name, wish in wishes.items() if not wish.description] == []
