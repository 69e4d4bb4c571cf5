"""YAML with line numbers, so that a fault can be named with its line."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.folder_files import read_file

Location = tuple[str | int, ...]

MOST_BYTES: Final = 1_000_000
"""Largest `assessment.yaml`: task, rubric and prompts are pages, not books."""

_MOST_DEPTH: Final = 20


def load_located_yaml(path: Path) -> tuple[dict[str, Any], dict[Location, int]]:
    """Read a YAML mapping.

    Args:
        path: The file.

    Returns:
        The mapping, and the line of every key and list item by its path within the document.

    Raises:
        ConfigurationError: The file is unreadable, is not YAML, is not a mapping, names a key twice, or is built to
            grow when it is read (aliases, depth, size).
    """
    text = read_text(path)
    if len(text.encode()) > MOST_BYTES:
        raise ConfigurationError(f"{path}: has more than {MOST_BYTES:,} bytes; keep texts of that size out of it.")
    try:
        if bombs := list(_bombs(text)):
            raise ConfigurationError([f"{path}:{line}: {what}" for line, what in bombs])
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigurationError(_syntax_fault(path, error)) from error
    if not isinstance(node, yaml.MappingNode) or not isinstance(data, dict):
        raise ConfigurationError(f"{path}: expected `key: value` lines; see data/README.md for an example.")
    lines: dict[Location, int] = {}
    faults = [f"{path}:{line}: {what}" for line, what in _walk(node, (), lines)]
    if faults:
        raise ConfigurationError(faults)
    return data, lines


def _bombs(text: str) -> Iterator[tuple[int, str]]:
    """Lines at which a small document would become a large one, found before anything is built."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        line = event.start_mark.line + 1 if event.start_mark else 1
        if isinstance(event, yaml.AliasEvent):
            yield line, f"the alias *{event.anchor} is not read here; write the value itself."
        if depth > _MOST_DEPTH:
            yield line, f"is nested more than {_MOST_DEPTH} deep; nothing here needs that."
            return


def read_text(path: Path) -> str:
    """Read a UTF-8 text file, with or without a byte-order mark.

    Raises:
        ConfigurationError: It is missing, a link, cannot be opened, or is not UTF-8.
    """
    if path.is_symlink():
        # What it points to may be any file of this machine, and would be sent to a provider.
        raise ConfigurationError(f"{path}: is a link; put the file itself here.")
    try:
        return read_file(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error


def _syntax_fault(path: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    where = f"{path}:{mark.line + 1}" if mark else f"{path}"
    return (
        f"{where}: not valid YAML ({getattr(error, 'problem', None) or error}); check indentation, colons and quotes."
    )


def _walk(node: yaml.Node, at: Location, lines: dict[Location, int]) -> list[tuple[int, str]]:
    lines.setdefault(at, node.start_mark.line + 1)
    faults: list[tuple[int, str]] = []
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*at, str(key.value))
            line = key.start_mark.line + 1
            if here in lines:
                faults.append((line, f"key {key.value!r} is already set on line {lines[here]}; keep one."))
            lines[here] = line
            faults += _walk(value, here, lines)
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            faults += _walk(value, (*at, i), lines)
    return faults
