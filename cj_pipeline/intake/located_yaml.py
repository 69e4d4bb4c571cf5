"""YAML with line numbers, so that a fault can be named with its line."""

from pathlib import Path
from typing import Any

import yaml

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.folder_files import read_file

Location = tuple[str | int, ...]


def load_located_yaml(path: Path) -> tuple[dict[str, Any], dict[Location, int]]:
    """Read a YAML mapping.

    Args:
        path: The file.

    Returns:
        The mapping, and the line of every key and list item by its path within the document.

    Raises:
        ConfigurationError: The file is unreadable, is not YAML, is not a mapping, or names a key twice.
    """
    text = read_text(path)
    try:
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


def read_text(path: Path) -> str:
    """Read a UTF-8 text file, with or without a byte-order mark.

    Raises:
        ConfigurationError: It is missing, a link, cannot be opened, or is not UTF-8.
    """
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
