"""Damage to the rows of a result: rows missing, given twice, cut off, or belonging to nobody."""

import json
from collections.abc import Iterable

from cj_pipeline.emulator import chance
from cj_pipeline.emulator.faults import Fault
from cj_pipeline.emulator.wire import compact

# Garbling comes last, for the others need whole rows.
_ORDER = ("foreign_rows", "duplicate_rows", "missing_rows", "garbled_rows")


def shuffled(rows: list[bytes], *seeds: object) -> list[bytes]:
    """Return the rows in an order that is not the input's."""
    return [rows[index] for index in chance.permutation(len(rows), "rows", *seeds)]


def damaged(rows: list[bytes], faults: Iterable[Fault], *seeds: object) -> list[bytes]:
    """Return the rows after every row fault among the faults has struck."""
    for fault in sorted(
        (fault for fault in faults if fault.kind in _ORDER), key=lambda fault: _ORDER.index(fault.kind)
    ):
        struck = chance.chosen(fault.share, len(rows), fault.number, *seeds)
        if fault.kind == "missing_rows":
            rows = [row for index, row in enumerate(rows) if index not in struck]
        elif fault.kind == "duplicate_rows":
            rows = [*rows, *(rows[index] for index in sorted(struck))]
        elif fault.kind == "garbled_rows":
            rows = [_cut(row) if index in struck else row for index, row in enumerate(rows)]
        else:
            rows = [*rows, *_foreign(rows, int(fault.options["count"]), fault.number, *seeds)]
    return rows


def _cut(row: bytes) -> bytes:
    return row[: len(row) * 2 // 3]


def _foreign(rows: list[bytes], count: int, *seeds: object) -> list[bytes]:
    if not rows:
        return []
    pattern = json.loads(rows[0])
    return [compact(pattern | {"custom_id": f"stranger-{chance.token(n, *seeds, length=12)}"}) for n in range(count)]
