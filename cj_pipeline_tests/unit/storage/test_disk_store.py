"""What a disk adds to the contract of stores: bytes are on it before a file gets its name."""

# ruff: noqa: D103 - the name of a test is its sentence

from pathlib import Path

import pytest

from cj_pipeline.storage.disk_store import DiskStore


def test_bytes_are_on_disk_before_the_file_gets_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there_at_sync: list[bool] = []
    monkeypatch.setattr("os.fsync", lambda _handle: there_at_sync.append((tmp_path / "a" / "file").exists()))
    with DiskStore(tmp_path).draft("a") as draft:
        draft.file.write(b"new")
        draft.publish("file")

    assert there_at_sync == [False, True]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["file"]


def test_what_is_being_written_is_not_listed(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    with store.draft("a") as draft:
        draft.file.write(b"half")
        listed = (store.names("a"), list(store.walk()), len(list((tmp_path / "a").iterdir())))

    assert listed == ([], [], 1)
    assert list((tmp_path / "a").iterdir()) == []


def test_folders_that_have_become_empty_go_with_their_last_file(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    for folder in ("a/b", "a"):
        with store.draft(folder) as draft:
            draft.publish("file")
    store.remove("a/b/file")

    assert [path.name for path in (tmp_path / "a").iterdir()] == ["file"]
    store.remove("a/file")
    assert list(tmp_path.iterdir()) == []
