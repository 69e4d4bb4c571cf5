"""The table of batch clients under the same faults, from its record."""

from collections.abc import Mapping
from typing import Any

from tools.pages import table

_HEADER = ("fault", "provider", "client", "answers the caller got", "billed", "billed again", "lost", "jobs", "it")


def render(record: Mapping[str, Any]) -> str:
    """One row per fault, provider and client, of twelve questions each."""
    rows = sorted(record["figures"]["rows"], key=lambda row: (row["fault"], row["provider"]))
    lines = [
        (
            row["fault"],
            row["provider"],
            row["client"],
            f"{row['answered']} of {row['asked']}",
            row["billed"],
            row["billed_again"],
            row["lost"],
            row["jobs"],
            row["end"],
        )
        for row in rows
    ]
    return table(_HEADER, lines)
