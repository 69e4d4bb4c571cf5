"""Text that a person does not see or cannot read: invisible characters, mixed alphabets, encoded blobs.

Some invisible characters are ordinary: joiners in emoji and in scripts that need them, direction marks beside
right-to-left writing, soft hyphens, one stray zero-width space from a web page.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from cj_pipeline.domain.folded_text import TAGS, is_invisible, look_alikes

HIDDEN: Final = "hidden_text"

_JOINERS: Final = "\u200c\u200d"
_DIRECTIONS: Final = "\u200e\u200f\u061c"
_FORCED: Final = frozenset("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u202c\u2069")
_STRAY: Final = frozenset("\u00ad\ufeff\ufe0e\ufe0f")
_RIGHT_TO_LEFT: Final = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "yi", "dv"})
_BLOB: Final = re.compile(r"(?<![\w+/=:.-])[A-Za-z0-9+/_-]{20,}={0,2}")
_SOLID: Final = re.compile(r"[A-Za-z0-9+/_-]{60,}={0,2}")
_HEX: Final = re.compile(r"(?<!\w)(?:0x)?(?:[0-9a-fA-F]{2}[ :]?){24,}(?!\w)")
_ESCAPES: Final = re.compile(r"(?:\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|&#x?[0-9a-fA-F]+;|%[0-9a-fA-F]{2}){6,}")
_ALPHABETS: Final = ("CYRILLIC", "GREEK", "ARMENIAN")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_COMMENT: Final = re.compile(
    r"<!--.*?(?:-->|\Z)|<[^<>\n]*(?:display\s*:\s*none|font-size\s*:\s*0|color\s*:\s*white)[^<>\n]*>", re.DOTALL
)


def find_hidden(text: str, language: str) -> Iterator[tuple[int, int]]:
    """Yield where something is hidden, as start and end.

    Args:
        text: Any text.
        language: Language code; tells which invisible characters are ordinary.
    """
    yield from _invisible_runs(text, language)
    yield from _mixed_words(text)
    yield from _encoded(text)
    yield from (found.span() for found in _COMMENT.finditer(text))


def _invisible_runs(text: str, language: str) -> Iterator[tuple[int, int]]:
    if text.isascii():
        return
    start = 0
    while start < len(text):
        if not is_invisible(text[start]):
            start += 1
            continue
        end = start
        while end < len(text) and is_invisible(text[end]):
            end += 1
        if not _is_ordinary(text, start, end, language):
            yield start, end
        start = end


def _is_ordinary(text: str, start: int, end: int, language: str) -> bool:
    run = text[start:end]
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    if any(char in _FORCED for char in run):
        return language in _RIGHT_TO_LEFT and len(run) <= 2  # noqa: PLR2004 (an opening and a mark)
    if any(ord(char) in TAGS for char in run):
        # The flags of England, Scotland and Wales are a black flag and tags.
        return before == "\N{WAVING BLACK FLAG}" and len(run) <= 7 and run[-1] == "\U000e007f"  # noqa: PLR2004
    if len(run) == 1:
        return _is_ordinary_alone(run, before, after, language)
    in_emoji = all(char in _STRAY or char in _JOINERS for char in run)
    return in_emoji and len(run) == 2 and _is_picture(before)  # noqa: PLR2004 (a variant and a joiner)


def _is_ordinary_alone(char: str, before: str, after: str, language: str) -> bool:
    if char in _STRAY:
        return True
    if char in _JOINERS:
        return _is_picture(before) or _needs_joiners(before) or _needs_joiners(after)
    if char in _DIRECTIONS:
        return language in _RIGHT_TO_LEFT or _is_right_to_left(before) or _is_right_to_left(after)
    return not (before.isalnum() and after.isalnum())


def _is_picture(char: str) -> bool:
    return bool(char) and (unicodedata.category(char) in {"So", "Sk", "Sm"} or char in "0123456789#*")


def _needs_joiners(char: str) -> bool:
    return bool(char) and char.isalpha() and not unicodedata.name(char, "").startswith(("LATIN", "CYRILLIC", "GREEK"))


def _is_right_to_left(char: str) -> bool:
    return bool(char) and unicodedata.bidirectional(char) in {"R", "AL"}


def _mixed_words(text: str) -> Iterator[tuple[int, int]]:
    """Words in which letters of another alphabet pose as Latin ones, and words of styled letters."""
    if not text.isascii():
        yield from (found.span() for found in _WORD.finditer(text) if _is_disguised(found[0]))


def _is_disguised(word: str) -> bool:
    names = [unicodedata.name(char, "") for char in word]
    if sum(name.startswith(("MATHEMATICAL", "FULLWIDTH LATIN")) for name in names) >= 3:  # noqa: PLR2004 (x, y)
        return True
    latin = "".join(char for char, name in zip(word, names, strict=True) if name.startswith("LATIN"))
    foreign = "".join(char for char, name in zip(word, names, strict=True) if name.startswith(_ALPHABETS))
    if not latin or not foreign or any(char not in look_alikes() for char in foreign):
        return False
    # NF-kappa-B and its like: Greek letters in an abbreviation.
    return not (latin.isupper() and foreign.islower())


def _encoded(text: str) -> Iterator[tuple[int, int]]:
    yield from (found.span() for pattern in (_ESCAPES, _HEX) for found in pattern.finditer(text))
    for found in _SOLID.finditer(text):
        if _looks_random(found[0]) and not _is_in_address(text, found.start()):
            yield found.span()
    for found in _BLOB.finditer(text):
        if _decodes(found[0]):
            yield found.span()


def _looks_random(word: str) -> bool:
    return any(c.isdigit() for c in word) and any(c.isupper() for c in word) and any(c.islower() for c in word)


def _is_in_address(text: str, start: int) -> bool:
    token = re.split(r"\s", text[:start])[-1].lower()
    return "://" in token or token.startswith("www.")


def _decodes(word: str) -> bool:
    body = word.rstrip("=").replace("-", "+").replace("_", "/")
    try:
        plain = base64.b64decode(body + "=" * (-len(body) % 4)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    return plain.isprintable() and " " in plain
