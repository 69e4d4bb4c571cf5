"""Where values of a roster stand in a text, however they are written there: ids, classes, schools, contacts.

`070-123 45 67` and `+46701234567` are one number, `9 b` and `9B` one class: compared is what is left without
separators, case and accents, over whole words. What does not belong here: names (name_search).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from cj_pipeline.domain.name_words import is_word
from cj_pipeline.domain.roster import Student, bare, fold_word

_CHUNK: Final = re.compile(r"[^\W_]+")
_APART: Final = 3
"""Most characters between two parts of one value."""

_MOST_CHUNKS: Final = 10
_SHORTEST_WORD: Final = 4
_SHORTEST_NUMBER: Final = 4
_SHORTEST_MIX: Final = 2
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_PERSONAL_NUMBER: Final = re.compile(r"(?:19|20)(\d{10})")
_PHONE: Final = re.compile(r"(?:\+|00)?46\s*(?:\(0\))?\s*(\d[\d\s()-]{5,})|0(\d[\d\s()-]{5,})")


@dataclass(frozen=True, slots=True)
class Found:
    """One place where a value stands.

    Attributes:
        start: Where it begins.
        end: Where it ends; an inflected ending (`s`) is no part of it.
        kind: `id`, `class`, `school` or `contact`.
    """

    start: int
    end: int
    kind: str


@dataclass
class ValueIndex:
    """The values of a roster, ready to be searched for.

    Attributes:
        kinds: Kind by bare value.
        unsearched: Values that are too short or too common to be told from words of a text, as they stand.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    unsearched: list[str] = field(default_factory=list)
    _starts: set[str] = field(default_factory=set)
    """First one and first two characters of every value: most words of a text begin none."""

    @classmethod
    def of(cls, students: Mapping[str, Student]) -> "ValueIndex":
        """The index of a roster, by label."""
        index = cls()
        for student in students.values():
            # What counts more comes last: a class that is also an id is an id.
            index.add(student.school, "school")
            index.add(student.class_name, "class")
            for contact in student.contacts:
                index.add(contact, "contact")
            index.add(student.student_id, "id")
        index.unsearched = sorted(set(index.unsearched))
        return index

    def add(self, value: str, kind: str) -> None:
        """Search for one more value; an empty one is passed over."""
        if not bare(value):
            return
        usable = [form for form in _forms(value) if _is_telling(form)]
        if not usable:
            self.unsearched.append(value)
        for form in usable:
            self.kinds[form] = kind
            self._starts |= {form[:1], form[:_SHORTEST_MIX]}

    def find(self, text: str) -> list[Found]:
        """Every place where a value stands, in order, none inside another."""
        return list(self._find(text)) if self.kinds else []

    def _find(self, text: str) -> Iterator[Found]:
        chunks = [(m.start(), m.end(), fold_word(m[0])) for m in _CHUNK.finditer(text)]
        i = 0
        while i < len(chunks):
            found = self._longest(text, chunks, i)
            if found is None:
                i += 1
                continue
            n_chunks, place = found
            yield place
            i += n_chunks

    def _longest(self, text: str, chunks: list[tuple[int, int, str]], i: int) -> tuple[int, Found] | None:
        if chunks[i][2][:_SHORTEST_MIX] not in self._starts:
            return None
        joined, best = "", None
        for j in range(i, min(i + _MOST_CHUNKS, len(chunks))):
            if j > i and chunks[j][0] - chunks[j - 1][1] > _APART:
                break
            joined += chunks[j][2]
            for form, ending in ((joined, 0), (joined[:-1], 1)):
                kind = self.kinds.get(form)
                if kind and (not ending or _is_inflected(chunks[j][2])) and _is_meant(text, chunks[i][0], form):
                    best = (j - i + 1, Found(chunks[i][0], chunks[j][1] - ending, kind))
                    break
        return best


def _is_inflected(chunk: str) -> bool:
    """Whether the last part of a value may be one with an ending."""
    return len(chunk) > 1 and chunk.endswith("s")


def _forms(value: str) -> set[str]:
    """A value in the forms that people write: with and without century, with and without the country's number."""
    plain = bare(value).replace("@", "").replace("+", "")
    forms = {plain}
    if century := _PERSONAL_NUMBER.fullmatch(plain):
        forms.add(century[1])
    if phone := _PHONE.fullmatch(value.strip()):
        number = re.sub(r"\D", "", phone[1] or phone[2])
        forms |= {f"0{number}", f"46{number}", f"460{number}", f"0046{number}"}
    return forms


def _is_telling(form: str) -> bool:
    """Whether a value can be searched for: `17` or `A` stands in any text without being anybody's."""
    if form.isdecimal():
        return len(form) >= _SHORTEST_NUMBER and not _YEAR.fullmatch(form)
    if form.isalpha():
        return len(form) >= _SHORTEST_WORD
    return len(form) >= _SHORTEST_MIX


def _is_meant(text: str, start: int, form: str) -> bool:
    """Whether a value that is a word too is written like a name."""
    return not is_word(form) or not form.isalpha() or text[start].isupper()
