"""`pairs.csv`: comparisons that the assessment itself fixes, for the design `pre_specified`."""

import csv
from collections.abc import Collection
from io import StringIO
from pathlib import Path
from typing import Final

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.located_yaml import read_text

PAIRS_FILE: Final = "pairs.csv"
_COLUMNS: Final = ("first", "second", "times")
_MOST_TIMES: Final = 1000


def read_pairs(path: Path, essay_ids: Collection[str], *, design: str) -> tuple[tuple[str, str, int], ...]:
    """Read which essay is shown first, which second, and how often.

    Args:
        path: The CSV file with the columns `first,second,times`.
        essay_ids: Ids of the essays that were found.
        design: The assessment's pair design; only `pre_specified` has such a file.

    Returns:
        Rows in the order of the file; empty for every other design.

    Raises:
        ConfigurationError: With every fault, each with file and line.
    """
    if design != "pre_specified":
        if path.exists():
            raise ConfigurationError(
                f"{path}: is not used by pair_design {design!r}; set pair_design: pre_specified, or remove the file."
            )
        return ()
    if not path.exists():
        raise ConfigurationError(
            f"{path}: is missing, and pair_design is pre_specified; add it with the columns {','.join(_COLUMNS)}."
        )
    rows = csv.DictReader(StringIO(read_text(path)))
    if rows.fieldnames is None or not set(_COLUMNS) <= set(rows.fieldnames):
        raise ConfigurationError(f"{path}:1: expected the columns {','.join(_COLUMNS)}.")
    found, faults = [], []
    for row in rows:
        first, second, times = ((row[column] or "").strip() for column in _COLUMNS)
        fault = _fault(first, second, times, essay_ids)
        if fault:
            faults.append(f"{path}:{rows.line_num}: {fault}")
        else:
            found.append((first, second, int(times)))
    if faults or not found:
        raise ConfigurationError(faults or f"{path}: holds no pair; add at least one line.")
    return tuple(found)


def _fault(first: str, second: str, times: str, essay_ids: Collection[str]) -> str | None:
    for essay_id in (first, second):
        if essay_id not in essay_ids:
            return f"no essay {essay_id!r} in essays/; add the file or remove this line."
    if first == second:
        return f"essay {first!r} cannot be compared with itself."
    if not times.isdecimal() or not 1 <= int(times) <= _MOST_TIMES:
        return f"times is {times!r}; give a whole number from 1 to {_MOST_TIMES}."
    return None
