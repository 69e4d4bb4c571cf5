"""Reports on disk: one file, and above 2,000 essays a folder of pages beside it."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from cj_pipeline.reporting.html_report.pages import ESSAY_FOLDER
from cj_pipeline.storage.atomic import atomic_write


def write_report(path: Path, pages: Mapping[str, str], *, owner_only: bool = False) -> list[Path]:
    """Write a report; returns the paths of its pages, the report first.

    Args:
        path: The report's file; replaced in one step. A folder of essay pages beside it that an earlier report made is
            replaced too.
        pages: As of `pages.report_pages`.
        owner_only: Whether only their owner may read them, because they name students.
    """
    folder = path.parent / ESSAY_FOLDER
    # Only a folder in which nothing but pages of essays lies can be ours.
    if folder.is_dir() and all(file.match("essay-*.html") for file in folder.iterdir()):
        shutil.rmtree(folder)
    written = []
    for beside, text in pages.items():
        place = path.parent / beside if beside else path
        with atomic_write(place, owner_only=owner_only) as file:
            file.write(text.encode())
        written.append(place)
    return written
