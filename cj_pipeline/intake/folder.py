"""One assessment folder: `assessment.yaml`, the essays, and where wanted a roster, anchors, fixed pairs and prompts.

What leaves here holds nothing of the roster: ids and texts carry labels from the first moment on.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.grading import Grading
from cj_pipeline.domain.overrides import RunOverrides, apply_overrides
from cj_pipeline.domain.pseudonyms import Masker, Pseudonyms, assigned
from cj_pipeline.domain.roster import Student
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.anchors_file import ANCHORS_FILE, Anchor, known_anchors
from cj_pipeline.intake.assessment_file import read_assessment_file
from cj_pipeline.intake.essay_files import EssayTexts, read_essay_texts, stem_of
from cj_pipeline.intake.essay_table import read_essay_table
from cj_pipeline.intake.pairs_file import PAIRS_FILE, read_pairs
from cj_pipeline.intake.prompt_files import with_prompt_files
from cj_pipeline.intake.roster_file import read_roster

ASSESSMENT_FILE = "assessment.yaml"
ESSAYS = "essays"
_SENT = ("task", "rubric", "system_prompt", "context_template")
"""What an assessment itself says to a judge."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}", re.IGNORECASE)
_FIELD = re.compile(r"(\{\w+\})")
Thing = TypeVar("Thing")


def is_assessment_name(name: str) -> bool:
    """Whether an assessment may be called so: its name is the name of a folder and of a partition."""
    return bool(_NAME.fullmatch(name))


def find_assessments(root: Path) -> list[str]:
    """Names of the folders under `root` that hold an `assessment.yaml`, sorted.

    The file is the sign that a folder is complete: copy it in last. A folder whose name cannot be a partition
    (letters, digits, dot, dash, underscore; at most 60) is passed over.
    """
    if not root.is_dir():
        return []
    return sorted(p.name for p in root.iterdir() if is_assessment_name(p.name) and (p / ASSESSMENT_FILE).is_file())


@dataclass(frozen=True, slots=True)
class FolderReading:
    """An assessment folder, read.

    Attributes:
        snapshot: What is judged, under labels.
        pseudonyms: Who is behind the labels; to be kept on this machine.
    """

    snapshot: AssessmentSnapshot
    pseudonyms: Pseudonyms


def read_assessment_folder(root: Path, name: str, overrides: RunOverrides | None = None) -> AssessmentSnapshot:
    """Read and validate one assessment, as `read_folder` does, where no labels were given before."""
    return read_folder(root, name, overrides).snapshot


def read_folder(
    root: Path, name: str, overrides: RunOverrides | None = None, kept: Pseudonyms | None = None
) -> FolderReading:
    """Read and validate one assessment, and put labels in the place of what its roster holds.

    Args:
        root: The folder that holds the assessments.
        name: Folder name of the assessment.
        overrides: What this run wants instead of what the file says.
        kept: The labels given so far.

    Raises:
        ConfigurationError: With every fault that was found in any of its files.
    """
    folder = root / name
    if not is_assessment_name(name) or not folder.is_dir():
        known = ", ".join(find_assessments(root)) or "none"
        raise ConfigurationError(f"{root}: there is no assessment {name!r}; found: {known}.")
    faults: list[str] = []
    wishes = overrides or RunOverrides()
    assessment = _tried(faults, lambda: _assessment(folder, wishes))
    essays = _tried(faults, lambda: _essays(folder, assessment))
    roster = _tried(faults, lambda: read_roster(folder))
    if assessment is None or essays is None or roster is None:
        raise ConfigurationError(faults)
    snapshot = _snapshot(folder, assessment, essays, wishes)
    return _pseudonymised(snapshot, roster, kept or Pseudonyms())


def _tried(faults: list[str], read: Callable[[], Thing]) -> Thing | None:
    """What is read, or None with what is wrong with it among the faults."""
    try:
        return read()
    except ConfigurationError as error:
        faults += error.faults
        return None


