"""Essays from a table: one row per essay, columns as `essay_table` in `assessment.yaml` names them."""

from collections.abc import Mapping
from pathlib import Path

from cj_pipeline.domain.assessment import EssayTable
from cj_pipeline.domain.essays import normalise_text
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.document_texts import read_table_file
from cj_pipeline.intake.essay_files import EssayTexts, require_id, settled
from cj_pipeline.intake.folder_files import inside
from cj_pipeline.intake.readers.dispatch import MOST_CHARS


def read_essay_table(folder: Path, spec: EssayTable, *, skip_unreadable: bool = False) -> EssayTexts:
    """Read the essays of a table.

    Args:
        folder: The assessment's folder.
        spec: File and columns.
        skip_unreadable: Whether rows that cannot be used are left out instead of stopping everything.

    Raises:
        ConfigurationError: With every fault: no such file or column, rows without a text, two with one id or text.
    """
    path = inside(folder, spec.file)
    table = read_table_file(path, spec.sheet or "")
    wanted = {"text": spec.text, "id": spec.id, "grade": spec.grade}
    missing = [f"{key}: {name}" for key, name in wanted.items() if name is not None and name not in table.columns]
    if missing:
        raise ConfigurationError(
            f"{path}: has no column for essay_table.{', '.join(missing)}; found: {', '.join(table.columns)}."
        )
    found, faults = EssayTexts(), dict[str, str]()
    for number, row in enumerate(table.rows, 1):
        name = row[spec.id].strip() if spec.id else f"row-{number:04d}"
        try:
            essay_id = require_id(name, found.texts, of_row=True)
            found.texts[essay_id] = _text(row, spec)
        except ConfigurationError as error:
            faults[name if name and name not in found.texts else f"row {number}"] = str(error)
            continue
        if spec.grade and row[spec.grade].strip():
            found.grades[essay_id] = row[spec.grade].strip()
    return settled(path, found, faults, skip_unreadable=skip_unreadable)


def _text(row: Mapping[str, str], spec: EssayTable) -> str:
    text = normalise_text(row[spec.text])
    if not text.replace("\ufeff", "").strip():
        raise ConfigurationError("the essay is empty; add its text or remove the row.")
    if "\x00" in text or len(text) > MOST_CHARS:
        raise ConfigurationError(f"holds binary data, or more than {MOST_CHARS:,} characters; mend or remove the row.")
    return text
