"""Opaque labels in place of what a roster holds: in the texts, and in place of file names that hold a student's name.

Labels are numbered in an order that only the roster itself gives, so that a class list does not tell who is who. Who
has a label keeps it, whoever comes or goes: a changed label would be a changed text, and paid for again.
What does not belong here: keeping the map (storage), reading the roster (intake).
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from cj_pipeline.domain.known_values import ValueIndex
from cj_pipeline.domain.name_search import NameIndex
from cj_pipeline.domain.roster import Student, bare, folded_words

LABEL: Final = re.compile(r"\[(person-\d+|name|id|class|school|contact)\]")
"""What stands in a text in place of something from the roster."""

_UNCLEAR: Final = "unclear"
_LIKE_LABEL: Final = re.compile(r"(?:person-\d+|unclear)(?:\.\d+)?")
_CAMEL: Final = re.compile(r"(?<=[^\W\d_])(?=[A-ZÀ-ÖØ-Þ][^\W\d_])|[_\d]+")


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """The map between people and labels. It never leaves this machine.

    Attributes:
        students: Students of the roster by label.
        labels: Every label that was ever given, by `Student.key`.
        essays: Label of every essay whose name held a student's, by that name.
    """

    students: Mapping[str, Student] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    essays: Mapping[str, str] = field(default_factory=dict)

    def writer(self, essay_id: str) -> Student | None:
        """Who wrote an essay; None if that is not known."""
        return self.students.get(essay_id.partition(".")[0])

    def names(self) -> dict[str, str]:
        """Names of essays by what they are called from here on, where that is something else."""
        return {label: name for name, label in self.essays.items()}

    def called(self) -> dict[str, str]:
        """What people call essays, by label: their writer's name, or the name of a file that may be of several.

        Where two essays have one name, because a student wrote both or two students share it, the label stands behind.
        """
        names = {
            label: student.name if (student := self.writer(label)) else file for file, label in self.essays.items()
        }
        times = Counter(names.values())
        return {label: name if times[name] == 1 else f"{name} ({label})" for label, name in names.items()}

    def student_ids(self) -> dict[str, str]:
        """Ids of the writers in the class list, by label of their essay, where it has one."""
        writers = {label: self.writer(label) for label in self.essays.values()}
        return {label: writer.student_id for label, writer in writers.items() if writer and writer.student_id}

    def essay_id(self, name: str) -> str:
        """What an essay of this name is called from here on."""
        return self.essays.get(name, name)

    def without_essay(self) -> list[Student]:
        """Students of whom there is no essay, by name."""
        there = {label.partition(".")[0] for label in self.essays.values()}
        return sorted((s for label, s in self.students.items() if label not in there), key=lambda s: s.name)


def assigned(roster: Sequence[Student], names: Iterable[str], kept: Pseudonyms) -> Pseudonyms:
    """Give labels to the students of a roster and to the essays named after them.

    Args:
        roster: The students.
        names: Names of all essays.
        kept: The map so far; what it holds stays as it is.
    """
    labels = dict(kept.labels)
    number = max((int(label.rpartition("-")[2]) for label in labels.values()), default=0)
    for student in _shuffled([s for s in roster if s.key not in labels]):
        if student.key not in labels:
            number += 1
            labels[student.key] = f"person-{number:02d}"
    students = {labels[student.key]: student for student in roster}
    return Pseudonyms(students, labels, _essay_labels(students, sorted(names), kept.essays) if roster else {})


class Masker:
    """Puts labels in the place of what a roster holds.

    Args:
        pseudonyms: The map.
    """

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._names = NameIndex.of(pseudonyms.students)
        self._values = ValueIndex.of(pseudonyms.students)

    def masked(self, text: str) -> str:
        """The text as it may leave."""
        values = [(v.start, v.end, f"[{v.kind}]") for v in self._values.find(text)]
        names = [(m.start, m.end, _label(m.students)) for m in self._names.mentions(text)]
        free = [n for n in names if not any(n[0] < end and start < n[1] for start, end, _ in values)]
        parts, at = [], 0
        for start, end, label in sorted(values + free):
            parts += [text[at:start], label]
            at = end
        return "".join([*parts, text[at:]])

    def doubtful(self, text: str) -> list[str]:
        """Parts of names that were left, because they are words too, as they stand in the text."""
        return [text[start:end] for start, end in self._names.doubtful(text)]

    @property
    def unsearched(self) -> list[str]:
        """Values of the roster that are too short to be searched for."""
        return self._values.unsearched


def _label(students: frozenset[str]) -> str:
    return f"[{next(iter(students))}]" if len(students) == 1 else "[name]"


def _shuffled(students: Sequence[Student]) -> list[Student]:
    """Students in an order that depends on all of them together, and on nothing else."""
    rows = sorted(json.dumps([s.key, s.name, s.class_name, s.school, s.contacts]) for s in students)
    secret = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return sorted(students, key=lambda s: hashlib.sha256(f"{secret}{s.key}".encode()).digest())


def _essay_labels(students: Mapping[str, Student], names: Sequence[str], kept: Mapping[str, str]) -> dict[str, str]:
    index = _EssayNames(students)
    found = {name: whose for name in names if (whose := index.named(name)) is not None}
    # A file that happens to be called like a label would be taken for that student's.
    found |= {name: _UNCLEAR for name in names if name not in found and _LIKE_LABEL.fullmatch(name)}
    # A label is free again when no essay of its name is left: a renamed file is the same essay.
    labels = {name: label for name, label in kept.items() if found.get(name) == label.partition(".")[0]}
    taken = set(labels.values())
    for name, whose in found.items():
        if name not in labels:
            labels[name] = _free_label(whose, taken)
            taken.add(labels[name])
    return dict(sorted(labels.items()))


def _free_label(whose: str, taken: set[str]) -> str:
    if whose != _UNCLEAR and whose not in taken:
        return whose
    number = 1 if whose == _UNCLEAR else 2
    while f"{whose}.{number}" in taken:
        number += 1
    return f"{whose}.{number}"


class _EssayNames:
    """Whose essay it is, by its name."""

    def __init__(self, students: Mapping[str, Student]) -> None:
        self._names = NameIndex.of(students)
        self._ids = {bare(s.student_id): label for label, s in students.items() if s.student_id}
        self._contacts = {bare(c): label for label, s in students.items() for c in s.contacts if "@" in c}

    def named(self, name: str) -> str | None:
        """Label of the student an essay is named after, `unclear` if it may be several, None if nobody is named."""
        if label := self._by_id(name):
            return label
        # In the name of a file, small letters say nothing about what is a name.
        spaced = _CAMEL.sub(" ", name).title()
        mentions = [mention.students for mention in self._names.mentions(spaced)]
        if not mentions:
            words = list(folded_words(spaced))
            mentions = [self._names.parts[w] for w in words] if all(w in self._names.parts for w in words) else []
        if not mentions:
            return None
        common = frozenset.intersection(*mentions)
        return next(iter(common)) if len(common) == 1 else _UNCLEAR

    def _by_id(self, name: str) -> str | None:
        parts = [bare(part) for part in re.split(r"[\s_()]+", name)]
        whole = bare(name.replace("_", ""))
        tried = [whole, *parts, *(bare(part) for part in re.split(r"[\W_]+", name))]
        return next((found for t in tried if (found := self._ids.get(t) or self._contacts.get(t))), None)
