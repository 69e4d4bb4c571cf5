# ruff: noqa: D103 - the names of the tests say it
"""Class lists, in the columns that schools give them."""

from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from cj_pipeline.domain.roster import Student
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.roster_file import read_roster

ANNA = Student("Anna Svensson", "17", "9B")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("name,id,class\nAnna Svensson,17,9B\n", ANNA),
        ("Namn;Elev-ID;Klass\nAnna  Svensson ;17;9B\n", ANNA),
        ("Förnamn;Efternamn;Personnummer\nAnna Maria;de la Cruz;20070512-1234\n", None),
        ("Student Name\tUsername\tGroup\nAnna Svensson\t17\t9B\n", ANNA),
        ("id,Full_Name,form,Gender\n17,Anna Svensson,9B,f\n", ANNA),
    ],
)
def test_columns_go_by_many_names(tmp_path: Path, content: str, expected: Student | None) -> None:
    (tmp_path / "roster.csv").write_bytes(content.encode("latin-1"))

    assert read_roster(tmp_path) == (expected or Student("de la Cruz, Anna Maria", "20070512-1234"),)


def test_everything_that_tells_who_it_is_is_read(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(
        "name,id,class,skola,e-post,mobil,adress\nAnna,17,9B,Östra Real,a@b.se,070-1,Storgatan 1\n", "utf-8"
    )

    assert read_roster(tmp_path) == (Student("Anna", "17", "9B", "Östra Real", ("a@b.se", "070-1", "Storgatan 1")),)


def test_a_workbook_is_a_class_list_too(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["Elevens namn", "Elevnummer", "Grupp"])
    page.append(["Anna Svensson", 17, "9B"])
    out = BytesIO()
    book.save(out)
    (tmp_path / "roster.xlsx").write_bytes(out.getvalue())

    assert read_roster(tmp_path) == (ANNA,)


def test_no_file_means_nobody_is_known(tmp_path: Path) -> None:
    assert read_roster(tmp_path) == ()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("id,class\n17,9B\n", "has no column of names; call it name, or first name and last name (found: id, class)."),
        ("name,id\n,17\n", "row 2 has no name; add it or remove the row."),
        ("name,id\nAnna,17\nPer,17\n", "row 3: '17' stands there already; give each an id."),
        ("name,class\nAnna,9B\nAnna,9B\n", "row 3: 'Anna' stands there already; give each an id."),
    ],
)
def test_a_list_that_cannot_be_used_is_named(tmp_path: Path, content: str, said: str) -> None:
    (tmp_path / "roster.csv").write_text(content, "utf-8")

    with pytest.raises(ConfigurationError) as caught:
        read_roster(tmp_path)
    assert caught.value.faults == (f"{tmp_path / 'roster.csv'}: {said}",)


def test_two_lists_are_one_too_many(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("name\nA\n")
    (tmp_path / "roster.xlsx").write_bytes(b"x")

    with pytest.raises(ConfigurationError, match=r"has roster\.csv and roster\.xlsx; keep one of them"):
        read_roster(tmp_path)
