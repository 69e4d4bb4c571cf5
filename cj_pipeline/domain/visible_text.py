"""Text of an essay made fit to be shown in a table: one line, nothing invisible, no markup that takes effect."""

import re
import unicodedata

from cj_pipeline.domain.folded_text import is_invisible

_MARKUP = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$-])")
_RUN = 4
"""Of a longer run of invisible characters only as many are spelt out."""


def visible(text: str, most: int) -> str:
    """Return a passage for a Markdown table: invisible characters as U+XXXX, cut, markup escaped.

    Args:
        text: Any text.
        most: Longest passage before escaping, characters.
    """
    parts: list[str] = []
    run = 0
    for char in text:
        unseen = _is_unseen(char)
        run = run + 1 if unseen else 0
        if run <= _RUN:
            parts.append(f"[U+{ord(char):04X}]" if unseen else char)
        elif run == _RUN + 1:
            parts.append("[…]")
    shown = re.sub(r"\s+", " ", "".join(parts)).strip()
    cut = shown if len(shown) <= most else shown[: most - 1] + "…"
    return _MARKUP.sub(r"\\\1", cut)


def _is_unseen(char: str) -> bool:
    return is_invisible(char) or (unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"} and not char.isspace())
