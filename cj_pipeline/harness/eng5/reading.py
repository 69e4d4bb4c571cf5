"""From an assessment's folder and its snapshot to the artefact's inputs, with the digest of every file."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cj_pipeline.domain.essays import Essay, text_digest
from cj_pipeline.domain.prompting import PROMPT_VERSION, context_of, prompt_hash
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.eng5.schema import FileEntry
from cj_pipeline.harness.eng5.schema_inputs import AnchorInput, EssayInput, Inputs, PromptReference, TextInput
from cj_pipeline.intake.folder import ASSESSMENT_FILE

ESSAYS: Final = "essays"
_CONTEXT_FILE: Final = "prompts/context.md"


def read_inputs(folder: Path, snapshot: AssessmentSnapshot, grades: Mapping[str, str]) -> Inputs:
    """Everything that was read, with digests.

    Args:
        folder: The assessment's folder.
        snapshot: What was read from it.
        grades: Known grade by essay id, also where it was withheld from the run.

    Raises:
        ConfigurationError: An essay has no file any more.
    """
    files = _essay_files(folder)
    task = snapshot.assessment.task
    given = [(essay, _described(folder, files, essay)) for essay in snapshot.essays]
    return Inputs(
        instructions=TextInput(path=f"{ASSESSMENT_FILE}#task", sha256=text_digest(task), content=task),
        prompt_reference=_prompt(folder, snapshot),
        anchors=tuple(
            AnchorInput(**entry.model_dump(), grade=grades[essay.essay_id])
            for essay, entry in given
            if essay.essay_id in grades
        ),
        students=tuple(entry for essay, entry in given if essay.essay_id not in grades),
    )


def manifest(folder: Path) -> tuple[FileEntry, ...]:
    """Every file of an assessment's folder, by path."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    return tuple(
        FileEntry(path=p.relative_to(folder).as_posix(), sha256=_file_digest(p), bytes=p.stat().st_size) for p in paths
    )


def _prompt(folder: Path, snapshot: AssessmentSnapshot) -> PromptReference:
    assessment = snapshot.assessment
    content = "\n\n".join(context_of(assessment))
    own_file = (folder / _CONTEXT_FILE).is_file()
    own = _CONTEXT_FILE if own_file else f"{ASSESSMENT_FILE}#context_template"
    return PromptReference(
        path=own if assessment.context_template else f"default:{assessment.language}",
        sha256=text_digest(content),
        content=content,
        version=PROMPT_VERSION,
        prompt_hash=prompt_hash(assessment),
        rubric_sha256=text_digest(assessment.rubric),
    )


def _essay_files(folder: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted((folder / ESSAYS).iterdir()) if not path.name.startswith(".")}


def _described(folder: Path, files: Mapping[str, Path], essay: Essay) -> EssayInput:
    path = files.get(essay.essay_id)
    if path is None:
        raise ConfigurationError(f"{folder / ESSAYS}: the file of essay {essay.essay_id!r} is gone; read it again.")
    return EssayInput(
        essay_id=essay.essay_id,
        path=path.relative_to(folder).as_posix(),
        sha256=_file_digest(path),
        text_sha256=essay.digest,
        n_words=essay.n_words,
    )


def _file_digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
