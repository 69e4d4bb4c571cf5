"""Looking through disguises: a text as a reader would understand it, with the way back to where each letter stands.

Invisible characters are dropped, tag characters, full-width forms and look-alike letters become the plain letters they
imitate, letters that are spaced out close up, digits that stand for letters become letters. For searching only: the
text itself is never altered.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Final

_LOOK_ALIKES: Final = str.maketrans(
    {
        **dict(zip("\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0458\u0455", "aceopxyijs", strict=True)),
        **dict(zip("\u04bb\u0501\u04cf\u043a\u043c\u0442\u043d\u0432", "hdlkmthb", strict=True)),
        **dict(zip("\u03b1\u03bf\u03b5\u03c1\u03b9\u03bd\u03ba\u03c4\u03c5\u03c7", "aoepivktux", strict=True)),
    }
)
"""Cyrillic and Greek letters, lower case, and the Latin ones they look like."""

_DIGITS: Final = str.maketrans("013457@$", "oieastas")
_TAGS: Final = 0xE0000
_TAG_LETTERS: Final = range(_TAGS + 0x20, _TAGS + 0x7F)
_TURNED: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACED: Final = re.compile(r"(?<!\w)\w(?:[ .\-_*·]{1,2}\w){3,}(?!\w)")


@dataclass(frozen=True, slots=True)
class View:
    """A way of reading a text.

    Attributes:
        text: As it is read.
        places: Where in the original each of its characters stands.
    """

    text: str
    places: tuple[int, ...]

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of the view stands in the original, as (start, end)."""
        ends = self.places[start], self.places[end - 1]
        return min(ends), max(ends) + 1


def views_of(text: str) -> list[View]:
    """All ways in which a text is read; the first is the plain one."""
    plain = _plain(text)
    disguised = View(plain.text.translate(_LOOK_ALIKES), plain.places)
    leet = View(disguised.text.translate(_DIGITS), plain.places)
    found = [plain, disguised, leet, *_closed_up(disguised)]
    if _TURNED.search(text):
        found.append(View(disguised.text[::-1], disguised.places[::-1]))
    return list(dict.fromkeys(found))


def _plain(text: str) -> View:
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        shown = chr(ord(char) - _TAGS) if ord(char) in _TAG_LETTERS else _folded(char)
        letters.append(shown)
        places.extend([place] * len(shown))
    return View("".join(letters), tuple(places))


def _folded(char: str) -> str:
    if unicodedata.category(char) == "Cf":
        return ""
    decomposed = unicodedata.normalize("NFKD", char).casefold()
    return "".join(c for c in decomposed if unicodedata.category(c) != "Mn")


def _closed_up(view: View) -> list[View]:
    """The view with its spaced-out runs of letters closed up, as one word each; none if there are no such runs.

    Words inside such a run are set apart by something else than its letters are; that becomes a space.
    """
    if not _SPACED.search(view.text):
        return []
    letters: list[str] = []
    places: list[int] = []
    at = 0
    for run in _SPACED.finditer(view.text):
        letters += view.text[at : run.start()]
        places += view.places[at : run.start()]
        pieces = list(re.finditer(r"[^\W_]|[\W_]+", run.group()))
        usual = Counter(piece.group() for piece in pieces[1::2]).most_common(1)[0][0]
        for piece in pieces:
            if piece.group() != usual:
                letters.append(piece.group() if piece.group().isalnum() else " ")
                places.append(view.places[run.start() + piece.start()])
        at = run.end()
    letters += view.text[at:]
    places += view.places[at:]
    return [View("".join(letters), tuple(places))]
