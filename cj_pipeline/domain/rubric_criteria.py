"""The criteria a rubric names, and which of them a piece of a reason speaks of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cj_pipeline.domain.feedback_words import CRITERIA, FeedbackWords

_HEADING: Final = re.compile(r"^[\s\-*#\d.)]*(?P<name>[^\W\d_][^:.\n?!]{2,59}):\s+\S", re.MULTILINE)
_OWN_WORD: Final = re.compile(r"[^\W\d_]{5,}")
_STEM: Final = 6
_FEWEST: Final = 2
_MOST_WORDS: Final = 5
"""What is longer is a sentence with a colon ("Do not reward length as such: ..."), no heading."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something the rubric asks for.

    Attributes:
        key: One of `CRITERIA` where it is built in, else empty.
        name: Its heading in the rubric; empty where it is built in.
        stems: Beginnings of words that speak of it, lower case.
    """

    key: str
    name: str
    stems: tuple[str, ...]

    def is_meant(self, text: str) -> bool:
        """Whether a text speaks of it."""
        return any(re.search(rf"\b{re.escape(stem)}", text.casefold()) for stem in self.stems)


def rubric_criteria(rubric: str, words: FeedbackWords) -> tuple[Criterion, ...]:
    """The criteria of a rubric, in its order.

    A rubric names its criteria by lines that begin with a heading and a colon ("Structure and coherence: ..."). Where
    fewer than two are found, the built-in criteria stand in. A criterion is known by the words of its heading, and by
    the built-in words of whatever built-in criterion its heading speaks of.
    """
    headings = (match["name"].strip() for match in _HEADING.finditer(rubric))
    names = list(dict.fromkeys(name for name in headings if len(name.split()) <= _MOST_WORDS))
    if len(names) < _FEWEST:
        return tuple(Criterion(key, "", words.criteria[key]) for key in CRITERIA)
    return tuple(Criterion("", name, _stems(name, words)) for name in names)


def _stems(name: str, words: FeedbackWords) -> tuple[str, ...]:
    own = [word.casefold()[:_STEM] for word in _OWN_WORD.findall(name)]
    built_in = [
        stem
        for key in CRITERIA
        if Criterion(key, "", words.criteria[key]).is_meant(name)
        for stem in words.criteria[key]
    ]
    return tuple(dict.fromkeys([*own, *built_in]))


def criteria_of(text: str, criteria: Sequence[Criterion]) -> tuple[int, ...]:
    """Places of the criteria that a text speaks of; empty where it speaks of none."""
    return tuple(i for i, criterion in enumerate(criteria) if criterion.is_meant(text))
