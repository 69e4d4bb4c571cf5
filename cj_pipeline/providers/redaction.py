"""Keys never reach a message: not those that are set, and nothing that looks like one."""

import os
from typing import Final

from cj_pipeline.domain.plain_text import REDACTED, without_keys

_SUFFIXES: Final = ("_API_KEY", "_SECRET_ACCESS_KEY", "_AUTH_TOKEN")
_SHORTEST: Final = 8
"""A shorter value is a word that may stand in any text."""


def redacted(text: str) -> str:
    """A text without the keys in this process's environment, and without what looks like one."""
    for name, value in os.environ.items():
        if name.endswith(_SUFFIXES) and len(value) >= _SHORTEST:
            text = text.replace(value, REDACTED)
    return without_keys(text)
