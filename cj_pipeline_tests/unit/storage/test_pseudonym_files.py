# ruff: noqa: D103 - the names of the tests say it
"""The map between people and labels: kept as it is, for its owner's eyes only."""

import os
from pathlib import Path

import pytest

from cj_pipeline.domain.pseudonyms import Pseudonyms, assigned
from cj_pipeline.domain.roster import Student
from cj_pipeline.errors import StorageError
from cj_pipeline.storage.pseudonym_files import PseudonymFiles

CLASS = [Student("Åsa Ek", "17", "9B", "Östra", ("a@b.se",)), Student("Per")]
MAP = assigned(CLASS, ["Åsa Ek", "per 2"], Pseudonyms())


def test_a_map_is_loaded_as_it_was_saved(tmp_path: Path) -> None:
    files = PseudonymFiles(tmp_path / "pseudonyms")

    assert files.load("small") == Pseudonyms()
    files.save("small", MAP)
    assert files.load("small") == MAP


def test_it_is_readable_by_its_owner_only_whatever_the_umask(tmp_path: Path) -> None:
    files = PseudonymFiles(tmp_path / "pseudonyms")
    before = os.umask(0)
    try:
        files.save("small", MAP)
    finally:
        os.umask(before)

    assert files.path("small").stat().st_mode & 0o777 == 0o600
    assert files.path("small").parent.stat().st_mode & 0o777 == 0o700


def test_the_same_map_is_not_written_again(tmp_path: Path) -> None:
    files = PseudonymFiles(tmp_path)
    files.save("small", MAP)
    at = files.path("small").stat().st_mtime_ns
    files.save("small", MAP)

    assert files.path("small").stat().st_mtime_ns == at


def test_nobody_known_leaves_no_file(tmp_path: Path) -> None:
    files = PseudonymFiles(tmp_path / "pseudonyms")
    files.save("small", Pseudonyms())

    assert not files.path("small").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"students": {"a": {}}, "labels": {}, "essays": {}}'])
def test_a_file_that_other_hands_altered_is_named(tmp_path: Path, content: str) -> None:
    files = PseudonymFiles(tmp_path)
    files.path("small").write_text(content)

    with pytest.raises(StorageError, match="is no map of pseudonyms; restore it from a backup of the work folder"):
        files.load("small")
