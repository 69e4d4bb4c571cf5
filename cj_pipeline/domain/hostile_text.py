"""Passages of an essay that speak to the judge, pretend to be part of the prompt, or hide. Found, never altered.

Detection is for people: an essay with such a passage is flagged, and somebody looks. What protects the judge is the
prompt's delimiting (prompting). Which share of attacks is found, and how often an honest essay is flagged, is measured:
docs/hostile-essays.md.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cj_pipeline.domain.hostile_patterns import HIDDEN, PATTERNS
from cj_pipeline.domain.plain_view import views_of

_INVISIBLE: Final = re.compile("[\u200b-\u200d\u2060\ufeff\u180e\u00ad]")
_MOST_INVISIBLE: Final = 3
"""So many invisible characters come along with pasted text."""

_TURNING: Final = re.compile("[\u202a-\u202e\u2066-\u2069]+|[\U000e0020-\U000e007f]+")
_BLOB: Final = re.compile(r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{24,}={0,2}")
_MIXED: Final = re.compile(r"\b(?=\w*[A-Za-z])(?=\w*[\u0370-\u03ff\u0400-\u04ff])\w{3,}\b")


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """A piece of an essay that somebody should look at.

    Attributes:
        start: Where it begins, characters.
        end: Where it ends.
        family: What it looks like.
        text: The piece as it stands in the essay.
    """

    start: int
    end: int
    family: str
    text: str


def find_hostile(text: str) -> tuple[Passage, ...]:
    """Find passages that speak to the judge, pretend to be part of the prompt, or hide, in the order of the text."""
    spans = {(start, end, family) for start, end, family in [*_by_pattern(text), *_hidden(text)] if end > start}
    return tuple(sorted(Passage(start, end, family, text[start:end]) for start, end, family in _outermost(spans)))


def _by_pattern(text: str) -> Iterator[tuple[int, int, str]]:
    for view in views_of(text):
        for family, patterns in PATTERNS.items():
            for pattern in patterns:
                for found in pattern.finditer(view.text):
                    if found.end() > found.start():
                        yield (*view.origin(found.start(), found.end()), family)


def _hidden(text: str) -> Iterator[tuple[int, int, str]]:
    invisible = list(_INVISIBLE.finditer(text))
    if len(invisible) > _MOST_INVISIBLE:
        yield invisible[0].start(), invisible[-1].end(), HIDDEN
    for pattern in (_TURNING, _MIXED):
        for found in pattern.finditer(text):
            yield found.start(), found.end(), HIDDEN
    for found in _BLOB.finditer(text):
        if _decodes_to_words(found.group()):
            yield found.start(), found.end(), HIDDEN


def _decodes_to_words(blob: str) -> bool:
    """Whether a run of letters and digits is text in Base64."""
    try:
        plain = base64.b64decode(blob + "=" * (-len(blob) % 4), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    return plain.isprintable() and " " in plain


def _outermost(spans: set[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Spans that do not lie inside another one of their family."""
    for start, end, family in spans:
        inside = any((a <= start and end <= b) and (a, b) != (start, end) and kind == family for a, b, kind in spans)
        if not inside:
            yield start, end, family
