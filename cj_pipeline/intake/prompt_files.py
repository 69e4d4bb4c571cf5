"""`prompts/system.md` and `prompts/context.md`: prompt texts that an assessment brings along as files."""

from pathlib import Path
from typing import Final

from pydantic import ValidationError

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.located_yaml import read_text

PROMPTS: Final = "prompts"
_FIELDS: Final = {"system.md": "system_prompt", "context.md": "context_template"}


def with_prompt_files(folder: Path, assessment: Assessment) -> Assessment:
    """The assessment with the prompt files of its folder.

    Raises:
        ConfigurationError: With every file that cannot be used.
    """
    if (folder / PROMPTS).is_symlink():
        raise ConfigurationError(f"{folder / PROMPTS}: is a link; put the folder itself here.")
    found = sorted((folder / PROMPTS).glob("*")) if (folder / PROMPTS).is_dir() else []
    texts: dict[str, str] = {}
    faults: list[str] = []
    for path in found:
        field = _FIELDS.get(path.name)
        if field is None:
            faults.append(f"{path}: is no prompt file; known files: {', '.join(_FIELDS)}.")
        elif getattr(assessment, field) is not None:
            faults.append(f"{path}: {field} is set in assessment.yaml too; keep one of them.")
        else:
            texts[field] = read_text(path)
    if faults:
        raise ConfigurationError(faults)
    return _filled(folder, assessment, texts) if texts else assessment


def _filled(folder: Path, assessment: Assessment, texts: dict[str, str]) -> Assessment:
    try:
        return Assessment.model_validate({**assessment.model_dump(), **texts})
    except ValidationError as error:
        files = {field: name for name, field in _FIELDS.items()}
        raise ConfigurationError(
            [
                f"{folder / PROMPTS / files[str(e['loc'][0])]}: {e['msg'].removeprefix('Value error, ')}."
                for e in error.errors()
            ]
        ) from None
