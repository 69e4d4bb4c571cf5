"""Text that came from outside, made fit to be stored."""

import re
from typing import Final

REDACTED: Final = "[redacted]"
_KEYS: Final = re.compile(r"\b(?:sk|pk)-[A-Za-z0-9_*-]{8,}|(?<=Bearer )\S{8,}")
"""What the providers' keys look like, whole or with asterisks in their middle, and what stands after `Bearer`."""


def storable(text: str, most: int) -> str:
    """Replace what no database stores (NUL, lone surrogates) and what looks like a key, and cut the text.

    A model may answer with any escaped character; one strange answer must not keep a job from being recorded. And a
    provider that refuses a key may repeat it.

    Args:
        text: Any text.
        most: Longest result, characters.
    """
    clean = text.encode("utf-8", "replace").decode().replace("\x00", "\ufffd")
    return without_keys(clean)[:most]


def without_keys(text: str) -> str:
    """The text with what looks like a key replaced by `[redacted]`."""
    return _KEYS.sub(REDACTED, text)
