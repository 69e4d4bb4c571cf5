"""Small valid assessments, judges and snapshots, changed one field at a time."""

from typing import Any

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.judges import JudgeSpec
from cj_pipeline.domain.snapshot import AssessmentSnapshot

ACCOUNTS = {"openai": "emulator", "anthropic": "emulator"}


def judge_data(**changes: object) -> dict[str, Any]:
    """Return a judge as it stands in `assessment.yaml`."""
    return {"provider": "openai", "model": "gpt-4.1"} | changes


def assessment_data(**changes: object) -> dict[str, Any]:
    """Return the least that an `assessment.yaml` must hold."""
    return {
        "title": "Holidays",
        "task": "Write about a holiday.",
        "rubric": "The clearer text is better.",
        "language": "en",
        "grade_scale": "eng5_np_legacy_9_step",
        "judges": [judge_data()],
        "max_pairs_cap": 100,
    } | changes


def make_judge(**changes: object) -> JudgeSpec:
    """Return a validated judge."""
    return JudgeSpec.model_validate(judge_data(**changes))


def make_assessment(**changes: object) -> Assessment:
    """Return a validated assessment."""
    return Assessment.model_validate(assessment_data(**changes))


def make_snapshot(
    *, name: str = "holidays", essays: tuple[Essay, ...] | None = None, **changes: object
) -> AssessmentSnapshot:
    """Return a snapshot of three essays, the second of them an anchor."""
    three = (Essay("a", "First text."), Essay("b", "Second text.", "B"), Essay("c", "Third text."))
    return AssessmentSnapshot(name, make_assessment(**changes), three if essays is None else essays)
