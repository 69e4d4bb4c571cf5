"""The `essays/` folder: one file per essay, its name the essay's id."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.document_texts import read_documents, usable
from cj_pipeline.intake.readers.kinds import ESSAY_SUFFIXES, KNOWN_ESSAYS

_ID: Final = re.compile(r"[\w][\w .+-]{0,99}")
_ROW_ID: Final = re.compile(r"[\w][\w .,@'\u2019+-]{0,99}")
"""Rows of a table may go by a name or an e-mail address as well; with a class list, labels take their place."""

_MIN_ESSAYS: Final = 2
_SYSTEM_FILES: Final = {"thumbs.db", "desktop.ini"}


@dataclass
class EssayTexts:
    """What an assessment's essays hold.

    Attributes:
        texts: Normalised text by essay id, sorted by id.
        grades: Known grades by essay id, where the essays come from a table with a column of grades.
        left_out: What was left out, and why, by the name of the file or row; only where the assessment allows it.
    """

    texts: dict[str, str] = field(default_factory=dict)
    grades: dict[str, str] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)


def read_essay_texts(folder: Path, *, skip_unreadable: bool = False) -> EssayTexts:
    """Read all essays of a folder.

    Args:
        folder: The `essays` folder. Hidden files are passed over.
        skip_unreadable: Whether files that cannot be used are left out instead of stopping everything.

    Raises:
        ConfigurationError: With every fault: unreadable, empty or unknown files, two essays with one id or one text,
            fewer than two essays.
    """
    if folder.is_symlink():
        raise ConfigurationError(f"{folder}: is a link; put the folder itself here.")
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: the folder is missing; create it and put one file per essay there.")
    return read_listed(folder, essay_paths(folder), skip_unreadable=skip_unreadable)


def read_listed(folder: Path, paths: Sequence[Path], *, skip_unreadable: bool) -> EssayTexts:
    """Read essays from these files; `read_essay_texts` says the rest."""
    found, faults = EssayTexts(), dict[str, str]()
    for path, text in zip(paths, read_documents(paths), strict=True):
        try:
            essay_id = _new_id(path, found.texts)
            found.texts[essay_id] = usable(text)
        except ConfigurationError as error:
            faults[path.name] = str(error)
    return settled(folder, found, faults, skip_unreadable=skip_unreadable)


def essay_paths(folder: Path) -> list[Path]:
    """Everything in a folder that ought to be an essay, by name."""
    hidden = (".", "~$")
    names = (p for p in folder.iterdir() if not p.name.startswith(hidden))
    return sorted(p for p in names if p.name.lower() not in _SYSTEM_FILES)


def settled(folder: Path, found: EssayTexts, faults: dict[str, str], *, skip_unreadable: bool) -> EssayTexts:
    """What was read, without what cannot be used, if that may be left out.

    Args:
        folder: Where it comes from: a folder, or a table.
        found: What could be read.
        faults: What is wrong, by the name of a file or row.
        skip_unreadable: Whether that may be left out.

    Raises:
        ConfigurationError: With every fault, unless they may be left out; or with fewer than two essays left.
    """
    twins = _twins(found.texts)
    if not skip_unreadable and (faults or twins):
        named = [f"{folder / name}: {fault}" for name, fault in faults.items()]
        raise ConfigurationError(named + [_twin_fault(folder, *pair) for pair in twins])
    for twin, essay_id in twins:
        del found.texts[essay_id]
        faults[essay_id] = f"has the same text as {twin!r}; decide which of them is judged."
    found.left_out = dict(sorted(faults.items()))
    found.texts = dict(sorted(found.texts.items()))
    if len(found.texts) < _MIN_ESSAYS:
        few = f"{folder}: holds {len(found.texts)} essay(s); comparative judgement needs at least {_MIN_ESSAYS}."
        raise ConfigurationError([few, *(f"{folder / name}: {fault}" for name, fault in found.left_out.items())])
    return found


def stem_of(name: str) -> str:
    """The id that a file of this name has; what is no name of an essay's file is an id itself."""
    stem, dot, suffix = name.rpartition(".")
    return stem if dot and f".{suffix.lower()}" in ESSAY_SUFFIXES else name


def require_id(essay_id: str, taken: dict[str, str], *, of_row: bool = False) -> str:
    """An id that can be used.

    Args:
        essay_id: The id.
        taken: Ids that are taken.
        of_row: Whether it is the id of a row of a table.

    Raises:
        ConfigurationError: It cannot, as a clause without a subject.
    """
    if not (_ROW_ID if of_row else _ID).fullmatch(essay_id):
        raise ConfigurationError("rename it using letters, digits, space, dot, plus, dash (at most 100).")
    if essay_id in taken:
        raise ConfigurationError(f"another file has the id {essay_id!r} too; rename one of them.")
    return essay_id


def _new_id(path: Path, taken: dict[str, str]) -> str:
    if path.is_dir() and not path.is_symlink():
        raise ConfigurationError(f"not an essay file; expected one of {KNOWN_ESSAYS}. Convert or remove it.")
    return require_id(path.stem, taken)


def _twins(texts: dict[str, str]) -> list[tuple[str, str]]:
    """Essays that have the same text as an earlier one, each with the first."""
    first: dict[str, str] = {}
    pairs = [(first.setdefault(text, essay_id), essay_id) for essay_id, text in sorted(texts.items())]
    return [(twin, essay_id) for twin, essay_id in pairs if twin != essay_id]


def _twin_fault(folder: Path, twin: str, essay_id: str) -> str:
    return f"{folder}: essays {twin!r} and {essay_id!r} have the same text; remove one of them."
