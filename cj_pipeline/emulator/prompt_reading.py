"""Find the two essays in a prompt, as a model would.

The convention, and the only thing of a caller's prompt the emulator relies on: somewhere in the user's text stand

    <essay_a nonce="HEX">
    ...
    </essay_a nonce="HEX">
    <essay_b nonce="HEX">
    ...
    </essay_b nonce="HEX">

A block counts only if its closing tag repeats its opening nonce, and two blocks are a pair only if they share one. A
delimiter that a pupil wrote into an essay lies inside a genuine block, or carries a nonce without partner, and is read
as part of the essay. Of several pairs (a conversation of several turns) the last is the one asked about.
"""

import re
from dataclasses import dataclass

_BLOCK = re.compile(r'<essay_(a|b) nonce="([0-9A-Za-z_-]+)">\r?\n?(.*?)\r?\n?</essay_\1 nonce="\2">', re.DOTALL)


_OPENING = re.compile(r'<essay_a nonce="([0-9A-Za-z_-]+)">')


@dataclass(frozen=True)
class EssayPair:
    """The two essays of a prompt and the nonce that delimited them."""

    essay_a: str
    essay_b: str
    nonce: str


def read_essay_pair(user_text: str) -> EssayPair | None:
    """Return the essays a prompt asks about, or None if it shows no genuine pair."""
    blocks: dict[str, dict[str, str]] = {}
    last: EssayPair | None = None
    for slot, nonce, text in _BLOCK.findall(user_text):
        # Repeated nonces replace the earlier block: a later turn re-asks with the same delimiter.
        found = blocks.setdefault(nonce, {})
        found[slot] = text
        if slot == "b" and "a" in found:
            last = EssayPair(found["a"], found["b"], nonce)
    return last


def outside_essays(user_text: str, nonce: str) -> list[tuple[str, str | None]]:
    """Return what stands outside the genuine blocks of a nonce, piece by piece.

    Args:
        user_text: All text the user sent.
        nonce: The nonce of the essays asked about.

    Returns:
        Each piece with the slot (`a`, `b`) of the essay that was closed last before it, None before the first.
    """
    pieces: list[tuple[str, str | None]] = []
    end, slot = 0, None
    for block in _BLOCK.finditer(user_text):
        if block[2] == nonce:
            pieces.append((user_text[end : block.start()], slot))
            end, slot = block.end(), block[1]
    return [*pieces, (user_text[end:], slot)]


def beginning_of(prompt: str) -> str:
    """Return a prompt up to its first essay: what prompts of one kind share."""
    found = _OPENING.search(prompt)
    return prompt[: found.start()] if found else ""


def first_nonce(user_text: str) -> str | None:
    """Return the code of the first essay's delimiter, which names the question; None if there is none."""
    found = _OPENING.search(user_text)
    return found[1] if found else None
