"""Find what in an essay speaks to the judge instead of the reader: orders, fake verdicts, fake delimiters, hidden text.

The essay is never altered. A finding is a reason to look, not a proof of intent, and no finding is no proof of
innocence: a judge's safety rests on the delimiters of the prompt (prompting) and on people who look at the flags.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cj_pipeline.domain.folded_text import Reading, fold, run_together, undisguised
from cj_pipeline.domain.hidden_text import HIDDEN, find_hidden
from cj_pipeline.domain.hostile_marks import DELIMITER, MARKS
from cj_pipeline.domain.hostile_phrases import ADDRESSES, VERDICT, phrases

FAMILIES: Final = (ADDRESSES, VERDICT, DELIMITER, HIDDEN)
"""What is looked for."""

_NEAR: Final = 2
"""Findings of one family this close (characters) are one passage."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an essay that looks meant for the judge.

    Attributes:
        family: One of `FAMILIES`.
        start: Where it begins in the essay.
        end: Where it ends; `text[start:end]` is the passage.
        text: The passage as it stands in the essay, invisible characters included.
    """

    family: str
    start: int
    end: int
    text: str


def find_hostile(text: str, language: str) -> tuple[Passage, ...]:
    """Passages that look meant for the judge, in the order they stand in.

    Phrases are looked for in all languages, whatever the essay's: an order need not be in the essay's language.

    Args:
        text: The essay as it is judged.
        language: Its language code; tells which invisible characters are ordinary.
    """
    spans: dict[str, set[tuple[int, int]]] = defaultdict(set)
    spans[HIDDEN].update(find_hidden(text, language))
    folded = fold(text)
    for reading in (folded, *undisguised(folded)):
        for family, found in _in_reading(reading):
            spans[family].add(found)
    for letters in run_together(folded):
        for family, found in _in_letters(letters):
            spans[family].add(found)
    passages = [
        Passage(family, start, end, text[start:end]) for family, found in spans.items() for start, end in _merged(found)
    ]
    return tuple(sorted(passages, key=lambda p: (p.start, p.end, p.family)))


def _in_reading(reading: Reading) -> Iterator[tuple[str, tuple[int, int]]]:
    for family, pattern in MARKS:
        yield from ((family, reading.span(*found.span())) for found in _real(pattern.finditer(reading.text)))
    for phrase in phrases():
        for found in phrase.spaced.finditer(reading.text):
            yield phrase.family, reading.span(*found.span("said"))


def _in_letters(letters: Reading) -> Iterator[tuple[str, tuple[int, int]]]:
    for phrase in phrases():
        if phrase.squeezed is not None:
            found = phrase.squeezed.search(letters.text)
            if found and found.end() > found.start():
                yield phrase.family, letters.span(*found.span())


def _real(found: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    return (match for match in found if match.end() > match.start())


def _merged(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    current: tuple[int, int] | None = None
    for start, end in sorted(spans):
        if current and start <= current[1] + _NEAR:
            current = current[0], max(current[1], end)
            continue
        if current:
            yield current
        current = start, end
    if current:
        yield current
