"""Numbers and names in sentences."""

from collections.abc import Sequence
from typing import Final

_NAMES_SHOWN: Final = 6


def counted(n: int, what: str) -> str:
    """1 essay, 2 essays, 1,740 decisions."""
    return f"{n:,} {what}{'s' * (n != 1)}"


def named(names: Sequence[str]) -> str:
    """Up to six names, and how many more there are."""
    shown = ", ".join(names[:_NAMES_SHOWN])
    return f"{shown} and {len(names) - _NAMES_SHOWN} more" if len(names) > _NAMES_SHOWN else shown


def signed(number: float) -> str:
    """With its sign and two decimals; what rounds to zero has no minus sign."""
    return f"{round(number, 2) + 0.0:+.2f}"
