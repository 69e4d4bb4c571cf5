"""Pieces of Markdown, with text from outside kept from being read as Markdown."""

import re
from collections.abc import Iterable, Sequence

from cj_pipeline.harness.eng5.schema_studies import Interval, Rate

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#])")


def paragraphs(*parts: str) -> str:
    """A page of paragraphs, empty ones left out."""
    return "\n\n".join(part for part in parts if part) + "\n"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def plain(text: str) -> str:
    """Text on one line that means itself."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Text on one line in a span of code."""
    return f"`{' '.join(text.replace('`', chr(39)).replace('|', '/').split())}`"


def fenced(text: str) -> str:
    """A block of text as it stands, behind a fence that it does not hold."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def share(rate: Rate) -> str:
    """A share with its interval."""
    if rate.rate is None or rate.low is None or rate.high is None:
        return "none"
    return f"{rate.k} of {rate.n}, {rate.rate:.0%} ({rate.low:.0%} to {rate.high:.0%})"


def figure(interval: Interval, decimals: int = 2) -> str:
    """A figure with its interval."""
    if interval.value is None:
        return "not defined"
    if interval.low is None or interval.high is None:
        return f"{interval.value:.{decimals}f}"
    return f"{interval.value:.{decimals}f} ({interval.low:.{decimals}f} to {interval.high:.{decimals}f})"


def count(n: int, one: str, many: str = "") -> str:
    """A number with its noun; small numbers in words."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return f"{words[n] if n < len(words) else n} {one if n == 1 else many or f'{one}s'}"
