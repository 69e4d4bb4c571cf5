"""The table of the fault suite, from its record."""

from collections.abc import Mapping, Sequence
from typing import Any

from tools.pages import table

_HEADER = (
    "fault",
    "provider",
    "runs",
    "comparisons",
    "lost",
    "paid twice",
    "left open",
    "live duplicates",
    "withheld by the provider",
    "possibly paid",
)
_COLUMNS = ("runs", "comparisons", "lost", "paid_twice", "left_open", "live_duplicates", "withheld", "possibly_paid")


def render(record: Mapping[str, Any]) -> str:
    """Two tables: batch jobs, and calls at once; each with its sums."""
    rows: Sequence[Mapping[str, Any]] = record["figures"]["rows"]
    parts = []
    for mode, title in (("batch jobs", "### Batch jobs"), ("asked at once", "### Asked at once")):
        mine = [row for row in rows if row["mode"] == mode]
        if mine:
            parts += [title, table(_HEADER, [*map(_line, mine), _sums(mine)])]
    return "\n\n".join(parts)


def _line(row: Mapping[str, Any]) -> tuple[object, ...]:
    return (row["fault"], row["provider"], *(row[name] for name in _COLUMNS))


def _sums(rows: Sequence[Mapping[str, Any]]) -> tuple[object, ...]:
    return ("**all**", "", *(f"**{sum(row[name] for row in rows)}**" for name in _COLUMNS))
