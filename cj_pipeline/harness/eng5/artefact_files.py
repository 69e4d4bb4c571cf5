"""Writing an artefact with its checksum, and reading one: nothing is written or read that is not valid."""

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.eng5.schema import Artefact
from cj_pipeline.harness.eng5.schema_inputs import SCHEMA_VERSION
from cj_pipeline.storage.atomic import atomic_write

_MOST_NAMED = 5


def checksum(content: dict[str, Any]) -> str:
    """SHA-256 of an artefact's content as canonical JSON with the checksum's own field empty.

    Canonical: keys sorted, no spaces, UTF-8 without escapes.
    """
    blank = {**content, "validation": {**content["validation"], "artefact_checksum": ""}}
    text = json.dumps(blank, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def write_artefact(path: Path, artefact: Artefact) -> Artefact:
    """Write an artefact with its checksum, complete or not at all; returns it as it was written.

    Raises:
        ValidationError: What would be read back is not valid; nothing was written.
    """
    content = artefact.model_dump(mode="json")
    content["validation"]["artefact_checksum"] = checksum(content)
    text = json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    written = Artefact.model_validate_json(text)
    with atomic_write(path) as file:
        file.write(text.encode())
    return written


def read_artefact(path: Path) -> Artefact:
    """Read an artefact.

    Raises:
        ConfigurationError: It cannot be read, is of another version, is not valid, or was altered.
    """
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise ConfigurationError(f"{path}: is not JSON ({error}).") from error
    _require_version(path, content)
    try:
        artefact = Artefact.model_validate_json(json.dumps(content))
    except ValidationError as error:
        places = (f"{'.'.join(map(str, e['loc'])) or 'as a whole'}: {e['msg']}" for e in error.errors())
        faults = [f"{path}: {fault}." for fault in places]
        raise ConfigurationError(faults[:_MOST_NAMED]) from error
    if artefact.validation.artefact_checksum != checksum(content):
        raise ConfigurationError(f"{path}: was altered after it was written: its checksum is another one.")
    return artefact


def _require_version(path: Path, content: object) -> None:
    version = content.get("schema_version") if isinstance(content, dict) else None
    ours = SCHEMA_VERSION.split(".")
    theirs = str(version).split(".")
    if version is None or theirs[0] != ours[0] or not all(part.isdecimal() for part in theirs):
        raise ConfigurationError(f"{path}: is no artefact of version {ours[0]} (schema_version: {version!r}).")
    if int(theirs[1]) > int(ours[1]):
        raise ConfigurationError(
            f"{path}: is of version {version}, and this program knows {SCHEMA_VERSION}: update it."
        )
