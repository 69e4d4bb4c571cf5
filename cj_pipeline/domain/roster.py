"""Who is in the class: what a roster says of each student, and how it is compared with what stands in a text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from cj_pipeline.domain.folded_text import fold_char

WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u00ad\u200b-\u200d\u2060\u0300-\u036f])*")
"""A word of letters only; invisible characters and accents that stand by themselves belong to it."""


@dataclass(frozen=True, slots=True)
class Student:
    """One row of a roster. Everything but the name may be empty.

    Attributes:
        name: Given names and surname, in either order (`Surname, Given`).
        student_id: The school's name for the student: a number, a personal number, an account.
        class_name: Class or group.
        school: Name of the school.
        contacts: E-mail addresses, telephone numbers, postal addresses.
    """

    name: str
    student_id: str = ""
    class_name: str = ""
    school: str = ""
    contacts: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """What tells this student from the others, also when the class or the contacts change."""
        return self.student_id or f"{self.name}\x1f{self.class_name}"

    @property
    def given_and_surname(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Given names and surnames, folded; a single name is a given name."""
        before, comma, after = self.name.partition(",")
        if comma and after.strip():
            return tuple(folded_words(after)), tuple(folded_words(before))
        words = list(self.name.split())
        if len(words) < 2:  # noqa: PLR2004 (no surname)
            return tuple(folded_words(self.name)), ()
        # Particles (van, de la, von) begin a surname that goes on to the end; else the last word is the surname.
        start = next((i for i, w in enumerate(words) if i and fold_word(w) in PARTICLES), len(words) - 1)
        return tuple(folded_words(" ".join(words[:start]))), tuple(folded_words(" ".join(words[start:])))


PARTICLES = frozenset(
    {
        "af",
        "al",
        "av",
        "bin",
        "bint",
        "da",
        "das",
        "de",
        "del",
        "della",
        "den",
        "der",
        "di",
        "do",
        "dos",
        "du",
        "el",
        "ibn",
        "la",
        "le",
        "ten",
        "ter",
        "van",
        "von",
        "y",
        "zu",
    }
)
"""Words inside names that are no name by themselves."""


@lru_cache(maxsize=200_000)
def fold_word(word: str) -> str:
    """A word without case, accents, look-alikes and invisible characters: `Åsa` and `ASA` are `asa`."""
    return "".join(fold_char(char) for char in unicodedata.normalize("NFC", word))


def folded_words(text: str) -> Iterator[str]:
    """Every word of a text, folded."""
    for found in WORD.finditer(text):
        if folded := fold_word(found[0]):
            yield folded


def bare(text: str) -> str:
    """Letters and digits of an id, a number or an address, folded: what is left when people write it their own way."""
    return "".join(fold_word(char) for char in text if char.isalnum() or char in "@+")
