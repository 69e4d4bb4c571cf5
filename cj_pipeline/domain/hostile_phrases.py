"""Phrases that speak to whoever judges: orders, roles, pleas, verdicts in words, in several languages.

The words are data (`hostile_lexicon.json`), one entry for each language, written without accents; the sentence
patterns they are put into stand here. In a fragment a space stands for any gap between words. What undoes disguises
does not belong here (folded_text).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from cj_pipeline.domain.folded_text import fold_char

Templates = tuple[tuple[str, str], ...]
"""Sentence patterns, each with its family."""

ADDRESSES: Final = "addresses_the_judge"
VERDICT: Final = "fake_verdict"

_TEMPLATES: Final[Templates] = (
    (ADDRESSES, "^{override}~{rules}"),
    (ADDRESSES, "^{choose}~{essay}"),
    (ADDRESSES, "^{give}~{this}~{top}"),
    (ADDRESSES, "^{give}~{top}~(?:to |till |fur |a |para )?{this}"),
    (ADDRESSES, "{you_are} {judge_role}"),
    (ADDRESSES, "^{greet} {judge}"),
    (VERDICT, "{own} {wins}"),
)
_SPACELESS: Final[Templates] = (
    (ADDRESSES, "{override}~{rules}"),
    (ADDRESSES, "{rules}~{override}"),
    (ADDRESSES, "{choose}~{essay}"),
    (VERDICT, "{own}~{wins}"),
)
_ALONE: Final[Templates] = ((ADDRESSES, "{override}"), (ADDRESSES, "{choose}"))
"""For languages whose verb comes last: the whole phrase stands in one fragment."""

_GAP: Final = r"(?:[^\w.!?]|[.!?](?!\s)|_)+"
_FEW_WORDS: Final = rf"(?:{_GAP}[^\W_]+(?:['-][^\W_]+)?){{0,4}}?{_GAP}"
_CLAUSE: Final = r"(?:^|\n|[^\w\s'-]\s*|\d\.?\s)"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One pattern, for text with gaps between words and for text without.

    Attributes:
        family: What is found.
        spaced: Pattern for a folded text; the group `said` is what is found.
        squeezed: Pattern for letters run together; None where gaps do not matter.
    """

    family: str
    spaced: re.Pattern[str]
    squeezed: re.Pattern[str] | None


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every phrase of every language; made once."""
    lexicon = json.loads(files("cj_pipeline.domain").joinpath("hostile_lexicon.json").read_text("utf-8"))
    return tuple(phrase for words in lexicon.values() for phrase in _of_language(words))


def _of_language(words: Mapping[str, Any]) -> Iterator[Phrase]:
    fragments = {name: _fold(f"(?:{value})") for name, value in words.items() if isinstance(value, str)}
    spaceless = bool(words.get("spaceless"))
    usual = _SPACELESS if spaceless else _TEMPLATES
    templates = usual if "rules" in words else _ALONE
    for family, template in templates:
        needed = set(re.findall(r"{(\w+)}", template))
        if needed <= fragments.keys():
            yield _phrase(family, template.format_map(fragments), fragments.get("lead"), spaceless=spaceless)
    for template in words.get("more", ()):
        yield _phrase(ADDRESSES, template, fragments.get("lead"), spaceless=False)


def _phrase(family: str, template: str, lead: str | None, *, spaceless: bool) -> Phrase:
    if spaceless:
        pattern = template.replace("~", r"[^\u3002\uff01\uff1f.!?\n]{0,14}?")
        return Phrase(family, re.compile(f"(?P<said>{pattern})"), None)
    body = template.removeprefix("^")
    start = rf"(?:{_CLAUSE}|(?<!\w)(?:{_gaps(lead)}){_GAP})" if template != body and lead else r"(?<!\w)"
    squeezed = body.replace(" ?", "").replace(" ", "").replace("~", r"\w{0,30}?")
    return Phrase(
        family,
        re.compile(rf"{start}(?P<said>{_gaps(body)})(?!\w)"),
        re.compile(f"(?P<said>{_without_lookahead(squeezed)})"),
    )


def _gaps(fragment: str) -> str:
    # A space that a quantifier follows is one that may be missing.
    return fragment.replace("~", _FEW_WORDS).replace(" ?", r"\s*").replace(" ", _GAP)


def _without_lookahead(pattern: str) -> str:
    """Drop what asks for punctuation after a phrase: letters run together have none."""
    kept, depth, k = [], 0, 0
    while k < len(pattern):
        if depth or pattern.startswith("(?=", k):
            escaped = pattern[k] == "\\"
            depth += (pattern[k] == "(") - (pattern[k] == ")")
            k += 2 if escaped else 1
            continue
        kept.append(pattern[k])
        k += 1
    return "".join(kept)


def _fold(fragment: str) -> str:
    """Fold a fragment's letters as texts are folded; what has a meaning in a pattern stays."""
    return "".join(char if char.isascii() else fold_char(char) for char in fragment)
