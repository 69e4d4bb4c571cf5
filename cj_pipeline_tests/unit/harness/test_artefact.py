# ruff: noqa: D103 - the names of the tests say it
"""The artefact: valid when written and read, unaltered, and without contradictions."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.eng5.artefact_files import read_artefact, write_artefact
from cj_pipeline.harness.eng5.schema import Artefact, json_schema
from cj_pipeline_tests.unit.harness.artefacts import artefact, boundaries, comparison, content


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An artefact's file."""
    written = tmp_path / "one" / "artefact.json"
    write_artefact(written, artefact())
    return written


def test_what_is_written_is_read_back_the_same(path: Path) -> None:
    found = read_artefact(path)

    assert found.validation.artefact_checksum
    blank = found.validation.model_copy(update={"artefact_checksum": ""})
    assert found.model_copy(update={"validation": blank}) == artefact()


def test_the_checksum_can_be_computed_by_anybody(path: Path) -> None:
    raw = json.loads(path.read_bytes())
    kept, raw["validation"]["artefact_checksum"] = raw["validation"]["artefact_checksum"], ""
    text = json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    assert hashlib.sha256(text.encode()).hexdigest() == kept


def test_a_changed_figure_is_found(path: Path) -> None:
    path.write_text(path.read_text().replace('"theta": 0.4', '"theta": 0.5'))

    with pytest.raises(ConfigurationError, match="was altered after it was written"):
        read_artefact(path)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("2.0.0", "is no artefact of version 1"),
        ("1.7.0", "update it"),
        ("x", "is no artefact"),
        (None, "is no artefact"),
    ],
)
def test_other_versions_are_refused_with_the_remedy(path: Path, version: object, said: str) -> None:
    raw = json.loads(path.read_bytes())
    path.write_text(json.dumps({**raw, "schema_version": version}))

    with pytest.raises(ConfigurationError, match=said):
        read_artefact(path)


@pytest.mark.parametrize(("text", "said"), [("{", "is not JSON"), ("[]", "is no artefact"), (None, "cannot be read")])
def test_what_is_no_artefact_is_named(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "a.json"
    if text is not None:
        path.write_text(text)

    with pytest.raises(ConfigurationError, match=said):
        read_artefact(path)


def test_an_unknown_or_missing_key_is_named_with_its_place(path: Path) -> None:
    raw = json.loads(path.read_bytes())
    raw["metadata"]["mood"] = "good"
    del raw["costs"]["total_usd"]
    path.write_text(json.dumps(raw))

    with pytest.raises(ConfigurationError, match=r"metadata\.mood(.|\n)*costs\.total_usd"):
        read_artefact(path)


def _set(place: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(raw: dict[str, Any]) -> None:
        *way, last = place.split(".")
        part: Any = raw
        for key in way:
            part = part[int(key) if key.isdecimal() else key]
        part[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_set("llm_comparisons.0.winner_id", None), "lacks part of its verdict"),
        (_set("llm_comparisons.0.loser_id", "c"), "lacks part of its verdict"),
        (_set("llm_comparisons.0.tokens_prompt", None), "lacks part of its verdict"),
        (_set("llm_comparisons.0.sequence", 2), "not numbered from 1"),
        (_set("llm_comparisons", [comparison(1, "a", "c", "a")]), "no inputs: c"),
        (_set("llm_comparisons", [comparison(1, "a", "b", None)]), "still to be answered"),
        (_set("llm_comparisons", [comparison(1, "a", "b", None, status="failed")]), "failed without a reason"),
        (_set("llm_comparisons", [comparison(1, "a", "b", None, winner_id="a")]), "is planned and has a verdict"),
        (_set("metadata.max_comparisons", 0), "greater than or equal to 1"),
        (_set("metadata.generated_at", "2026-11-25T08:00:00"), "timezone"),
        (_set("bt_summary", [content()["bt_summary"][0]]), "does not hold every essay"),
        (_set("bt_summary", [content()["bt_summary"][0]] * 2 + [content()["bt_summary"][1]]), "an essay twice"),
        (_set("bt_summary.0.theta", float("nan")), "finite"),
        (_set("costs.total_usd", 0.0), "the total is"),
        (_set("grade_boundaries.available", True), "do not go together"),  # noqa: FBT003 (a value to set)
        (_set("validation.runner_status.state", "planned"), "is a dry run, and holds results"),
        (_set("inputs.anchors.0.sha256", "AB"), "match pattern"),
    ],
)
def test_contradictions_are_refused(change: Callable[[dict[str, Any]], None], said: str) -> None:
    raw = content()
    raw["costs"]["total_usd"] = 0.02
    raw["llm_comparisons"][0]["cost_usd"] = 0.02
    change(raw)

    with pytest.raises(ValidationError, match=said):
        Artefact.model_validate(raw)


def test_a_projection_is_a_distribution_that_holds_its_grade() -> None:
    raw = content()
    raw["grade_boundaries"] = boundaries(available=True)
    entry = {"essay_id": "b", "grade_scale": "s", "grade": "E", "mark": "+", "near_boundary": False}
    entry |= {"beyond_anchors": False, "primary_anchor_id": "a", "anchor_alignment": -0.8}
    raw["grade_projections"] = [{**entry, "probabilities": {"F": 0.2, "E": 0.5, "D": 0.3}}]
    assert Artefact.model_validate(raw).grade_projections[0].grade == "E"

    for probabilities, said in (({"F": 0.2, "E": 0.5}, "not to 1"), ({"F": 1.0}, "has no probability")):
        raw["grade_projections"] = [{**entry, "probabilities": probabilities}]
        with pytest.raises(ValidationError, match=said):
            Artefact.model_validate(raw)


def test_nothing_is_written_that_could_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    broken = artefact().model_copy(update={"schema_version": "2"})

    with pytest.raises(ValidationError):
        write_artefact(path, broken)
    assert not path.exists()


def test_the_schema_names_its_version_and_every_key_of_the_reference_list() -> None:
    schema = json_schema()
    parts = schema["$defs"]

    assert schema["title"] == "ENG5 artefact 1.0.0"
    for part, keys in {
        "Metadata": "assignment_id course_id grade_scale runner_version git_sha generated_at runner_mode",
        "Inputs": "instructions prompt_reference anchors students",
        "ComparisonEntry": "sequence correlation_id winner_id loser_id prompt_hash provider model tokens_prompt "
        "tokens_completion cost_usd started_at completed_at status failure_reason",
        "MeasureEntry": "essay_id theta standard_error rank comparison_count is_anchor anchor_grade grade_projection",
        "ProjectionEntry": "essay_id grade_scale grade probabilities primary_anchor_id anchor_alignment",
        "Costs": "total_usd token_counts",
        "Validation": "artefact_checksum manifest cli_environment runner_status post_run",
        "FileEntry": "path sha256 bytes",
    }.items():
        assert set(keys.split()) <= set(parts[part]["properties"]), part
        assert parts[part]["additionalProperties"] is False
