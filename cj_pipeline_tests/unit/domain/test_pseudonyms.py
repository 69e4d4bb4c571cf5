# ruff: noqa: D103 - the names of the tests say it
"""Labels in place of what a class list holds: where they stand, whose they are, and that they stay."""

import pytest

from cj_pipeline.domain.pseudonyms import LABEL, Masker, Pseudonyms, assigned
from cj_pipeline.domain.roster import Student

ANNA = Student("Anna Svensson", "20070512-1234", "9B", "Östra Real", ("anna.svensson@skola.example", "070-123 45 67"))
MY = Student("Berg, My", "S1042", "9B", "Östra Real")
ASA = Student("Åsa de la Cruz", "17", "A")
LIND = Student("Anna Lind", "abc123", "9B")
LARS = Student("Lars-Erik Öhman", "", "SA22")
WILL = Student("Will Young", "x9")
CLASS = (ANNA, MY, ASA, LIND, LARS, WILL)


def masked(text: str, *students: Student) -> str:
    """Return a text as it may leave, with the first names of students in place of their labels' numbers."""
    given = assigned(students or CLASS, [], Pseudonyms())
    shown = {label: student.name.replace(",", "").split()[0] for label, student in given.students.items()}
    return LABEL.sub(lambda found: f"[{shown.get(found[1], found[1])}]", Masker(given).masked(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am Anna Svensson.", "I am [Anna]."),
        ("ANNA SVENSSON, anna svensson", "[Anna], [Anna]"),
        ("Svenssons bok är Svensson's.", "[Anna]s bok är [Anna]'s."),
        ("A. Svensson, A Svensson and Svensson A.", "[Anna], [Anna] and [Anna]."),
        ("Anna told Anna Lind", "[name] told [Anna]"),
        ("asa, Åsas and ÅSA DE LA CRUZ; la Cruz", "[Åsa], [Åsa]s and [Åsa]; la [Åsa]"),
        ("Lars Erik Ohman, Lars-Erik, Erik", "[Lars-Erik], [Lars-Erik], [Lars-Erik]"),
        ("I like Lars. Erik does not.", "I like [Lars-Erik]. [Lars-Erik] does not."),
        ("A\u030asa and A\u200bnna Svens\u00adson", "[Åsa] and [Anna]"),
        ("annasvensson, SvenssonAnna, asvensson", "[Anna], [Anna], [Anna]"),
        ("Annapolis, Lindholmen and Svenssonska", "Annapolis, Lindholmen and Svenssonska"),
    ],
)
def test_names_are_found_as_people_write_them(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My mother has my book.", "My mother has my book."),
        ("Then My came.", "Then [Berg] came."),
        ("My Berg and Berg M.", "[Berg] and [Berg]."),
        ("Ett berg. Berget. Bergs.", "Ett berg. Berget. Bergs."),
        ("Will young people win? I will.", "Will young people win? I will."),
        ("We asked Will.", "We asked [Will]."),
        ("Will Young said so, WILL YOUNG.", "[Will] said so, [Will]."),
        ("They live in a lind; I met Lind.", "They live in a lind; I met [Anna]."),
    ],
)
def test_a_name_that_is_a_word_is_taken_for_one_where_it_is_written_like_one(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_what_was_taken_for_a_word_is_told() -> None:
    masker = Masker(assigned(CLASS, [], Pseudonyms()))

    assert masker.doubtful("My mother will go to young Anna.") == ["My", "will", "young"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("20070512-1234, 070512-1234, 0705121234, 2007 05 12 1234", "[id], [id], [id], [id]"),
        ("s-1042 and S1042s; ABC 123", "[id] and [id]s; [id]"),
        ("9B, 9 b and 9B:s but 19B, 9Bc", "[class], [class] and [class]:s but 19B, 9Bc"),
        ("Östra Real, östra reals, OSTRA REAL", "[school], [school]s, [school]"),
        ("Anna.Svensson@SKOLA.example", "[contact]"),
        ("0701234567, 070 123 45 67, +46 70-123 45 67, 0046701234567", "[contact], [contact], +[contact], [contact]"),
        ("17 of A, in 2007", "17 of A, in 2007"),
    ],
)
def test_values_are_found_however_they_are_written(text: str, expected: str) -> None:
    assert masked(text) == expected


def test_values_too_short_to_be_searched_for_are_told() -> None:
    assert Masker(assigned(CLASS, [], Pseudonyms())).unsearched == ["17", "A"]


def test_without_a_class_list_nothing_is_replaced() -> None:
    nobody = assigned([], ["Anna Svensson"], Pseudonyms())

    assert Masker(nobody).masked("Anna Svensson, 9B") == "Anna Svensson, 9B"
    assert nobody.essay_id("Anna Svensson") == "Anna Svensson"


