"""`anchors.csv`: every fault with file and line."""

# ruff: noqa: D103 - the name of a test is its sentence

from pathlib import Path

import pytest

from cj_pipeline.domain.grade_scales import GRADE_SCALES, GradeScale
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.anchors_file import Anchor, read_anchors

ESSAYS = ("a", "b", "c d")
SCALE = GRADE_SCALES["eng5_np_legacy_9_step"]


def read(tmp_path: Path, content: str | bytes, scale: GradeScale = SCALE) -> dict[str, Anchor]:
    """Read an `anchors.csv`."""
    path = tmp_path / "anchors.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_anchors(path, ESSAYS, scale)


def faults(tmp_path: Path, content: str | bytes) -> list[str]:
    """Return what is wrong with an `anchors.csv`, without its path."""
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, content)
    path = tmp_path / "anchors.csv"
    assert all(fault.startswith(f"{path}:") for fault in caught.value.faults)
    return [fault.removeprefix(f"{path}:") for fault in caught.value.faults]


def test_no_file_means_no_anchors(tmp_path: Path) -> None:
    assert read_anchors(tmp_path / "anchors.csv", ESSAYS, SCALE) == {}


@pytest.mark.parametrize(
    "content",
    [
        "essay_id,grade\na,C+\nc d,F+\n",
        "essay_id,grade\r\na,C+\r\nc d,F+\r\n",
        b"\xef\xbb\xbfessay_id,grade\na,C+\nc d,F+",
        "grade,essay_id\nC+,a\nF+,c d\n",
        "essay_id,set_by,grade\na,NN,C+\nc d,,F+\n",
        'essay_id,grade\n" a ", C+\n\n"c d","F+"\n',
    ],
    ids=["plain", "crlf", "byte-order mark", "other order", "another column", "quotes, spaces and a blank line"],
)
def test_grades_are_read_by_essay(tmp_path: Path, content: str | bytes) -> None:
    assert read(tmp_path, content) == {"a": Anchor("C+"), "c d": Anchor("F+")}


def test_a_header_alone_means_no_anchors(tmp_path: Path) -> None:
    assert read(tmp_path, "essay_id,grade\n") == {}


@pytest.mark.parametrize("content", ["", "essay,grade\na,A\n", "essay_id;grade\na;A\n", "a,A\n"])
def test_missing_columns_are_named(tmp_path: Path, content: str) -> None:
    assert faults(tmp_path, content) == ["1: expected the columns essay_id,grade."]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("x,A", "3: no essay 'x' in essays/; add the file or remove this line."),
        (",A", "3: no essay '' in essays/; add the file or remove this line."),
        ("b,C", "3: grade 'C' is not on the scale; use one of: F, F+, E-, E+, D-, D+, C-, C+, B, A."),
        ("b,a", "3: grade 'a' is not on the scale; use one of: F, F+, E-, E+, D-, D+, C-, C+, B, A."),
        ("b,", "3: grade '' is not on the scale; use one of: F, F+, E-, E+, D-, D+, C-, C+, B, A."),
        ("b", "3: grade '' is not on the scale; use one of: F, F+, E-, E+, D-, D+, C-, C+, B, A."),
        ("a,B", "3: essay 'a' has a grade already (A); keep one line."),
        ("a,A", "3: essay 'a' has a grade already (A); keep one line."),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_a_remedy(tmp_path: Path, line: str, expected: str) -> None:
    assert faults(tmp_path, f"essay_id,grade\na,A\n{line}\n") == [expected]


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, "essay_id,grade\na,A\nx,A\n\na,A\nb,Z\n")

    assert [fault.partition(":")[0] for fault in found] == ["3", "5", "6"]


def test_bytes_that_are_not_utf8_are_refused(tmp_path: Path) -> None:
    assert faults(tmp_path, b"essay_id,grade\n\xe5,A\n") == [" is not UTF-8 text (byte 15); save it as UTF-8."]


def test_what_lies_below_the_lowest_grade_may_be_an_anchor_too(tmp_path: Path) -> None:
    assert read(tmp_path, "essay_id,grade\na,F\n") == {"a": Anchor("F")}


def test_a_number_of_per_cent_is_read_as_its_band(tmp_path: Path) -> None:
    assert read(tmp_path, "essay_id,grade\na,73\n", GRADE_SCALES["percentages"]) == {"a": Anchor("70-79")}
    with pytest.raises(ConfigurationError, match="use a number from 0 to 100"):
        read(tmp_path, "essay_id,grade\na,B\n", GRADE_SCALES["percentages"])


def test_known_measures_are_read_with_their_errors(tmp_path: Path) -> None:
    found = read(tmp_path, "essay_id,grade,measure,standard_error\na,,-0.45,0.2\nb,C+,1.5,\nc d,B,,\n")

    assert found == {"a": Anchor(None, -0.45, 0.2), "b": Anchor("C+", 1.5, 0.0), "c d": Anchor("B")}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("b,,much,", "2: measure 'much' is no number; write it with a decimal point, like -0.45."),
        ('b,,"0,5",', "2: measure '0,5' is no number; write it with a decimal point, like -0.45."),
        ("b,,inf,", "2: measure 'inf' is no number; write it with a decimal point, like -0.45."),
        ("b,,1,-0.2", "2: standard_error belongs to a measure and is not below 0."),
        ("b,B,,0.2", "2: standard_error belongs to a measure and is not below 0."),
        ("b,,,", "2: grade '' is not on the scale; use one of: F, F+, E-, E+, D-, D+, C-, C+, B, A."),
    ],
)
def test_a_measure_that_cannot_be_used_is_named_with_a_remedy(tmp_path: Path, line: str, expected: str) -> None:
    assert faults(tmp_path, f"essay_id,grade,measure,standard_error\n{line}\n") == [expected]
