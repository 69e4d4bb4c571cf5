"""Reading a judge's answer: a verdict, or a plain statement why it is unreadable. Never a guess.

What does not belong here: the provider's envelope around the answer (providers).
"""

import json
from dataclasses import dataclass
from typing import Final, Literal

from cj_pipeline.domain.plain_text import storable

STRENGTHS: Final = ("slightly", "clearly", "much")
"""How clearly the better essay is better, weakest first. A strength is stored as 1, 2 or 3."""

REASON_MAX_CHARS: Final = 400
"""Longest reason that is kept, characters. A longer one is cut; the raw answer keeps all of it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Which of the two essays is better, and how clearly.

    Attributes:
        winner: `first` or `second`, by the order in which the essays were shown.
        strength: 1 slightly, 2 clearly, 3 much better.
        reason: The judge's reason, at most `REASON_MAX_CHARS` characters.
    """

    winner: Literal["first", "second"]
    strength: int
    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An answer that is not a verdict.

    Attributes:
        cause: What is wrong with it.
    """

    cause: str


def read_verdict(answer: str) -> Verdict | Unreadable:
    """Read an answer strictly.

    Args:
        answer: The text of the answer: one JSON object as in `prompting.answer_schema`.

    Returns:
        The verdict, or why there is none. An answer that names no essay is never counted for either side.
    """
    try:
        fields = json.loads(answer)
    except (ValueError, RecursionError):
        return Unreadable("the answer is not JSON")
    if not isinstance(fields, dict):
        return Unreadable("the answer is not a JSON object")
    winner = {"A": "first", "B": "second"}.get(str(fields.get("better_essay")))
    if winner is None:
        return Unreadable('"better_essay" is neither "A" nor "B"')
    if fields.get("strength") not in STRENGTHS:
        return Unreadable(f'"strength" is none of {", ".join(STRENGTHS)}')
    reason = fields.get("reason")
    if not isinstance(reason, str):
        return Unreadable('"reason" is missing')
    strength = STRENGTHS.index(fields["strength"]) + 1
    return Verdict("first" if winner == "first" else "second", strength, storable(reason, REASON_MAX_CHARS))
