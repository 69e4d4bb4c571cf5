"""What a judge is asked and what it finds; who judges stands in judges."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Question:
    """What a judge is asked.

    Attributes:
        essay_a: The essay shown first.
        essay_b: The essay shown second.
        model: Model name of the request; two models are two raters with different noise.
        nonce: The prompt's nonce; the surface judge does not look at it.
        prompt: The whole user text.
    """

    essay_a: str
    essay_b: str
    model: str
    nonce: str
    prompt: str = ""


@dataclass(frozen=True)
class Judgement:
    """What a judge found.

    Attributes:
        first_wins: Whether the essay shown first is better.
        clearness: How clear the difference is, from 0 (hardly) to below 1 (plain).
        reason: One sentence that names what decided.
    """

    first_wins: bool
    clearness: float
    reason: str


class Judge(Protocol):
    """Anyone who can decide between two essays."""

    @property
    def name(self) -> str:
        """Name by which the judge is chosen and which every HTTP reply carries."""
        ...

    def decide(self, question: Question) -> Judgement:
        """Decide; the same question gets the same judgement."""
        ...
