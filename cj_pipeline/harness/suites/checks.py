"""One thing that has to hold of a case, and whether it did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """One expectation.

    Attributes:
        what: What has to hold.
        passed: Whether it did.
        saw: What was seen instead; empty where it passed.
    """

    what: str
    passed: bool
    saw: str = ""


def equal(what: str, seen: object, expected: object) -> Check:
    """Something has to be exactly so."""
    passed = seen == expected
    return Check(what, passed, "" if passed else f"saw {seen!r}, expected {expected!r}")


def within(what: str, seen: float | None, low: float, high: float) -> Check:
    """A number has to lie between two bounds, both included."""
    passed = seen is not None and low <= seen <= high
    return Check(what, passed, "" if passed else f"saw {seen}, expected {low:.4g} to {high:.4g}")
