"""`assessment.yaml`: read and validated, every fault with file and line."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.grading import NAMED_TAG, OWN_TAG, Grading, OwnScale
from cj_pipeline.domain.judges import JudgeParameters, JudgeSpec
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.located_yaml import Location, load_located_yaml


def read_assessment_file(path: Path) -> Assessment:
    """Read an `assessment.yaml`.

    Raises:
        ConfigurationError: With every fault, each as `file:line: what is wrong and what to do`.
    """
    data, lines = load_located_yaml(path)
    try:
        return Assessment.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError([_fault(path, lines, detail) for detail in _own_faults(error)]) from error


def _own_faults(error: ValidationError) -> list[ErrorDetails]:
    """All faults, without "too short" of a list whose items are at fault themselves: that one only follows."""
    details = error.errors()
    at_fault = {detail["loc"][:1] for detail in details if len(detail["loc"]) > 1}
    return [d for d in details if not (d["type"] == "too_short" and d["loc"] in at_fault)]


def _fault(path: Path, lines: dict[Location, int], detail: ErrorDetails) -> str:
    at = tuple(part for part in detail["loc"] if part not in {NAMED_TAG, OWN_TAG})
    name = ".".join(str(part) for part in at) or "the file"
    return f"{path}:{_line(lines, at)}: {name}: {_in_words(detail, at)}"


def _line(lines: dict[Location, int], at: Location) -> int:
    """Line of a location, or of the nearest thing around it (a missing key has no line of its own)."""
    while at and at not in lines:
        at = at[:-1]
    return lines.get(at, 1)


def _in_words(detail: ErrorDetails, at: Location) -> str:
    match detail["type"]:
        case "missing":
            return "is missing; add it."
        case "extra_forbidden":
            return f"unknown key; known keys here: {', '.join(_known_keys(at))}."
        case "value_error":
            return f"{detail['ctx']['error']}."
        case _:
            return f"{detail['msg']} (found: {_shown(detail['input'])})."


def _known_keys(at: Location) -> list[str]:
    match at:
        case ("judges", int(), "parameters", _):
            return list(JudgeParameters.model_fields)
        case ("judges", int(), _):
            return list(JudgeSpec.model_fields)
        case ("grading", _):
            return list(Grading.model_fields)
        case ("grade_scale", _):
            return list(OwnScale.model_fields)
        case _:
            return list(Assessment.model_fields)


def _shown(value: Any) -> str:  # noqa: ANN401 (whatever stood in the YAML)
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."  # noqa: PLR2004 (fits one line of a terminal)
