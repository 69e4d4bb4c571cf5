# ruff: noqa: D103 - the names of the tests say it
"""Texts that share much of their wording."""

import random

import pytest

from cj_pipeline.domain import near_duplicates as module
from cj_pipeline.domain.near_duplicates import COMMON, near_duplicates

WORDS = [f"word{i}" for i in range(3000)]


def texts(n: int, length: int = 300, seed: int = 1) -> list[str]:
    """Texts of words drawn by chance, frequent ones often."""
    rng = random.Random(seed)  # noqa: S311 (not for secrets)
    weights = [1 / (i + 1) for i in range(len(WORDS))]
    return [" ".join(rng.choices(WORDS, weights, k=length)) for _ in range(n)]


def test_texts_of_their_own_are_no_duplicates() -> None:
    assert near_duplicates(texts(50)) == []


def test_copies_are_found_with_the_share_they_share() -> None:
    one, two, three = texts(3)
    half = " ".join([*one.split()[:200], *two.split()[200:]])
    [copy, part] = near_duplicates([one, three, one.upper().replace(" ", ", ") + "!", half])[:2]

    assert (copy.first, copy.second, copy.shared) == (0, 2, 1.0)
    assert (part.first, part.second) in {(0, 3), (2, 3)}
    assert part.shared == pytest.approx(196 / 296, abs=0.01)


def test_a_small_part_in_common_is_no_copy() -> None:
    one, two = texts(2)

    assert near_duplicates([one, " ".join([*one.split()[:100], *two.split()[100:]])]) == []


def test_what_the_task_quotes_counts_for_nobody() -> None:
    quote, one, two = texts(3, length=120)

    assert len(near_duplicates([quote + " " + one, quote + " " + two[:300]])) == 1
    assert near_duplicates([quote + " " + one, quote + " " + two[:300]], [quote]) == []


def test_what_most_texts_quote_counts_for_nobody() -> None:
    source, *own = texts(COMMON + 3, length=80)

    assert near_duplicates([f"{source} {source} {text}" for text in own]) == []


def test_short_texts_are_not_judged() -> None:
    assert near_duplicates(["one two three four five six"] * 2) == []
    assert near_duplicates([]) == []


def test_a_sample_of_the_sequences_finds_the_same_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    made = texts(400)
    for k in range(0, 60, 2):
        made[k + 1] = " ".join([*made[k].split()[:170], *made[k + 1].split()[170:]])
    whole = near_duplicates(made)
    monkeypatch.setattr(module, "_SAMPLE", 12_000)

    assert [(t.first, t.second) for t in whole if t.first % 2 or t.second != t.first + 1] == []
    assert len(whole) == 30
    assert {(t.first, t.second) for t in near_duplicates(made)} == {(t.first, t.second) for t in whole}
