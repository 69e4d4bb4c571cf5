"""The `essays/` folder: one plain-text file per essay, its name the essay's id."""

import re
from pathlib import Path

from cj_pipeline.domain.essays import normalise_text
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.located_yaml import read_text

SUFFIXES = (".txt", ".md")
_ID = re.compile(r"[\w][\w .+-]{0,99}")
_MIN_ESSAYS = 2


def read_essay_texts(folder: Path) -> dict[str, str]:
    """Read all essays of a folder.

    Args:
        folder: The `essays` folder. Hidden files are passed over.

    Returns:
        Normalised text by essay id, sorted by id.

    Raises:
        ConfigurationError: With every fault: unreadable, empty or unknown files, two essays with one id or one text,
            fewer than two essays.
    """
    if not folder.is_dir():
        raise ConfigurationError(f"{folder}: the folder is missing; create it and put one .txt file per essay there.")
    texts: dict[str, str] = {}
    faults: list[str] = []
    for path in sorted(p for p in folder.iterdir() if not p.name.startswith(".")):
        try:
            essay_id = _new_id(path, texts)
            texts[essay_id] = _text(path)
        except ConfigurationError as error:
            faults += error.faults
    faults += _duplicates(folder, texts)
    if not faults and len(texts) < _MIN_ESSAYS:
        faults.append(f"{folder}: holds {len(texts)} essay(s); comparative judgement needs at least {_MIN_ESSAYS}.")
    if faults:
        raise ConfigurationError(faults)
    return texts


def _new_id(path: Path, texts: dict[str, str]) -> str:
    if not path.is_file() or path.suffix.lower() not in SUFFIXES:
        raise ConfigurationError(f"{path}: not an essay file; expected {' or '.join(SUFFIXES)}. Convert or remove it.")
    if not _ID.fullmatch(path.stem):
        raise ConfigurationError(f"{path}: rename it using letters, digits, space, dot, plus, dash (at most 100).")
    if path.stem in texts:
        raise ConfigurationError(f"{path}: another file has the id {path.stem!r} too; rename one of them.")
    return path.stem


def _text(path: Path) -> str:
    text = normalise_text(read_text(path))
    if not text.strip():
        raise ConfigurationError(f"{path}: the essay is empty; add its text or remove the file.")
    if "\x00" in text:
        raise ConfigurationError(f"{path}: holds binary data, not text; save it as plain UTF-8 text.")
    return text


def _duplicates(folder: Path, texts: dict[str, str]) -> list[str]:
    first: dict[str, str] = {}
    faults = []
    for essay_id, text in texts.items():
        twin = first.setdefault(text, essay_id)
        if twin != essay_id:
            faults.append(f"{folder}: essays {twin!r} and {essay_id!r} have the same text; remove one of them.")
    return faults
