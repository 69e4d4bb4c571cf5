"""One assessment folder: `assessment.yaml`, `essays/`, and where wanted `anchors.csv`, `pairs.csv`, `prompts/`."""

import re
from pathlib import Path

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.overrides import RunOverrides, apply_overrides
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.anchors_file import Anchor, read_anchors
from cj_pipeline.intake.assessment_file import read_assessment_file
from cj_pipeline.intake.essay_files import read_essay_texts
from cj_pipeline.intake.pairs_file import PAIRS_FILE, read_pairs
from cj_pipeline.intake.prompt_files import with_prompt_files

ASSESSMENT_FILE = "assessment.yaml"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}", re.IGNORECASE)


def find_assessments(root: Path) -> list[str]:
    """Names of the folders under `root` that hold an `assessment.yaml`, sorted.

    The file is the sign that a folder is complete: copy it in last. A folder whose name cannot be a partition
    (letters, digits, dot, dash, underscore; at most 60) is passed over.
    """
    if not root.is_dir():
        return []
    return sorted(p.name for p in root.iterdir() if _NAME.fullmatch(p.name) and (p / ASSESSMENT_FILE).is_file())


def read_assessment_folder(root: Path, name: str, overrides: RunOverrides | None = None) -> AssessmentSnapshot:
    """Read and validate one assessment.

    Args:
        root: The folder that holds the assessments.
        name: Folder name of the assessment.
        overrides: What this run wants instead of what the file says.

    Raises:
        ConfigurationError: With every fault that was found in any of its files.
    """
    folder = root / name
    if not _NAME.fullmatch(name) or not folder.is_dir():
        known = ", ".join(find_assessments(root)) or "none"
        raise ConfigurationError(f"{root}: there is no assessment {name!r}; found: {known}.")
    faults: list[str] = []
    assessment: Assessment | None = None
    texts: dict[str, str] | None = None
    wishes = overrides or RunOverrides()
    try:
        assessment = apply_overrides(with_prompt_files(folder, read_assessment_file(folder / ASSESSMENT_FILE)), wishes)
    except ConfigurationError as error:
        faults += error.faults
    try:
        texts = read_essay_texts(folder / "essays")
    except ConfigurationError as error:
        faults += error.faults
    if assessment is None or texts is None:
        raise ConfigurationError(faults)
    return _snapshot(folder, assessment, texts, wishes)


def _snapshot(folder: Path, assessment: Assessment, texts: dict[str, str], wishes: RunOverrides) -> AssessmentSnapshot:
    anchors = read_anchors(folder / "anchors.csv", texts, assessment.scale)
    _require_called(folder, assessment, texts)
    prescribed = read_pairs(folder / PAIRS_FILE, texts, design=assessment.pair_design)
    least = 1 if prescribed else len(texts) - 1
    if assessment.max_pairs_cap < least:
        raise ConfigurationError(
            f"{folder / ASSESSMENT_FILE}: max_pairs_cap: is {assessment.max_pairs_cap}, but {len(texts)} essays need "
            f"at least {least} comparisons to be connected; raise it to {least} or more."
        )
    essays = tuple(_essay(essay_id, text, anchors.get(essay_id)) for essay_id, text in texts.items())
    given = {**wishes.config, **wishes.llm}
    return AssessmentSnapshot(folder.name, assessment, essays, overrides=given, prescribed=prescribed)


def _essay(essay_id: str, text: str, anchor: Anchor | None) -> Essay:
    if anchor is None:
        return Essay(essay_id, text)
    return Essay(essay_id, text, anchor.grade, anchor.measure, anchor.measure_error)


def _require_called(folder: Path, assessment: Assessment, texts: dict[str, str]) -> None:
    """Make sure that the essays a person called as boundaries are there.

    Raises:
        ConfigurationError: With all that are not.
    """
    missing = [essay_id for essay_id in assessment.grading.called_essays if essay_id not in texts]
    if missing:
        raise ConfigurationError(
            f"{folder / ASSESSMENT_FILE}: grading.boundaries: no essay in essays/ has the id "
            f"{', '.join(missing)}; name the lowest essay that still has the grade."
        )
