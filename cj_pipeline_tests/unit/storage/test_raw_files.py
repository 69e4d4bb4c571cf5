"""Raw provider bytes: written once, named by their digest, never changed."""

# ruff: noqa: D103 - the name of a test is its sentence

import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cj_pipeline.errors import StorageError
from cj_pipeline.storage.raw_files import RawFiles


def files(root: Path) -> list[str]:
    """Return all files below a folder, hidden ones included."""
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_bytes_are_stored_under_a_name_that_holds_their_digest(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"onetwo").hexdigest()
    stored = RawFiles(tmp_path / "raw").put("class/job", "requests.jsonl", [b"one", b"", b"two"])

    assert stored.path == f"class/job/requests-{digest[:16]}.jsonl"
    assert (stored.sha256, stored.size_bytes) == (digest, 6)
    assert (tmp_path / "raw" / stored.path).read_bytes() == b"onetwo"
    assert files(tmp_path / "raw") == [stored.path]


def test_a_name_without_suffix_is_kept_as_it_is(tmp_path: Path) -> None:
    stored = RawFiles(tmp_path).put("x", "errors", [b"1"])

    assert stored.path == f"x/errors-{stored.sha256[:16]}"


def test_the_same_bytes_are_stored_once(tmp_path: Path) -> None:
    raw = RawFiles(tmp_path)
    one, other = raw.put("x", "r.jsonl", [b"ab"]), raw.put("x", "r.jsonl", [b"a", b"b"])

    assert one == other
    assert files(tmp_path) == [one.path]


def test_other_bytes_under_the_same_name_stand_beside_the_first(tmp_path: Path) -> None:
    raw = RawFiles(tmp_path)
    one, other = raw.put("x", "r.jsonl", [b"1"]), raw.put("x", "r.jsonl", [b"2"])

    assert files(tmp_path) == sorted([one.path, other.path])


def test_what_is_stored_is_read_only(tmp_path: Path) -> None:
    stored = RawFiles(tmp_path).put("x", "r.jsonl", [b"1"])

    assert stat.S_IMODE((tmp_path / stored.path).stat().st_mode) == 0o444


def test_a_broken_download_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionError("gone")

    with pytest.raises(ConnectionError):
        RawFiles(tmp_path).put("x", "r.jsonl", broken())

    assert files(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", []),
        (b"\n\n", []),
        (b"one\ntwo\n", [b"one", b"two"]),
        (b"one\ntwo", [b"one", b"two"]),
        (b"one\n\n\ntwo\n", [b"one", b"two"]),
        ("a\u2028b\u2029c\u0085d\n".encode(), ["a\u2028b\u2029c\u0085d".encode()]),
        (b"a\rb\x0bc\x0cd\x1ce\nf", [b"a\rb\x0bc\x0cd\x1ce", b"f"]),
        (b"one\r\ntwo\r\n", [b"one\r", b"two\r"]),
        (b"\xff\xfe\n", [b"\xff\xfe"]),
    ],
)
def test_lines_end_at_newline_bytes_only(tmp_path: Path, content: bytes, lines: list[bytes]) -> None:
    raw = RawFiles(tmp_path)

    assert list(raw.lines(raw.put("x", "r.jsonl", [content]).path)) == lines


def test_a_missing_file_is_a_storage_error_that_names_it(tmp_path: Path) -> None:
    raw = RawFiles(tmp_path)
    stored = raw.put("x", "r.jsonl", [b"1"])
    (tmp_path / stored.path).unlink()

    with pytest.raises(StorageError, match=rf"{stored.path}: raw bytes are missing; restore them from a backup"):
        list(raw.lines(stored.path))


def test_altered_bytes_are_a_storage_error_that_names_the_file(tmp_path: Path) -> None:
    raw = RawFiles(tmp_path)
    stored = raw.put("x", "r.jsonl", [b"one\ntwo\n"])
    (tmp_path / stored.path).chmod(0o644)
    (tmp_path / stored.path).write_bytes(b"one\nTwo\n")

    with pytest.raises(StorageError, match=rf"{stored.path}: raw bytes were altered after they were stored; restore"):
        list(raw.lines(stored.path))
