"""Files are there completely or not at all."""

# ruff: noqa: D103 - the name of a test is its sentence

from pathlib import Path

import pytest

from cj_pipeline.storage.atomic import atomic_write


def names(folder: Path) -> list[str]:
    """Return all files of a folder, hidden ones included."""
    return sorted(path.name for path in folder.iterdir())


def write_half(target: Path, error: BaseException) -> None:
    """Write a part of a file, then fail."""
    with atomic_write(target) as file:
        file.write(b"half")
        raise error


def test_a_file_is_written_and_its_folder_made(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "er" / "file.bin"
    with atomic_write(target) as file:
        file.write(b"new")

    assert target.read_bytes() == b"new"
    assert names(target.parent) == ["file.bin"]


def test_an_existing_file_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"an older and longer text")
    with atomic_write(target) as file:
        file.write(b"new")

    assert target.read_bytes() == b"new"


def test_the_old_file_stands_until_the_new_one_is_complete(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")
    with atomic_write(target) as file:
        file.write(b"half")
        file.flush()
        assert target.read_bytes() == b"old"

    assert target.read_bytes() == b"half"


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_an_interruption_leaves_the_old_file_and_no_draft(tmp_path: Path, error: BaseException) -> None:
    target = tmp_path / "file"
    target.write_bytes(b"old")

    with pytest.raises(type(error)):
        write_half(target, error)

    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def test_an_interruption_of_a_first_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no"):
        write_half(tmp_path / "file", ValueError("no"))

    assert names(tmp_path) == []


def test_bytes_are_on_disk_before_the_file_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    there_at_sync: list[bool] = []
    monkeypatch.setattr("os.fsync", lambda _handle: there_at_sync.append(target.exists()))
    with atomic_write(target) as file:
        file.write(b"new")

    assert there_at_sync == [False, True]


def test_a_file_for_its_owner_is_so_from_its_first_byte(tmp_path: Path) -> None:
    target = tmp_path / "names.csv"
    with atomic_write(target, owner_only=True) as file:
        [draft] = tmp_path.iterdir()
        assert draft.stat().st_mode & 0o777 == 0o600
        file.write(b"Anna")

    assert target.stat().st_mode & 0o777 == 0o600
