"""Texts made harmless for spreadsheets, which take a cell for a formula by its first character.

Essay ids, names, reasons and file names come from outside. In a workbook they are stored as texts, which no program
computes. CSV has no kinds of cells: there an apostrophe is put before such a text, as spreadsheets themselves do.

References:
    OWASP, "CSV Injection", https://owasp.org/www-community/attacks/CSV_Injection.
"""

import re
from typing import Final

import pandas as pd

_FORMULA: Final = re.compile(r"^\s*[=+\-@\t\r].")
_NUMBER: Final = re.compile(r"^\s*[+-]?\d+([.,]\d+)?\s*%?$")
_UNSTORABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LONGEST: Final = 32_767
"""Most characters of a cell in a workbook."""


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula; numbers and lone signs are none."""
    return bool(_FORMULA.match(text)) and not _NUMBER.match(text)


def for_csv(text: str) -> str:
    """The text with an apostrophe before it where it looks like a formula."""
    return f"'{text}" if looks_like_formula(text) else text


def for_workbook(text: str) -> str:
    """The text without what a workbook cannot hold, and no longer than its cells are."""
    clean = _UNSTORABLE.sub("\ufffd", text)
    return clean if len(clean) <= _LONGEST else f"{clean[: _LONGEST - 1]}…"


def csv_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every text and column name made harmless."""
    safe = table.copy()
    for name in safe.columns:
        if not (pd.api.types.is_numeric_dtype(safe[name]) or pd.api.types.is_bool_dtype(safe[name])):
            safe[name] = [for_csv(value) if isinstance(value, str) else value for value in safe[name]]
    return safe.rename(columns=lambda name: for_csv(str(name)))
