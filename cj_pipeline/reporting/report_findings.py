"""What the check of a report finds: is it there, and does it show every essay."""

from collections.abc import Sequence
from html import unescape
from pathlib import Path
from typing import Final

from cj_pipeline.engine.finding import Finding
from cj_pipeline.reporting.workbook.writing import WORKBOOK

_MOST_ROWS: Final = 10


def report_shows_every_essay(folder: Path, essay_ids: Sequence[str]) -> Finding:
    """The report and the workbook are there, and the report shows every essay that was read.

    It fails where a file was moved or deleted, or essays were read since the report was made.

    Args:
        folder: Where the report was written; the workbook lies below it, in `export`.
        essay_ids: Ids of all essays.
    """
    pages = unescape("".join(page.read_text("utf-8") for page in sorted(folder.glob("*.html"))))
    missing = [essay_id for essay_id in essay_ids if f">{essay_id}<" not in pages]
    has_files = bool(pages) and (folder / "export" / WORKBOOK).is_file()
    said = [] if has_files else [f"{folder} lacks the report or the workbook."]
    said += [f"Not in the report: {', '.join(missing[:_MOST_ROWS])}."] if missing and pages else []
    remedy = "Materialise report; if essays are new, submit them first."
    return Finding(
        not said,
        " ".join([*said, remedy]) if said else "",
        {"n_essays": len(essay_ids), "n_missing": len(missing), "size_bytes": len(pages.encode())},
        ("essay", "in the report"),
        tuple((essay_id, "no") for essay_id in missing[:_MOST_ROWS]),
        is_grave=True,
    )
