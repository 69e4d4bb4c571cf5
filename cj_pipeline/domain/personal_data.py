"""What looks like personal data in a text, whoever it belongs to: reported to a person, never altered.

It errs on the side of silence where essays are full of the like (years, sums, dates): alarms that are mostly false
are not read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE: Final = re.compile(r"(?<![\w@/.])@[A-Za-z0-9_](?:[\w.]{1,28})[A-Za-z0-9_]")
_PERSONAL_NUMBER: Final = re.compile(r"(?<![\d-])(?:(19|20)?(\d{2})(\d{2})(\d{2}))[-+ ]?(\d{4})(?![\d-])")
_PHONE: Final = re.compile(r"(?<![\w.,+-])(?:\+\d{1,3}[ -]?|0)(?:\(0\))?\d(?:[ -]?\d){6,11}(?![\w-]|[.,]\d)")
_NUMBER: Final = re.compile(r"(?<![\w.,+-])(?=[A-Za-z]*\d)[A-Za-z]{0,4}[-_]?\d{6,12}(?![\w-]|[.,]\d)")
_INTRODUCED: Final = re.compile(
    r"\b(?:[Mm]y (?:full )?name is|[Jj]ag heter|[Mm]itt namn är|[Ii] am called|[Jj]ag kallas)\s+"
    r"(?P<value>[A-ZÀ-ÖØ-Þ][\w'-]+(?:\s+[A-ZÀ-ÖØ-Þ][\w'-]+)*)"
)
_COORDINATION_DAY: Final = 60
"""Coordination numbers, for people who are not registered in Sweden, have this added to the day."""


@dataclass(frozen=True, slots=True)
class LooksPersonal:
    """One place that looks like personal data.

    Attributes:
        kind: `e-mail`, `account`, `personal number`, `phone`, `number` or `name`.
        text: What stands there.
        paragraph: In which paragraph, from 1.
    """

    kind: str
    text: str
    paragraph: int

    @property
    def masked(self) -> str:
        """The first and last character with dots between: enough to find it, not enough to tell it."""
        return f"{self.text[0]}{'•' * (len(self.text) - 2)}{self.text[-1]}"


def find_personal(text: str) -> list[LooksPersonal]:
    """Every place that looks like personal data, in order of kind and place, none counted twice."""
    found: list[LooksPersonal] = []
    taken: list[tuple[int, int]] = []
    for kind, start, end in _candidates(text):
        if not any(start < e and s < end for s, e in taken):
            taken.append((start, end))
            found.append(LooksPersonal(kind, text[start:end], len(re.findall(r"\n\s*\n", text[:start])) + 1))
    return found


def _candidates(text: str) -> Iterator[tuple[str, int, int]]:
    for found in _EMAIL.finditer(text):
        yield "e-mail", *found.span()
    for found in _PERSONAL_NUMBER.finditer(text):
        if _is_personal_number(found):
            yield "personal number", *found.span()
    for kind, pattern in (("phone", _PHONE), ("number", _NUMBER), ("account", _HANDLE)):
        for found in pattern.finditer(text):
            yield kind, *found.span()
    for found in _INTRODUCED.finditer(text):
        yield "name", *found.span("value")


def _is_personal_number(found: re.Match[str]) -> bool:
    """Whether digits are a Swedish personal or coordination number: a date, and the check digit (Luhn) that fits."""
    century, year, month, day, end = found.groups()
    digits = [int(d) for d in year + month + day + end]
    doubled = [d * 2 if i % 2 == 0 else d for i, d in enumerate(digits)]
    if sum(d // 10 + d % 10 for d in doubled) % 10:
        return False
    number = int(day)
    try:
        date(int(f"{century or '20'}{year}"), int(month), number - _COORDINATION_DAY * (number > _COORDINATION_DAY))
    except ValueError:
        return False
    return True
