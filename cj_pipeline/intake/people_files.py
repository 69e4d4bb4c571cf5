"""`decisions/*.csv`: decisions that people made elsewhere."""

from pathlib import Path
from typing import Final

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.decisions_file import DecisionsFile, read_decisions

DECISIONS_FOLDER: Final = "decisions"
"""Folder of an assessment that holds them."""


def read_people_files(folder: Path) -> list[DecisionsFile]:
    """Read all files of people's decisions of an assessment, by name; empty where there are none.

    Args:
        folder: The assessment's folder.

    Raises:
        ConfigurationError: With every file that cannot be understood.
    """
    found: list[DecisionsFile] = []
    faults: list[str] = []
    for path in sorted((folder / DECISIONS_FOLDER).glob("*.csv")):
        try:
            found.append(read_decisions(path))
        except ConfigurationError as error:
            faults += error.faults
    if faults:
        raise ConfigurationError(faults)
    return found
