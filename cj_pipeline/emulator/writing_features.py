"""Surface features of learners' writing and how much each speaks for an essay, in logits.

The weights were set before any data were seen, from what studies of holistic scores of second-language writing agree
on: accuracy weighs most, then lexical range and sophistication, then cohesion and syntax; length helps, but less and
less. They are not fitted to any data set and must not be. Counting errors lives in ``error_signals``.
"""

import math
import re
import statistics
from dataclasses import dataclass
from functools import lru_cache

from cj_pipeline.emulator.error_signals import count_errors

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|$|[\"'\u201d\u2019)])")
_PARAGRAPH = re.compile(r"\n\s*\n|\n")
_WINDOW = 50
_LONG_WORD = 7
_CAP = 2.5

_CONNECTIVES_TEXT = """
    however therefore moreover furthermore nevertheless nonetheless consequently although though whereas meanwhile
    besides instead additionally finally firstly secondly thirdly otherwise similarly hence thus likewise overall
    dock däremot därför dessutom emellertid trots ändå slutligen sammanfattningsvis alltså följaktligen medan
    således istället vidare ytterligare
"""
_CONNECTIVES = frozenset(_CONNECTIVES_TEXT.split())
_CONNECTIVE_PHRASES = (
    "for example", "for instance", "in addition", "on the other hand", "as a result", "in conclusion", "in contrast",
    "first of all", "to sum up", "in other words", "even if", "even though", "till exempel", "å andra sidan",
    "till följd av", "för det första", "med andra ord", "även om",
)  # fmt: skip
_SUBORDINATORS_TEXT = """
    because although though while whereas unless until since which who whose whom whether if when that where after
    before eftersom fastän medan om när att som vilken vilket vilka innan sedan huruvida såvida vars
"""
_SUBORDINATORS = frozenset(_SUBORDINATORS_TEXT.split())


@dataclass(frozen=True)
class Feature:
    """How a measured value becomes logits: ``weight * clip((value - centre) / spread)``."""

    centre: float
    spread: float
    weight: float

    def logits(self, value: float) -> float:
        """Return what a value is worth."""
        return self.weight * max(-_CAP, min(_CAP, (value - self.centre) / self.spread))


FEATURES: dict[str, Feature] = {
    "more accurate language": Feature(-5.0, 4.0, 1.0),
    "a wider vocabulary": Feature(0.74, 0.06, 0.40),
    "longer and rarer words": Feature(0.16, 0.06, 0.30),
    "clearer links between ideas": Feature(3.0, 2.5, 0.25),
    "more developed sentences": Feature(4.5, 2.5, 0.15),
    "varied sentence length": Feature(0.45, 0.2, 0.15),
    "ordered paragraphs": Feature(2.5, 1.2, 0.15),
    "fuller development": Feature(0.75, 0.2, 0.35),
}


@lru_cache(maxsize=4096)
def _measured(text: str) -> tuple[tuple[str, float], ...]:
    return tuple(measure(text).items())


def contributions(text: str) -> dict[str, float]:
    """Return how many logits each feature of a text is worth; their sum is the text's quality."""
    return {name: FEATURES[name].logits(value) for name, value in _measured(text)}


def quality(text: str) -> float:
    """Return a text's quality in logits."""
    return sum(contributions(text).values())


def measure(text: str) -> dict[str, float]:
    """Return the raw value of each feature. A short text is pulled towards the middle, for it shows little."""
    words = _WORD.findall(text)
    lower = [word.lower() for word in words]
    sentences = [_WORD.findall(part) for part in _SENTENCE_END.split(text)]
    lengths = [len(sentence) for sentence in sentences if sentence]
    values = {
        "more accurate language": -100 * count_errors(text, lower, lengths) / (len(words) + 20),
        "a wider vocabulary": _moving_type_token_ratio(lower),
        "longer and rarer words": sum(len(word) >= _LONG_WORD for word in words) / max(1, len(words)),
        "clearer links between ideas": _saturating(_n_connectives(text.lower(), lower), 8.0),
        "more developed sentences": 100 * sum(word in _SUBORDINATORS for word in lower) / max(1, len(words)),
        "varied sentence length": _variation(lengths),
        "ordered paragraphs": min(4.0, len([part for part in _PARAGRAPH.split(text) if part.strip()])),
        "fuller development": 1 - math.exp(-len(words) / 150),
    }
    trust = len(words) / (len(words) + 15)
    return {name: _pulled(name, value, trust) for name, value in values.items()}


def _pulled(name: str, value: float, trust: float) -> float:
    if name == "fuller development":
        return value
    centre = FEATURES[name].centre
    return centre + trust * (value - centre)


def _moving_type_token_ratio(words: list[str]) -> float:
    if len(words) <= _WINDOW:
        # A short text repeats itself less for want of room; the exponent undoes most of that.
        return float((len(set(words)) / max(1, len(words))) * (max(1, len(words)) / _WINDOW) ** 0.2)
    windows = range(0, len(words) - _WINDOW + 1, 5)
    return statistics.fmean(len(set(words[start : start + _WINDOW])) / _WINDOW for start in windows)


def _n_connectives(text: str, words: list[str]) -> int:
    return len(_CONNECTIVES & set(words)) + sum(phrase in text for phrase in _CONNECTIVE_PHRASES)


def _saturating(count: float, most: float) -> float:
    return most * (1 - math.exp(-count / most))


def _variation(lengths: list[int]) -> float:
    if len(lengths) < 2:  # noqa: PLR2004 - one sentence has no variation
        return 0.2
    return min(1.0, statistics.stdev(lengths) / max(1.0, statistics.fmean(lengths)))
