"""In which language a text is written, by py3langid (its model is part of the package; nothing is downloaded)."""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

FEWEST_WORDS: Final = 20
"""Shorter texts are not judged."""

_SURE: Final = 0.9
_TWO_LETTERS: Final = 2
"""Longer codes are of languages without a code in ISO 639-1, and of what is no language."""


@dataclass(frozen=True, slots=True)
class Language:
    """What was found.

    Attributes:
        code: ISO 639-1; empty where the text is too short or its language is not clear.
        probability: How sure it is, 0 to 1.
    """

    code: str
    probability: float


def language_of(text: str) -> Language:
    """The language of a text, where that is clear."""
    if len(text.split()) < FEWEST_WORDS:
        return Language("", 0.0)
    code, probability = _identifier().classify(text)
    return Language(code if probability >= _SURE and len(code) == _TWO_LETTERS else "", float(probability))


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 (half a second, where it is needed)

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
