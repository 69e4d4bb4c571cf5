"""What the check of a report finds on a folder as it should be, and where something is missing."""

# ruff: noqa: D103 - the name of a test is its sentence

from pathlib import Path

import pytest

from cj_pipeline.reporting.report_findings import report_shows_every_essay

ESSAYS = ("essay-01", "O'Neill & <co>")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A report and a workbook."""
    page = "<td><a href='#x'>essay-01</a></td><td>O&#39;Neill &amp; &lt;co&gt;</td>"
    (tmp_path / "report.html").write_text(page)
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "workbook.xlsx").write_bytes(b"PK")
    return tmp_path


def test_a_whole_report_passes(folder: Path) -> None:
    found = report_shows_every_essay(folder, ESSAYS)

    assert (found.holds, found.words, found.rows) == (True, "", ())
    assert found.numbers["n_essays"] == 2


def test_an_essay_that_was_read_since_is_named(folder: Path) -> None:
    found = report_shows_every_essay(folder, [*ESSAYS, "essay-0", "late"])

    assert not found.holds
    assert found.is_grave
    assert found.words.startswith("Not in the report: essay-0, late. Materialise report")
    assert found.rows == (("essay-0", "no"), ("late", "no"))


@pytest.mark.parametrize("gone", ["report.html", "export/workbook.xlsx"])
def test_a_file_that_was_deleted_is_noticed(folder: Path, gone: str) -> None:
    (folder / gone).unlink()

    found = report_shows_every_essay(folder, ESSAYS)

    assert not found.holds
    assert f"{folder} lacks the report or the workbook." in found.words
