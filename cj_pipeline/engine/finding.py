"""What a check found, whatever it looked at."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import isnan
from typing import TypeAlias

Number: TypeAlias = float | int | str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        holds: Whether it holds.
        words: What is the matter and what to do; may say something where it holds, too.
        numbers: Evidence, by name.
        header: Column names of the table of evidence.
        rows: Its rows, most telling first.
        is_grave: Whether going on would cost money or give a wrong result, where it does not hold; else a person looks.
    """

    holds: bool
    words: str = ""
    numbers: Mapping[str, Number] = field(default_factory=dict)
    header: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = ()
    is_grave: bool = False


def shown(value: Number) -> Number:
    """A number as it is shown: rounded; "none" where there is none."""
    if isinstance(value, float):
        return "none" if isnan(value) else float(f"{value:.4g}")
    return value
