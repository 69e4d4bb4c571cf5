"""Words by which reasons are sorted: which criterion they speak of, and whether they praise. Data, by language."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

CRITERIA: Final = ("content", "structure", "vocabulary", "language")
"""Criteria that reasons are sorted by where a rubric names none of its own, in the order they are shown."""


@dataclass(frozen=True, slots=True)
class FeedbackWords:
    """The words of one language.

    Attributes:
        criteria: Beginnings of words that speak of each of `CRITERIA`.
        positive: Words of praise.
        negative: Words of blame.
        lighter: Phrases with a word of blame that praise.
        breaks: Words at which a sentence turns to the other essay or side.
        labels: How an essay is named by its letter, with {x} for it.
    """

    criteria: Mapping[str, tuple[str, ...]]
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    lighter: tuple[str, ...]
    breaks: tuple[str, ...]
    labels: tuple[str, ...]


@cache
def feedback_words(language: str) -> FeedbackWords:
    """The words of a language; English where there are none.

    Args:
        language: Language of the reasons, ISO 639-1.
    """
    known = json.loads(files("cj_pipeline.domain").joinpath("feedback_words.json").read_text("utf-8"))
    found = known.get(language, known["en"])
    criteria = {name: tuple(found["criteria"][name]) for name in CRITERIA}
    return FeedbackWords(criteria, **{key: tuple(words) for key, words in found.items() if key != "criteria"})
