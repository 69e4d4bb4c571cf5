# ruff: noqa: D103 - the names of the tests say it
"""What Dagster shows: names, groups, descriptions, defaults."""

import tomllib
from itertools import pairwise
from pathlib import Path

import dagster as dg
import pytest
import yaml

from cj_pipeline.definitions import build_definitions
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline_tests.support.dagster import BESIDE, STAGES

ROOT = Path(__file__).parents[2]
SCORES = STAGES[STAGES.index("rankings") :]
"""The assets that follow from verdicts alone."""


def test_assets_stand_in_a_line_from_essays_to_the_report() -> None:
    graph = build_definitions().resolve_asset_graph()

    assert {key.to_user_string() for key in graph.get_all_asset_keys()} == {*STAGES, *BESIDE}
    beside = {dg.AssetKey(name) for name in BESIDE}
    for upstream, downstream in pairwise(STAGES):
        assert graph.get(dg.AssetKey(downstream)).parent_keys - beside == {dg.AssetKey(upstream)}


def test_every_asset_has_a_group_kinds_and_a_description_for_people() -> None:
    definitions = build_definitions()
    for spec in definitions.resolve_all_asset_specs():
        assert spec.group_name in {"plan", "judge", "rank"}
        assert spec.kinds
        assert spec.description
        assert len(spec.description) > 150
        assert "Args:" not in spec.description


def test_checks_guard_every_stage() -> None:
    graph = build_definitions().resolve_asset_graph()

    found = {(key.asset_key.to_user_string(), key.name) for key in graph.asset_check_keys}
    assert found == {
        ("essays", "essays_do_not_address_the_judge"),
        ("essays", "essays_are_all_read"),
        ("essays", "essays_are_distinct"),
        ("essays", "essays_have_usual_length"),
        ("essays", "essays_are_in_the_language"),
        ("essays", "essays_hold_no_personal_data"),
        ("pair_set", "pair_set_is_within_cap"),
        ("pair_set", "pair_set_is_connected"),
        ("pair_set", "essays_meet_equally_often"),
        ("pair_set", "essays_are_shown_first_as_often"),
        ("pair_set", "pairs_repeat_as_planned"),
        ("pair_set", "pair_set_is_affordable"),
        ("batch_submissions", "cost_is_within_limit"),
        ("batch_submissions", "nothing_is_sent_twice"),
        ("batch_submissions", "queue_has_room"),
        ("raw_results", "raw_results_are_reconciled"),
        ("raw_results", "comparisons_have_verdicts"),
        ("raw_results", "verdicts_are_enough"),
        ("raw_results", "refusals_are_rare"),
        ("raw_results", "invalid_answers_are_rare"),
        ("raw_results", "verdicts_hold_in_both_orders"),
        ("raw_results", "usage_agrees_with_the_provider"),
        ("comparisons", "essays_keep_their_verdicts"),
        ("human_decisions", "people_agree_with_models"),
        ("report", "report_shows_every_essay"),
        ("rankings", "ranking_has_converged"),
        ("rankings", "ranking_is_connected"),
        ("rankings", "errors_are_as_expected"),
        ("rankings", "reliability_meets_target"),
        ("rankings", "position_effect_is_bounded"),
        ("rankings", "judges_fit_the_scale"),
        ("rankings", "essays_are_ranked_once"),
        ("grade_projections", "two_grades_are_anchored"),
        ("grade_projections", "anchors_are_enough"),
        ("grade_projections", "anchors_are_in_order"),
        ("grade_projections", "anchors_foretell_each_other"),
    }


def test_what_blocks_keeps_from_paying_or_from_a_wrong_result() -> None:
    graph = build_definitions().resolve_asset_graph()

    assert {key.name for key in graph.asset_check_keys if graph.get(key).blocking} == {
        "pair_set_is_within_cap",
        "pair_set_is_connected",
        "pairs_repeat_as_planned",
        "nothing_is_sent_twice",
        "raw_results_are_reconciled",
    }


def test_every_check_is_of_one_assessment_and_says_what_it_asks() -> None:
    specs = [spec for each in build_definitions().asset_checks or () for spec in each.check_specs]

    assert len(specs) == 36
    assert all(spec.partitions_def == ASSESSMENTS for spec in specs)
    assert [spec.name for spec in specs if len(spec.description or "") < 60] == []


def test_jobs_are_the_two_halves_going_on_and_stopping() -> None:
    definitions = build_definitions()

    def selected(name: str) -> set[str]:
        return {key.to_user_string() for key in definitions.resolve_job_def(name).asset_layer.executable_asset_keys}

    assert selected("submit_assessment") == set(STAGES[:3])
    assert selected("collect_assessment") == {*STAGES[3:], "human_decisions"}
    assert selected("rescore_assessment") == {"human_decisions", *SCORES}
    assert selected("reread_anchors") == {"essays", "human_decisions", *SCORES}
    assert selected("continue_submission") == {"pair_set", "batch_submissions"}
    assert selected("cancel_assessment") == set()


def test_no_sensor_starts_the_half_that_submits() -> None:
    repository = build_definitions().get_repository_def()

    running = {s.name for s in repository.sensor_defs if s.default_status is dg.DefaultSensorStatus.RUNNING}
    assert running == {
        "assessment_folder_sensor",
        "batch_job_sensor",
        "continuation_sensor",
        "cancel_sensor",
        "people_sensor",
        "rescoring_sensor",
        "stalled_job_sensor",
        "failed_run_sensor",
    }
    schedules = {s.name: s for s in repository.schedule_defs}
    assert {name: s.job_name for name, s in schedules.items()} == {
        "nightly_rescoring": "rescore_assessment",
        "weekly_retention": "apply_retention",
    }
    targets = {t.job_name for s in repository.sensor_defs for t in s.targets if not t.job_name.startswith("__")}
    assert targets == {
        "collect_assessment",
        "continue_submission",
        "cancel_assessment",
        "rescore_assessment",
        "reread_anchors",
    }


def test_no_asset_that_leads_to_spending_is_made_by_a_condition_of_its_own() -> None:
    specs = {spec.key.to_user_string(): spec for spec in build_definitions().resolve_all_asset_specs()}

    assert {name for name, spec in specs.items() if spec.automation_condition} == set(SCORES)


def test_the_location_has_one_name() -> None:
    workspace = yaml.safe_load((ROOT / "workspace.yaml").read_text())
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["dg"]["project"]

    module = workspace["load_from"][0]["python_module"]
    assert module["location_name"] == project["code_location_name"] == "cj_pipeline"
    assert module["module_name"].startswith(project["root_module"])


def test_the_instance_file_is_valid(tmp_path: Path) -> None:
    (tmp_path / "dagster.yaml").write_text((ROOT / "dagster.yaml").read_text())

    with dg.DagsterInstance.from_config(str(tmp_path)) as instance:
        assert not instance.telemetry_enabled
        assert not instance.nux_enabled


def test_all_of_the_customers_packages_are_dependencies() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {line.split(">")[0].split("=")[0].strip() for line in project["dependencies"]}

    asked = {"dagster", "dagster-webserver", "dagster-postgres", "pandas", "pydantic", "openai", "anthropic", "pytest"}
    assert asked <= names


@pytest.mark.parametrize("lock", ["runtime.lock", "dev.lock"])
def test_lock_files_hold_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()

    assert text.count("--hash=sha256:") > 100
    assert "://" not in text
