"""The `essays/` folder: what is an essay, and what is said of the rest."""

# ruff: noqa: D103 - the name of a test is its sentence

import os
from pathlib import Path

import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.essay_files import read_essay_texts
from cj_pipeline.intake.folder_files import MOST_BYTES
from cj_pipeline.intake.readers.kinds import KNOWN_ESSAYS


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write essay files."""
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def faults(folder: Path, files: dict[str, str | bytes]) -> list[str]:
    """Return what is wrong with a folder of these files, without its path."""
    with pytest.raises(ConfigurationError) as caught:
        read_essay_texts(write(folder, files))
    return [fault.replace(f"{folder}/", "").replace(str(folder), "FOLDER") for fault in caught.value.faults]


def test_essays_are_read_in_the_order_of_their_ids(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"b.txt": "Two. \r\n", "a 1.MD": "One.", "Ö-3.x+y_z.txt": "Three."}

    assert list(read_essay_texts(write(tmp_path, files)).texts.items()) == [
        ("a 1", "One."),
        ("b", "Two."),
        ("Ö-3.x+y_z", "Three."),
    ]


def test_hidden_files_are_passed_over(tmp_path: Path) -> None:
    assert list(
        read_essay_texts(write(tmp_path, {".DS_Store": b"\x00", "~$a.docx": "lock", "a.txt": "x", "b.txt": "y"})).texts
    ) == ["a", "b"]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    texts = read_essay_texts(write(tmp_path, {"a.txt": b"\xef\xbb\xbfOne.", "b.txt": "Two."})).texts

    assert texts["a"] == "One."


@pytest.mark.parametrize("blank", ["", " ", "\n\n", " \t\r\n \n", "\ufeff", "\u2003\n"])
def test_an_empty_essay_is_named(tmp_path: Path, blank: str) -> None:
    assert faults(tmp_path, {"a.txt": blank, "b.txt": "x", "c.txt": "y"}) == [
        "a.txt: the essay is empty; add its text or remove the file."
    ]


def test_two_files_with_one_id_are_named(tmp_path: Path) -> None:
    assert faults(tmp_path, {"a.md": "One.", "a.txt": "Two.", "b.txt": "Three."}) == [
        "a.txt: another file has the id 'a' too; rename one of them."
    ]


def test_two_essays_with_one_text_are_named(tmp_path: Path) -> None:
    assert faults(tmp_path, {"a.txt": "One.", "b.txt": "One. \r\n\r\n", "c.txt": "Two.", "d.md": "One."}) == [
        "FOLDER: essays 'a' and 'b' have the same text; remove one of them.",
        "FOLDER: essays 'a' and 'd' have the same text; remove one of them.",
    ]


@pytest.mark.parametrize(("n", "files"), [(0, {}), (1, {"a.txt": "One."})])
def test_fewer_than_two_essays_cannot_be_compared(tmp_path: Path, n: int, files: dict[str, str | bytes]) -> None:
    assert faults(tmp_path, files) == [f"FOLDER: holds {n} essay(s); comparative judgement needs at least 2."]


@pytest.mark.parametrize("name", ["a.jpg", "a.doc", "a", "a.txt.bak"])
def test_files_of_another_kind_are_named(tmp_path: Path, name: str) -> None:
    assert faults(tmp_path, {name: "x", "b.txt": "x", "c.txt": "y"}) == [
        f"{name}: not an essay file; expected one of {KNOWN_ESSAYS}. Convert or remove it."
    ]


def test_a_table_among_the_essays_is_named(tmp_path: Path) -> None:
    assert faults(tmp_path, {"a.csv": "id,text\n1,x\n", "b.txt": "x", "c.txt": "y"}) == [
        "a.csv: is a table (CSV); name it under essay_table in assessment.yaml."
    ]


def test_a_folder_among_the_essays_is_named(tmp_path: Path) -> None:
    (tmp_path / "more.txt").mkdir()

    assert faults(tmp_path, {"b.txt": "x", "c.txt": "y"}) == [
        f"more.txt: not an essay file; expected one of {KNOWN_ESSAYS}. Convert or remove it."
    ]


@pytest.mark.parametrize("stem", ["-a", "a,b", "a;b", "a$b", " a", "x" * 101])
def test_an_id_that_cannot_be_used_is_named(tmp_path: Path, stem: str) -> None:
    assert faults(tmp_path, {f"{stem}.txt": "x", "b.txt": "y", "c.txt": "z"}) == [
        f"{stem}.txt: rename it using letters, digits, space, dot, plus, dash (at most 100)."
    ]


def test_an_id_of_a_hundred_characters_is_accepted(tmp_path: Path) -> None:
    assert "x" * 100 in read_essay_texts(write(tmp_path, {"x" * 100 + ".txt": "x", "b.txt": "y"})).texts


def test_text_in_an_older_encoding_is_read(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.txt": "Räksmörgås".encode("latin-1"), "b.txt": "Två".encode("utf-16")}

    assert read_essay_texts(write(tmp_path, files)).texts == {"a": "Räksmörgås", "b": "Två"}


def test_binary_data_is_named(tmp_path: Path) -> None:
    assert faults(tmp_path, {"a.txt": b"PK\x00\x01", "b.txt": "x", "c.txt": "y"}) == [
        "a.txt: holds binary data, not text; save it as plain UTF-8 text."
    ]


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = os.open

    def refuse_one(path: Path, flags: int) -> int:
        if path.name == "a.txt":
            raise PermissionError(13, "Permission denied")
        return opened(path, flags)

    monkeypatch.setattr("cj_pipeline.intake.folder_files.os.open", refuse_one)

    assert faults(tmp_path, {"a.txt": "x", "b.txt": "y", "c.txt": "z"}) == [
        "a.txt: cannot be read (Permission denied); check its permissions."
    ]


@pytest.mark.parametrize("target", ["gone.txt", "../../secret.txt", "c.txt"])
def test_a_link_is_not_followed(tmp_path: Path, target: str) -> None:
    folder = tmp_path / "essays"
    folder.mkdir()
    (tmp_path.parent / "secret.txt").write_text("secret")
    (folder / "a.txt").symlink_to(folder / target)

    assert faults(folder, {"b.txt": "y", "c.txt": "z"}) == ["a.txt: is a link; put the file itself here."]


def test_a_linked_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "essays").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(ConfigurationError, match="essays: is a link"):
        read_essay_texts(tmp_path / "essays")


def test_a_pipe_is_named_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")

    assert faults(tmp_path, {"b.txt": "y", "c.txt": "z"}) == ["a.txt: is no file with text; remove it."]


def test_a_file_of_many_megabytes_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(MOST_BYTES + 1)

    assert faults(tmp_path, {"b.txt": "y", "c.txt": "z"}) == ["a.txt: has 50 MB, more than 50; take out its pictures."]


def test_an_essay_longer_than_any_is_named(tmp_path: Path) -> None:
    assert faults(tmp_path, {"a.txt": "word " * 50_000, "b.txt": "y", "c.txt": "z"}) == [
        "a.txt: holds 250,000 characters; an essay has 200,000 at most. Keep what is to be judged."
    ]


def test_what_cannot_be_used_is_left_out_where_that_is_allowed(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"a.txt": "", "b.jpg": "x", "c.txt": "One.", "d.txt": "One.", "e.txt": "Two."}

    found = read_essay_texts(write(tmp_path, files), skip_unreadable=True)

    assert found.texts == {"c": "One.", "e": "Two."}
    assert found.left_out == {
        "a.txt": "the essay is empty; add its text or remove the file.",
        "b.jpg": f"not an essay file; expected one of {KNOWN_ESSAYS}. Convert or remove it.",
        "d": "has the same text as 'c'; decide which of them is judged.",
    }


def test_where_too_little_is_left_everything_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_essay_texts(write(tmp_path, {"a.txt": "", "b.txt": "One."}), skip_unreadable=True)

    assert "holds 1 essay(s)" in caught.value.faults[0]
    assert caught.value.faults[1].endswith("a.txt: the essay is empty; add its text or remove the file.")


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="essays: the folder is missing; create it"):
        read_essay_texts(tmp_path / "essays")


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    found = faults(
        tmp_path, {"a.txt": "", "b.jpg": "x", "c.txt": b"\x00\x01\x02\xff", "d.txt": "One.", "e.txt": "One."}
    )

    assert [fault.partition(":")[0] for fault in found] == ["a.txt", "b.jpg", "c.txt", "FOLDER"]