@pytest.mark.parametrize(
    ("name", "whose"),
    [
        ("Anna Svensson", ANNA),
        ("svensson_anna_9B", ANNA),
        ("AnnaSvensson2", ANNA),
        ("asvensson essay", ANNA),
        ("20070512-1234", ANNA),
        ("anna.svensson@skola.example", ANNA),
        ("ABC123 final", LIND),
        ("My", MY),
        ("berg my", MY),
        ("Asa", ASA),
        ("LarsErikÖhman", LARS),
        ("will young text", WILL),
    ],
)
def test_an_essay_is_known_by_its_name(name: str, whose: Student) -> None:
    given = assigned(CLASS, [name, "essay-07", "My essay"], Pseudonyms())

    assert given.writer(given.essay_id(name)) == whose
    assert given.essay_id(name).startswith("person-")
    assert set(given.essays) == {name}


def test_a_name_that_may_be_of_two_is_replaced_and_nobodys() -> None:
    given = assigned(CLASS, ["Anna", "anna text"], Pseudonyms())

    assert sorted(given.essays.values()) == ["unclear.1", "unclear.2"]
    assert given.writer("unclear.1") is None


def test_two_essays_of_one_student_have_two_labels() -> None:
    given = assigned(CLASS, ["Anna Svensson", "Anna Svensson 2"], Pseudonyms())
    first, second = given.essay_id("Anna Svensson"), given.essay_id("Anna Svensson 2")

    assert second == f"{first}.2"
    assert given.writer(second) == given.writer(first) == ANNA


def test_a_file_called_like_a_label_is_not_taken_for_that_students() -> None:
    given = assigned(CLASS, ["person-01", "unclear.1"], Pseudonyms())

    assert sorted(given.essays.values()) == ["unclear.1", "unclear.2"]


def test_labels_stay_whoever_comes_or_goes() -> None:
    names = ["Anna Svensson", "Asa"]
    before = assigned(CLASS, names, Pseudonyms())
    more = assigned([Student("Aaron A", "0000"), *CLASS], [*names, "Aaron"], before)
    moved = Student("Anna Svensson", "20070512-1234", "9C")
    fewer = assigned([moved, WILL], names, more)
    again = assigned(CLASS, names, fewer)

    assert before.students.items() <= more.students.items()
    assert before.essays.items() <= more.essays.items()
    assert fewer.writer(before.essay_id("Anna Svensson")) == moved
    assert again.students == before.students
    assert again.essays == before.essays


def test_a_renamed_file_keeps_its_students_label() -> None:
    before = assigned(CLASS, ["Anna Svensson"], Pseudonyms())
    after = assigned(CLASS, ["svensson anna"], before)

    assert after.essay_id("svensson anna") == before.essay_id("Anna Svensson")


def test_the_order_of_a_class_list_does_not_matter_and_does_not_show() -> None:
    many = [Student(f"Anna{chr(97 + i)} Berg{chr(97 + i)}", f"id-{i}") for i in range(20)]
    one, other = assigned(many, [], Pseudonyms()), assigned(many[::-1], [], Pseudonyms())
    labels = [one.labels[student.key] for student in many]

    assert one == other or one.labels == other.labels
    assert labels != sorted(labels)
    assert labels != sorted(labels, reverse=True)


def test_who_has_no_essay_is_known() -> None:
    given = assigned(CLASS, ["Anna Svensson", "Asa", "will young"], Pseudonyms())

    assert [student.name for student in given.without_essay()] == ["Anna Lind", "Berg, My", "Lars-Erik Öhman"]


def test_essays_are_called_by_their_writers_and_two_of_one_name_are_told_apart() -> None:
    students = [Student("Anna Lind", "S1"), Student("Bo Ek", "S2"), Student("Bo Ek", "S3")]
    given = assigned(students, ["Anna Lind", "Anna Lind 2", "S2", "S3", "Bo", "essay-1"], Pseudonyms())
    label = given.essays

    assert "essay-1" not in label
    assert given.called() == {
        label["Anna Lind"]: f"Anna Lind ({label['Anna Lind']})",
        label["Anna Lind 2"]: f"Anna Lind ({label['Anna Lind 2']})",
        label["S2"]: f"Bo Ek ({label['S2']})",
        label["S3"]: f"Bo Ek ({label['S3']})",
        label["Bo"]: "Bo",
    }
    assert given.student_ids() == {
        label["Anna Lind"]: "S1", label["Anna Lind 2"]: "S1", label["S2"]: "S2", label["S3"]: "S3",
    }  # fmt: skip
    assert Pseudonyms().called() == Pseudonyms().student_ids() == {}
