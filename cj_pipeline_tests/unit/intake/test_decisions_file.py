"""Files of decisions as programs and spreadsheets save them."""

# ruff: noqa: D103 - the name of a test is its sentence

import hashlib
from pathlib import Path

import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.decisions_file import read_decisions

TEXT = "judge,candidate_chosen,candidate_not_chosen\nÅsa,x,y\nÅsa,y,z\n"


def written(folder: Path, content: bytes | str) -> Path:
    """Write a file."""
    path = folder / "decisions.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("utf-16"), "utf-16"),
        (TEXT.encode("cp1252"), "cp1252"),
        (TEXT.replace(",", ";").encode(), "utf-8"),
        (TEXT.replace(",", "\t").encode(), "utf-8"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
        (TEXT.replace("\n", "\r").encode(), "utf-8"),
        (TEXT.replace("\n", "\n\n").encode(), "utf-8"),
    ],
)
def test_delimiters_line_ends_and_encodings(tmp_path: Path, content: bytes, encoding: str) -> None:
    found = read_decisions(written(tmp_path, content))

    assert [(d.judge, d.first, d.second) for d in found.rows.decisions] == [("Åsa", "x", "y"), ("Åsa", "y", "z")]
    assert found.encoding == encoding
    assert found.digest == hashlib.sha256(content).hexdigest()


def test_a_decimal_comma_is_a_decimal_point(tmp_path: Path) -> None:
    found = read_decisions(written(tmp_path, "judge;won;lost;time_taken\nj;x;y;37,1\nj;x;y;soon\n"))

    assert [d.duration_s for d in found.rows.decisions] == [37.1, None]


def test_names_may_hold_delimiters_and_line_ends_in_quotes(tmp_path: Path) -> None:
    found = read_decisions(written(tmp_path, 'judge,won,lost\nj,"x, 1","y\n2"\nj,x,y\n'))

    assert [(d.first, d.second, d.line) for d in found.rows.decisions] == [("x, 1", "y\n2", 3), ("x", "y", 4)]


def test_only_some_rows_can_be_read(tmp_path: Path) -> None:
    path = written(tmp_path, "task,judge,won,lost\nY1,j,x,y\nY2,j,a,b\n")

    assert [d.first for d in read_decisions(path, {"task": "Y2"}).rows.decisions] == ["a"]
    with pytest.raises(ConfigurationError, match="no column 'year'; found: task, judge, won, lost"):
        read_decisions(path, {"year": "Y2"})
    with pytest.raises(ConfigurationError, match="it has no rows"):
        read_decisions(path, {"task": "Y3"})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n", "is empty"),
        (b"PK\x03\x04rest", "save the sheet as CSV"),
        (b"judge,won,lost\n", "it has no rows"),
        (b"judge,won,lost\nj,x,x\nj,,y\n", "1: an essay is compared with itself; 1: an essay is not named"),
        (b'judge,won,lost\nj,"x"y,z\n', "decisions.csv:2: is not a table of text"),
        (b"judge,won,lost\nj,\x81,y\n", "is not text in"),
    ],
)
def test_files_that_cannot_be_used_say_why(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        read_decisions(written(tmp_path, content))


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.csv: the file is missing"):
        read_decisions(tmp_path / "none.csv")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_decisions(tmp_path)
