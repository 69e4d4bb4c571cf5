"""Readings of a text with its disguises taken off, each with the way back to where the characters stand in the text.

A reader, human or model, takes `IGNORE`, `ignore` in mathematical letters, `1gn0re` and `i g n o r e` for the same
word. The readings here make them the same for a search. What is searched for does not belong here (hostile_phrases).
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

TAGS: Final = range(0xE0000, 0xE0080)
"""Unicode's tag characters: an invisible copy of ASCII."""

_SILENT: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Drawn as nothing, though Unicode counts them as letters, marks or symbols."""

_LEET: Final = str.maketrans("034578@$€", "oeastbase")
_SPACED_LETTERS: Final = re.compile(r"(?<![^\W_])[^\W_](?:[\W_]{1,3}[^\W_](?![^\W_])){3,}")
_RUN_TOGETHER: Final = re.compile(r"\w{18,}")


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it is read, and where each of its characters comes from.

    Attributes:
        text: What is read.
        places: For each character, its place in the text that was given.
    """

    text: str
    places: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a part of the reading (not empty) stands in the text that was given."""
        return self.places[start], self.places[end - 1] + 1


def is_invisible(char: str) -> bool:
    """Whether a character is drawn as nothing and is no white space."""
    return unicodedata.category(char) == "Cf" or char in _SILENT or "\ufe00" <= char <= "\ufe0f" or ord(char) in TAGS


@lru_cache(maxsize=20_000)
def fold_char(char: str) -> str:
    """What one character is read as: small Latin letters for what looks like them, nothing for what is invisible."""
    if char.isspace():
        return "\n" if char in "\n\r\x0b\x0c\x85\u2028\u2029" else " "
    if ord(char) in TAGS:
        return chr(ord(char) - TAGS.start).lower() if ord(char) - TAGS.start in range(0x20, 0x7F) else ""
    if is_invisible(char):
        return ""
    return "".join(_plain(part) for part in unicodedata.normalize("NFKD", char))


def fold(text: str) -> Reading:
    """Read a text without case, accents, look-alikes, invisible characters and repeated white space."""
    parts: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        for plain in fold_char(char):
            if plain in " \n" and parts and parts[-1] in " \n":
                # A line break anywhere in white space is a line break.
                parts[-1] = "\n" if plain == "\n" else parts[-1]
                continue
            parts.append(plain)
            places.append(place)
    return Reading("".join(parts), places)


def undisguised(reading: Reading) -> Iterator[Reading]:
    """Yield further readings: digits as letters, spaced letters closed up. Each only where it differs."""
    for one in "il":
        text = _without_digits(reading.text, one)
        if text != reading.text:
            yield Reading(text, reading.places)
    spaced = list(_SPACED_LETTERS.finditer(reading.text))
    if spaced:
        yield _closed_up(reading, spaced)


def run_together(reading: Reading) -> Iterator[Reading]:
    """Yield the parts whose words stand without gaps: spaced-out letters, and very long words."""
    for found in _SPACED_LETTERS.finditer(reading.text):
        kept = [k for k in range(*found.span()) if reading.text[k].isalnum()]
        yield Reading("".join(reading.text[k] for k in kept), [reading.places[k] for k in kept])
    for found in _RUN_TOGETHER.finditer(reading.text):
        yield Reading(found[0], reading.places[found.start() : found.end()])


@cache
def look_alikes() -> dict[str, str]:
    """Letters of other alphabets that are drawn like Latin ones, and what they are drawn like."""
    raw = json.loads(files("cj_pipeline.domain").joinpath("look_alikes.json").read_text("utf-8"))
    return {char: latin for latin, chars in raw.items() for char in chars}


def _plain(char: str) -> str:
    if unicodedata.category(char) in {"Mn", "Me", "Cc"}:
        return ""
    alike = look_alikes()
    small = char.casefold()
    return alike.get(char) or "".join(alike.get(c, c) for c in small)


def _without_digits(text: str, one: str) -> str:
    def read(found: re.Match[str]) -> str:
        word = found[0]
        if not any(c.isalpha() for c in word):
            return word
        return word.translate(_LEET).replace("1", one).replace("!", one).replace("|", one)

    return re.sub(r"[\w@$€|]+(?:![\w@$€|]+)*", read, text)


def _closed_up(reading: Reading, spaced: Sequence[re.Match[str]]) -> Reading:
    inside = {k for found in spaced for k in range(*found.span())}
    kept = [k for k, char in enumerate(reading.text) if k not in inside or char.isalnum()]
    return Reading("".join(reading.text[k] for k in kept), [reading.places[k] for k in kept])
