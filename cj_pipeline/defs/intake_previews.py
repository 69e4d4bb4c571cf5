"""Evidence of the checks of essays, as tables for Dagster's pages."""

from collections.abc import Sequence

import dagster as dg

from cj_pipeline.domain.visible_text import visible

_ROWS = 60
_CELL = 160


def evidence_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> dg.MarkdownMetadataValue:
    """A Markdown table of up to 60 rows that says how many are left out; what stands in a cell takes no effect."""
    lines = ["|" + "|".join(header) + "|", "|" + "---|" * len(header)]
    lines += ["|" + "|".join(visible(str(cell), _CELL) for cell in row) + "|" for row in rows[:_ROWS]]
    more = len(rows) - _ROWS
    return dg.MetadataValue.md("\n".join(lines) + (f"\n\n... and {more} more." if more > 0 else ""))
