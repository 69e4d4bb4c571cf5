"""`cj report`: a result as a page for teachers."""

import os
from contextlib import closing
from pathlib import Path

import click

from cj_pipeline.engine.rank import Waiting
from cj_pipeline.engine.report_data import ReportData
from cj_pipeline.errors import NotReadyError
from cj_pipeline.reporting.html_report.pages import report_pages
from cj_pipeline.reporting.html_report.writing import write_report
from cj_pipeline.reporting.versions import versions
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import open_workbench


def gathered(name: str, *, with_names: bool) -> tuple[ReportData, Path]:
    """What an assessment's report says, and the folder of its reports.

    Args:
        name: The assessment.
        with_names: Whether essays are called by their writers' names, where a class list gives them.

    Raises:
        ConfigurationError: It does not exist or was never planned.
        NotReadyError: There is no ranking yet.
    """
    with closing(open_workbench(load_settings(os.environ))) as bench:
        if name not in bench.assessments():
            bench.read(name)
        data = bench.gather_report(name, versions(), with_names=with_names)
        if isinstance(data, Waiting):
            raise NotReadyError(f"{name}: there is no ranking yet: {data.reason}")
        return data, bench.settings.reports_dir / name


def write_html_report(name: str, language: str | None, out: Path | None, *, with_texts: bool, with_names: bool) -> None:
    """Write the report of an assessment.

    Args:
        name: The assessment.
        language: Language of the report; None: that of the essays.
        out: File, or folder for `report.html`; None: the folder of its reports.
        with_texts: Whether the essays themselves are shown.
        with_names: Whether students are named.

    Raises:
        CjError: There is nothing to report yet.
    """
    data, folder = gathered(name, with_names=with_names)
    path = report_path(out, folder)
    pages = report_pages(data, language or data.snapshot.assessment.language, with_texts=with_texts)
    written = write_report(path, pages, owner_only=data.is_private)
    more = f" and {len(written) - 1:,} pages of essays beside it" if len(written) > 1 else ""
    click.echo(f"Written: {path}{more}. Open it in any browser; print it from there.{named_note(data)}")


def named_note(data: ReportData) -> str:
    """What to mind about a file that names students; empty where it names nobody."""
    return " It names students: only you can read it; --labels leaves the names out." if data.is_private else ""


def report_path(out: Path | None, folder: Path) -> Path:
    """Where a report goes: a file as named, into a folder as named, or with the other reports."""
    if out is None:
        return folder / "report.html"
    return out if out.suffix.casefold() in {".html", ".htm"} else out / "report.html"
