"""The attacks as data, and an essay with an attack in it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cj_pipeline.domain.essays import normalise_text

ATTACKS: Final = Path(__file__).with_name("attacks.json")
OTHER_HAND: Final = Path(__file__).with_name("other_hand.json")
"""Attacks by somebody who had not seen the detector, and that its author had not seen."""

GUESSES: Final = ("0000000000000000", "1234567890abcdef", "a3f9c2d17be40586")
"""Codes of delimiters as an attacker who has seen old prompts would guess them."""


@dataclass(frozen=True, slots=True)
class Attack:
    """A text meant to make a judge prefer the essay it stands in.

    Attributes:
        name: Name in the data.
        family: Kind of attack.
        language: Language it is written in.
        split: `tuned` if the detector may be tuned on it, `held_out` if not, `other_hand` if it is by somebody else.
        place: Where it is put: `start`, `middle` or `end`.
        text: What is put there; `{nonce}` stands for a code that is guessed.
    """

    name: str
    family: str
    language: str
    split: str
    place: str
    text: str

    @property
    def guesses_the_nonce(self) -> bool:
        """Whether it copies the delimiters with a code."""
        return "{nonce}" in self.text

    def put_into(self, essay: str, nonce: str) -> str:
        """The essay with the attack in it, as intake would hand it on.

        Args:
            essay: The essay.
            nonce: What the attack takes for the code of the delimiters.
        """
        text = self.text.replace("{nonce}", nonce)
        before, after = _cut(essay, self.place)
        return normalise_text("\n\n".join(part for part in (before, text, after) if part))


def load_attacks(path: Path = ATTACKS) -> tuple[Attack, ...]:
    """All attacks of a file, in the order of the data."""
    return tuple(Attack(**row) for row in json.loads(path.read_text("utf-8")))


def _cut(essay: str, place: str) -> tuple[str, str]:
    if place == "start":
        return "", essay
    if place == "end":
        return essay, ""
    paragraphs = essay.split("\n\n")
    if len(paragraphs) == 1:
        paragraphs = essay.split("\n")
    half = max(1, len(paragraphs) // 2)
    return "\n\n".join(paragraphs[:half]), "\n\n".join(paragraphs[half:])
