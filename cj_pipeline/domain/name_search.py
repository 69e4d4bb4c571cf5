"""Where students of a roster are named in a text: full names, parts of them, initials, with an inflected ending.

What does not belong here: ids, schools and contacts (known_values) and what stands in their place (pseudonyms).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from cj_pipeline.domain.name_words import is_word
from cj_pipeline.domain.roster import PARTICLES, WORD, Student, fold_word

_BETWEEN: Final = re.compile(r"[\s.\u00ad-]{1,3}")
"""What stands between the words of one name."""

_SENTENCE_ENDS: Final = ".!?:;\n\u2026"
_OPENERS: Final = " \t\"'([-*_\u00ab\u00bb\u201c\u201d\u2018\u2019\u2013\u2014"
"""What may stand between the end of a sentence and the next word."""
_SHORTEST_ACCOUNT: Final = 4


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a student is named.

    Attributes:
        start: Where it begins.
        end: Where it ends; an inflected ending (`s`) is no part of it.
        students: Labels of those it may be: several where only a common part of their names stands there.
    """

    start: int
    end: int
    students: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    word: str
    students: frozenset[str]
    initial_of: frozenset[str]
    is_sure: bool
    is_capital: bool


@dataclass
class NameIndex:
    """The names of a roster, ready to be searched for.

    Attributes:
        parts: Students by each folded part of their names, and by parts run together (`annaberg`, `aberg`).
        initials: Students by the first letters of their names.
    """

    parts: dict[str, frozenset[str]] = field(default_factory=dict)
    initials: dict[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, students: Mapping[str, Student]) -> "NameIndex":
        """The index of a roster, by label."""
        index = cls()
        for label, student in students.items():
            given, surname = student.given_and_surname
            names = [name for name in (*given, *surname) if name not in PARTICLES and len(name) > 1]
            for part in {*names, *_run_together(given, surname)}:
                index.parts[part] = index.parts.get(part, frozenset()) | {label}
            for name in names:
                index.initials[name[0]] = index.initials.get(name[0], frozenset()) | {label}
        return index

    def mentions(self, text: str) -> list[Mention]:
        """Every place where a student is named, in order, none inside another."""
        if not self.parts:
            return []
        return [mention for run in self._runs(text) if (mention := _mention(run)) is not None]

    def doubtful(self, text: str) -> list[tuple[int, int]]:
        """Places where a part of a name stands that was taken for the word it also is."""
        return [(t.start, t.end) for run in self._runs(text) if _mention(run) is None for t in run if t.students]

    def _runs(self, text: str) -> Iterator[list[_Token]]:
        """Words next to one another that can be the name of one student."""
        run: list[_Token] = []
        for token in self._tokens(text):
            if run and not (_adjoins(text, run[-1], token) and _common([*run, token])):
                yield from _trimmed(run)
                run = []
            run.append(token)
        yield from _trimmed(run)

    def _tokens(self, text: str) -> Iterator[_Token]:
        for found in WORD.finditer(text):
            word, students, n_ending = self._looked_up(fold_word(found[0]))
            start, end = found.span()
            capital = found[0][0].isupper()
            letters = self.initials.get(word, frozenset()) if len(word) == 1 and capital else frozenset()
            if not students and not letters and word not in PARTICLES:
                continue
            sure = bool(students) and (not is_word(word) or (capital and not _begins_sentence(text, start)))
            yield _Token(start, end - n_ending, word, students, letters, sure, capital)

    def _looked_up(self, word: str) -> tuple[str, frozenset[str], int]:
        """The part of a name that a word is, whose it is, and how many letters of the word are an ending."""
        students = self.parts.get(word)
        if students is None and word.endswith("s") and word[:-1] in self.parts:
            return word[:-1], self.parts[word[:-1]], 1
        return word, students or frozenset(), 0


def _run_together(given: tuple[str, ...], surname: tuple[str, ...]) -> set[str]:
    """Names as accounts and file names have them: `annaberg`, `berganna`, `aberg`."""
    last = "".join(surname)
    if not given or not last:
        return set()
    accounts = {given[0] + last, last + given[0], "".join(given) + last}
    return accounts | {given[0][0] + last} if len(last) >= _SHORTEST_ACCOUNT else accounts


def _adjoins(text: str, left: _Token, right: _Token) -> bool:
    between = text[left.end : right.start]
    if "." in between and len(left.word) > 1:
        # A full stop ends a sentence, except after an initial.
        return False
    return bool(_BETWEEN.fullmatch(between)) and between.count("\n") <= 1


def _common(run: list[_Token]) -> frozenset[str] | None:
    """The students that all words of a run can belong to; None if there is none."""
    whose = [token.students | token.initial_of for token in run if token.word not in PARTICLES]
    return frozenset.intersection(*whose) or None if whose else frozenset({""})


def _trimmed(run: list[_Token]) -> Iterator[list[_Token]]:
    """The run from its first name to its last, initials beside them included; nothing if it holds no name."""
    while run and not run[0].students and run[0].word in PARTICLES:
        run = run[1:]
    while run and not run[-1].students and run[-1].word in PARTICLES:
        run = run[:-1]
    if any(token.students for token in run):
        yield run


def _mention(run: list[_Token]) -> Mention | None:
    """The run as a mention, if it is one and not words that only look like it."""
    named = [token for token in run if token.students]
    sure = any(token.is_sure for token in named)
    in_full = len([t for t in run if t.word not in PARTICLES]) > 1 and all(t.is_capital for t in named)
    students = _common(run)
    if not (sure or in_full) or not students:
        return None
    return Mention(run[0].start, run[-1].end, students - {""})


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - 8) : start].rstrip(_OPENERS)
    return (not before and start <= 8) or (bool(before) and before[-1] in _SENTENCE_ENDS)  # noqa: PLR2004 (as above)
