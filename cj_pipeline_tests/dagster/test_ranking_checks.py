# ruff: noqa: D103 - the names of the tests say it
"""The ranking's page and its checks: what is shown, what warns, and what is said where there is no scale."""

import dagster as dg
import pandas as pd
import pytest

from cj_pipeline.definitions import build_definitions
from cj_pipeline.defs.checks.rankings_checks import _no_scale, _not_ready
from cj_pipeline.engine.ranking_findings import FINDERS
from cj_pipeline.errors import DisconnectedError, EstimationError, TooFewVerdictsError
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.dagster import MiniDaemon
from cj_pipeline_tests.support.folders import make_assessment


def collected(rig: Rig, daemon: MiniDaemon, target: float | None = None) -> dg.ExecuteInProcessResult:
    make_assessment(rig.root, target_reliability=target)
    daemon.tick("assessment_folder_sensor")
    daemon.run("submit_assessment", "small")
    rig.advance(A_DAY_S)
    rig.poll()
    return daemon.run("collect_assessment", "small")


def test_a_target_that_is_not_reached_warns_with_evidence_and_stops_nothing(rig: Rig, daemon: MiniDaemon) -> None:
    result = collected(rig, daemon, target=0.999)

    [failed] = [e for e in result.get_asset_check_evaluations() if not e.passed]
    assert result.success
    assert failed.check_name == "reliability_meets_target"
    assert failed.severity is dg.AssetCheckSeverity.WARN
    assert "More comparisons raise it" in str(failed.description)
    assert failed.metadata["target_reliability"].value == 0.999
    assert "|reliability|value|" in str(failed.metadata["evidence"].value)


def test_every_check_has_its_evidence_as_a_table(rig: Rig, daemon: MiniDaemon) -> None:
    result = collected(rig, daemon)

    found = {e.check_name: e for e in result.get_asset_check_evaluations() if e.check_name in FINDERS}
    assert set(found) == set(FINDERS)
    for name, evaluation in found.items():
        assert (name == "essays_are_ranked_once") is ("evidence" not in evaluation.metadata)


def test_the_page_says_how_good_the_scale_is_and_the_judges_have_a_table(rig: Rig, daemon: MiniDaemon) -> None:
    collected(rig, daemon)

    event = daemon.instance.get_latest_materialization_event(dg.AssetKey("rankings"))
    assert event is not None
    assert event.asset_materialization is not None
    metadata = event.asset_materialization.metadata
    assert 0 <= float(str(metadata["reliability"].value)) <= 1
    assert str(metadata["reliability_in_words"].value).startswith("Reliability 0.")
    assert "lie above their bands" in str(metadata["fit_in_words"].value)
    assert set(metadata["quality_flags"].value) == {  # type: ignore[arg-type]  # a mapping of flags
        "bt_se_inflated",
        "comparison_coverage_sparse",
        "has_isolated_items",
    }
    assert "|judge|verdicts|infit|band|" in str(metadata["judges"].value)
    assert "|preferred|to|how clearly|" in str(metadata["surprises"].value)
    table = pd.read_csv(str(metadata["table_of_judges"].value))
    assert table["n_comparisons"].sum() == 12


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (DisconnectedError("the verdicts fall into 2 groups"), "ranking_is_connected"),
        (TooFewVerdictsError("3 of 12 comparisons gave a verdict"), "ranking_has_converged"),
    ],
)
def test_without_a_scale_no_check_passes_and_one_names_the_cause(error: EstimationError, cause: str) -> None:
    found = {name: _no_scale(name, error) for name in FINDERS}

    assert not any(result.passed for result in found.values())
    assert found[cause].description == str(error)
    assert found[cause].severity is dg.AssetCheckSeverity.ERROR
    assert str(found["judges_fit_the_scale"].description).startswith("There is no scale to be checked")


def test_before_there_is_a_ranking_the_checks_say_what_is_waited_for() -> None:
    result = _not_ready("judges_fit_the_scale", "12 of 12 comparisons are being judged.")

    assert not result.passed
    assert result.severity is dg.AssetCheckSeverity.WARN
    assert result.description == "Not ready yet: 12 of 12 comparisons are being judged."


def test_checks_can_be_run_one_by_one_and_say_what_they_ask() -> None:
    specs = [spec for each in build_definitions().asset_checks or () for spec in each.check_specs]
    described = {spec.name: spec.description for spec in specs if spec.name in FINDERS}

    assert set(described) == set(FINDERS)
    assert all(text and text.endswith(".") for text in described.values())
