"""Essays that share so much of their wording that one may be a copy of the other.

Texts are compared by their sequences of five words, case and punctuation aside. Which pairs are compared at all comes
from a sample of the sequences (those whose hash divides by a number that grows with the amount of text), as in Manber
(1994), "Finding similar files in a large file system"; what is reported of a pair is counted over all its sequences.
"""

import re
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

SEQUENCE: Final = 5
"""Words in a sequence."""

LEAST_SHARED: Final = 0.5
"""Least share of the shorter text's sequences that makes two essays near-duplicates."""

COMMON: Final = 20
"""A sequence that stands in more essays than this is a quotation (the task, a source) and counts for nobody."""

_FEWEST: Final = 20
_SAMPLE: Final = 3_000_000
_WORD: Final = re.compile(r"\w+")
_FACTOR: Final = np.uint64(0x9E3779B97F4A7C15)

Hashes = npt.NDArray[np.uint64]


@dataclass(frozen=True, slots=True)
class Twins:
    """Two essays that share much of their wording.

    Attributes:
        first: Place of the one in the texts that were given.
        second: Place of the other, after it.
        shared: Share of the shorter one's sequences that stand in the other too, 0 to 1.
    """

    first: int
    second: int
    shared: float


def near_duplicates(texts: Sequence[str], quoted: Iterable[str] = ()) -> list[Twins]:
    """Pairs of texts that share much of their wording, most alike first.

    A text with fewer than 20 sequences of its own is not judged. Up to 10,000 texts of 300 words no such pair is
    missed; among 100,000 of them, one that shares half of its sequences is missed with a probability below 0.001.

    Args:
        texts: The texts.
        quoted: Texts that everybody had before them (the task); what they hold counts for nobody.
    """
    hashes = _Hashes()
    known = np.unique(np.concatenate([_empty(), *map(hashes.of, quoted)]))
    sequences = [np.setdiff1d(hashes.of(text), known) for text in texts]
    every = max(1, sum(map(len, sequences)) // _SAMPLE)
    common = _common(sequences, every)
    found = (_compared(sequences, pair, common) for pair in _candidates(sequences, every))
    kept = [twins for twins in found if twins is not None]
    return sorted(kept, key=lambda t: (-t.shared, t.first, t.second))


class _Hashes:
    """Hashes of sequences; every word is hashed once."""

    def __init__(self) -> None:
        self._words: dict[str, int] = {}

    def of(self, text: str) -> Hashes:
        """Hashes of all sequences of a text, sorted, each once."""
        words = [self._word(word) for word in _WORD.findall(text.casefold())]
        if len(words) < SEQUENCE:
            return _empty()
        numbers = np.array(words, dtype=np.uint64)
        mixed = np.zeros(len(words) - SEQUENCE + 1, dtype=np.uint64)
        for k in range(SEQUENCE):
            mixed = (mixed ^ numbers[k : len(numbers) - SEQUENCE + 1 + k]) * _FACTOR
            mixed ^= mixed >> np.uint64(29)
        return np.unique(mixed)

    def _word(self, word: str) -> int:
        known = self._words.get(word)
        if known is None:
            data = word.encode("utf-8", "replace")
            known = self._words[word] = zlib.crc32(data) << 32 | zlib.crc32(data[::-1])
        return known


def _empty() -> Hashes:
    return np.empty(0, dtype=np.uint64)


def _sampled(sequences: Sequence[Hashes], every: int) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Sampled hashes of all texts with the place of their text, sorted by hash."""
    picked = [own[own % np.uint64(every) == 0] for own in sequences]
    owners = np.repeat(np.arange(len(picked)), [len(own) for own in picked])
    hashes = np.concatenate([_empty(), *picked])
    order = np.argsort(hashes, kind="stable")
    return hashes[order], owners[order]


def _groups(sequences: Sequence[Hashes], every: int) -> Iterable[tuple[np.uint64, npt.NDArray[np.int64]]]:
    """Every sampled hash that stands in several texts, with the places of these."""
    hashes, owners = _sampled(sequences, every)
    changes = np.flatnonzero(hashes[1:] != hashes[:-1]) + 1
    for start, end in pairwise([0, *changes.tolist(), len(hashes)]):
        if end - start > 1:
            yield hashes[start], owners[start:end]


def _common(sequences: Sequence[Hashes], every: int) -> Hashes:
    """Sampled sequences that stand in so many texts that they are quotations."""
    return np.array([h for h, owners in _groups(sequences, every) if len(owners) > COMMON], dtype=np.uint64)


def _candidates(sequences: Sequence[Hashes], every: int) -> list[tuple[int, int]]:
    """Pairs of texts worth comparing: those that share more than one sampled sequence."""
    shared: Counter[tuple[int, int]] = Counter()
    for _, owners in _groups(sequences, every):
        if len(owners) <= COMMON:
            shared.update(combinations(owners.tolist(), 2))
    return sorted(pair for pair, n in shared.items() if n > 1)


def _compared(sequences: Sequence[Hashes], pair: tuple[int, int], common: Hashes) -> Twins | None:
    first, second = (np.setdiff1d(sequences[place], common, assume_unique=True) for place in pair)
    fewest = min(len(first), len(second))
    if fewest < _FEWEST:
        return None
    shared = len(np.intersect1d(first, second, assume_unique=True)) / fewest
    return Twins(*pair, shared) if shared >= LEAST_SHARED else None
