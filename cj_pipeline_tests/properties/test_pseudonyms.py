# ruff: noqa: D103 - the names of the tests say it
"""Class lists and texts of every kind: what the list holds does not get through, and nothing else is touched."""

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cj_pipeline.domain.name_words import is_word
from cj_pipeline.domain.personal_data import find_personal
from cj_pipeline.domain.pseudonyms import LABEL, Masker, Pseudonyms, assigned
from cj_pipeline.domain.roster import PARTICLES, Student, bare, folded_words

MANY = settings(deadline=None, max_examples=80)
SYLLABLES = st.sampled_from(
    ["ka", "rø", "lin", "söd", "zby", "ñu", "the", "Åg", "mø", "vik", "tan", "bel", "qui", "dra"]
)
NAME = st.lists(SYLLABLES, min_size=2, max_size=4).map(lambda parts: "".join(parts).capitalize())
NAMES = st.tuples(NAME, NAME).map(" ".join)
NUMBER = st.from_regex(r"[A-Z]{1,3}[0-9]{4,8}", fullmatch=True)
CLASSES = st.lists(st.tuples(NAMES, NUMBER), min_size=1, max_size=6, unique_by=lambda row: row[1])
WRITTEN = st.sampled_from(
    [str, str.upper, str.lower, lambda name: ", ".join(reversed(name.split())), lambda n: f"{n}s"]
)
AROUND = st.sampled_from(["", "I met {} there.", "«{}»", "{}!", "\n{}\n", "x-{}-y", "({})", "{}'s dog"])
PLAIN = st.text(alphabet="abc åäö.,;:!?\n'\"()-0123456789", max_size=60)


def roster(rows: list[tuple[str, str]]) -> list[Student]:
    return [Student(name, number) for name, number in rows]


def searched_for(student: Student) -> set[str]:
    """What of a student must not get through: the id, and names that are no words."""
    parts = {part for part in folded_words(student.name) if not is_word(part) and part not in PARTICLES}
    return parts | {bare(student.student_id)}


@MANY
@given(CLASSES, st.lists(st.tuples(WRITTEN, AROUND, PLAIN), min_size=1, max_size=6), st.data())
def test_no_name_or_id_gets_through(rows: list[tuple[str, str]], pieces: list[tuple], data: st.DataObject) -> None:  # type: ignore[type-arg] # what Hypothesis gives
    students = roster(rows)
    text = ""
    for write, around, plain in pieces:
        student = data.draw(st.sampled_from(students))
        value = data.draw(st.sampled_from([write(student.name), student.student_id, student.student_id.lower()]))
        text += (around or "{}").format(value) + " " + plain + " "
    sent = LABEL.sub("", Masker(assigned(students, [], Pseudonyms())).masked(text))

    words = {bare(word) for word in re.findall(r"[^\W_]+", sent)} | set(folded_words(sent))
    assert not words & {value for student in students for value in searched_for(student)}


@MANY
@given(CLASSES, st.text() | PLAIN)
@example([("Ka Rø", "A1234")], "\ud800 \u0301 [person-01]")
def test_masking_twice_is_masking_once(rows: list[tuple[str, str]], text: str) -> None:
    masker = Masker(assigned(roster(rows), [], Pseudonyms()))
    once = masker.masked(text)

    assert masker.masked(once) == once


@MANY
@given(CLASSES, st.text(alphabet="xyz .,\n!?", max_size=200))
def test_a_text_without_them_stays_as_it_is(rows: list[tuple[str, str]], text: str) -> None:
    assert Masker(assigned(roster(rows), [], Pseudonyms())).masked(text) == text


@MANY
@given(CLASSES, CLASSES, st.lists(NAMES | NUMBER | PLAIN, max_size=8, unique=True))
def test_labels_are_one_to_one_and_stay(
    rows: list[tuple[str, str]], more: list[tuple[str, str]], names: list[str]
) -> None:
    before = assigned(roster(rows), names, Pseudonyms())
    both = {row[1]: row for row in [*more, *rows]}
    after = assigned(roster(list(both.values())), names, before)

    assert len(set(after.labels.values())) == len(after.labels)
    assert len(set(after.essays.values())) == len(after.essays)
    assert before.labels.items() <= after.labels.items()
    assert assigned(roster(list(both.values())), names, after) == after
    used = [after.essay_id(name) for name in names]
    assert len(set(used)) == len(used)


@MANY
@given(st.text() | st.text(alphabet="0123456789-+ @.abkMynameis\n"))
def test_any_text_can_be_looked_through_for_personal_data(text: str) -> None:
    for place in find_personal(text):
        assert place.text in text
        assert place.paragraph >= 1
        assert len(place.masked) == max(2, len(place.text))