def _assessment(folder: Path, wishes: RunOverrides) -> Assessment:
    return apply_overrides(with_prompt_files(folder, read_assessment_file(folder / ASSESSMENT_FILE)), wishes)


def _essays(folder: Path, assessment: Assessment | None) -> EssayTexts:
    """The essays; those in `essays/` where the assessment itself is at fault, so that all faults are named at once."""
    skip = assessment is not None and assessment.skip_unreadable
    if assessment is None or assessment.essay_table is None:
        return read_essay_texts(folder / ESSAYS, skip_unreadable=skip)
    if (folder / ESSAYS).exists():
        raise ConfigurationError(
            f"{folder / ESSAYS}: is not used, because essay_table is set in {ASSESSMENT_FILE}; keep one of them."
        )
    return read_essay_table(folder, assessment.essay_table, skip_unreadable=skip)


def _snapshot(folder: Path, assessment: Assessment, read: EssayTexts, wishes: RunOverrides) -> AssessmentSnapshot:
    anchors = known_anchors(folder / ANCHORS_FILE, read, assessment.scale)
    _require_called(folder, assessment, read.texts)
    prescribed = read_pairs(folder / PAIRS_FILE, read.texts, design=assessment.pair_design)
    least = 1 if prescribed else len(read.texts) - 1
    if assessment.max_pairs_cap < least:
        raise ConfigurationError(
            f"{folder / ASSESSMENT_FILE}: max_pairs_cap: is {assessment.max_pairs_cap}, but {len(read.texts)} essays "
            f"need at least {least} comparisons to be connected; raise it to {least} or more."
        )
    essays = tuple(_essay(essay_id, text, anchors.get(essay_id)) for essay_id, text in read.texts.items())
    given = {**wishes.config, **wishes.llm}
    left_out = tuple(read.left_out.items())
    return AssessmentSnapshot(folder.name, assessment, essays, given, prescribed, left_out)


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


def _pseudonymised(snapshot: AssessmentSnapshot, roster: tuple[Student, ...], kept: Pseudonyms) -> FolderReading:
    """The snapshot as it may leave: labels for names of essays, and for what the roster holds in any text."""
    # Also what was left out has a name; and its label is taken when it can be read one day.
    names = [essay.essay_id for essay in snapshot.essays] + [stem_of(name) for name, _ in snapshot.left_out]
    pseudonyms = assigned(roster, names, kept)
    if not roster:
        return FolderReading(snapshot, pseudonyms)
    masker, label = Masker(pseudonyms), pseudonyms.essay_id
    essays = [replace(e, essay_id=label(e.essay_id), text=masker.masked(e.text)) for e in snapshot.essays]
    assessment = snapshot.assessment
    texts = {name: _masked(masker, text) for name in _SENT if (text := getattr(assessment, name))}
    return FolderReading(
        replace(
            snapshot,
            assessment=assessment.model_copy(update={**texts, "grading": _relabelled(assessment.grading, label)}),
            essays=tuple(sorted(essays, key=lambda essay: essay.essay_id)),
            prescribed=tuple((label(first), label(second), times) for first, second, times in snapshot.prescribed),
            left_out=tuple(
                (name.replace(stem_of(name), label(stem_of(name))), masker.masked(why))
                for name, why in snapshot.left_out
            ),
        ),
        pseudonyms,
    )


def _masked(masker: Masker, text: str) -> str:
    """What an assessment says to a judge, as it may leave; the fields of a template stay as they are."""
    return "".join(part if part.startswith("{") else masker.masked(part) for part in _FIELD.split(text))


def _relabelled(grading: Grading, label: Callable[[str], str]) -> Grading:
    """The essays that a person called as boundaries, by their labels."""
    called = {grade: label(at) if isinstance(at, str) else at for grade, at in grading.boundaries.items()}
    return grading.model_copy(update={"boundaries": called})
