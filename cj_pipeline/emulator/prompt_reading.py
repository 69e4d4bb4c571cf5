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


def without_essays(user_text: str) -> str:
    """Return the prompt without the essays that stand between genuine delimiters: what is not a pupil's text."""
    pair = read_essay_pair(user_text)
    if pair is None:
        return user_text
    genuine = re.compile(
        rf'<essay_(a|b) nonce="{re.escape(pair.nonce)}">.*?</essay_\1 nonce="{re.escape(pair.nonce)}">', re.DOTALL
    )
    return genuine.sub(" ", user_text)


def first_nonce(user_text: str) -> str | None:
    """Return the code of the first essay's delimiter, which names the question; None if there is none."""
    found = _OPENING.search(user_text)
    return found[1] if found else None
