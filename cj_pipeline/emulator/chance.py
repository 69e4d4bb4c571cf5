"""Seeded chance: the one place where anything random-looking comes from.

Everything is a function of its arguments, so that a restarted emulator draws the same again. No state, no clock.
"""

import hashlib
import random

_UNIT = float(1 << 64)


def digest(*parts: object) -> bytes:
    """Return the SHA-256 of the parts, separated so that ("ab", "c") and ("a", "bc") differ."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode("utf-8", "surrogatepass")).digest()


def token(*parts: object, length: int = 24) -> str:
    """Return a hexadecimal token that looks random and depends on the parts only."""
    return digest(*parts).hex()[:length]


def unit(*parts: object) -> float:
    """Return a number in [0, 1) that depends on the parts only."""
    return int.from_bytes(digest(*parts)[:8]) / _UNIT


def permutation(n: int, *parts: object) -> list[int]:
    """Return the numbers 0 to n-1 in an order that depends on the parts only."""
    order = list(range(n))
    random.Random(digest(*parts)).shuffle(order)  # noqa: S311 - reproducibility is wanted, not secrecy
    return order


def chosen(share: float, n: int, *parts: object) -> frozenset[int]:
    """Choose exactly ``round(share * n)`` of the numbers 0 to n-1."""
    return frozenset(permutation(n, *parts)[: round(share * n)])
