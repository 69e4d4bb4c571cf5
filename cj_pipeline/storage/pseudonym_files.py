"""The map between people and labels on disk, one file per assessment, readable by its owner only."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Final

from cj_pipeline.domain.pseudonyms import Pseudonyms
from cj_pipeline.domain.roster import Student
from cj_pipeline.errors import StorageError
from cj_pipeline.storage.atomic import atomic_write

_OWNER_ONLY: Final = 0o700


class PseudonymFiles:
    """Maps under one folder.

    Args:
        root: The folder; made when first written to.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    def load(self, assessment: str) -> Pseudonyms:
        """The map of an assessment; an empty one if none was kept.

        Raises:
            StorageError: The file was altered by other hands.
        """
        path = self.path(assessment)
        if not path.exists():
            return Pseudonyms()
        try:
            kept = json.loads(path.read_bytes())
            students = {label: _student(row) for label, row in kept["students"].items()}
            return Pseudonyms(students, dict(kept["labels"]), dict(kept["essays"]))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StorageError(
                f"{path}: is no map of pseudonyms; restore it from a backup of the work folder."
            ) from error

    def save(self, assessment: str, pseudonyms: Pseudonyms) -> None:
        """Keep a map, unless it is the one that is kept."""
        if pseudonyms == self.load(assessment):
            return
        self._root.mkdir(parents=True, exist_ok=True, mode=_OWNER_ONLY)
        self._root.chmod(_OWNER_ONLY)
        kept = {
            "students": {label: asdict(student) for label, student in pseudonyms.students.items()},
            "labels": dict(pseudonyms.labels),
            "essays": dict(pseudonyms.essays),
        }
        with atomic_write(self.path(assessment), owner_only=True) as file:
            file.write(json.dumps(kept, indent=1, ensure_ascii=False).encode())

    def forget(self, assessment: str, essay_id: str | None = None) -> None:
        """Delete a map, or what it holds about one essay and its writer; nothing where there is none."""
        path = self.path(assessment)
        if essay_id is None:
            path.unlink(missing_ok=True)
        elif path.exists():
            kept, label = self.load(assessment), essay_id.partition(".")[0]
            self.save(
                assessment,
                Pseudonyms(
                    {name: student for name, student in kept.students.items() if name != label},
                    {key: name for key, name in kept.labels.items() if name != label},
                    {name: given for name, given in kept.essays.items() if given != essay_id},
                ),
            )

    def path(self, assessment: str) -> Path:
        """Where a map is kept."""
        return self._root / f"{assessment}.json"


def _student(row: dict[str, object]) -> Student:
    contacts = row["contacts"]
    if not isinstance(contacts, list):
        raise TypeError("contacts is no list")
    texts = {name: str(row[name]) for name in ("name", "student_id", "class_name", "school")}
    return Student(**texts, contacts=tuple(map(str, contacts)))
