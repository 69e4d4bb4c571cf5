"""`cj export`: a result for spreadsheets and other programs."""

from pathlib import Path

import click

from cj_pipeline.cli.reporting_results import gathered, named_note
from cj_pipeline.reporting.workbook.writing import write_export


def export_result(name: str, out: Path | None, *, with_names: bool) -> None:
    """Write the workbook of an assessment, its tables and views.

    Args:
        name: The assessment.
        out: Folder; None: `export` beside the assessment's reports.
        with_names: Whether students are named.

    Raises:
        CjError: There is nothing to export yet.
    """
    data, folder = gathered(name, with_names=with_names)
    path = write_export(out or folder / "export", data)
    beside = "csv/, parquet/ and views/ (No More Marking, sirt, OneRoster)"
    click.echo(f"Written: {path}, and beside it {beside}.{named_note(data)}")
