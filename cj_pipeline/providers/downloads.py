"""Fetching a result file whole: a body that was cut off must not be taken for a short one.

A reply without a length that breaks off at the end of a line looks like a complete file with fewer rows. Its missing
rows would be asked, and paid for, again.
"""

import json
from collections.abc import Callable

from cj_pipeline.engine.ports import RawStore
from cj_pipeline.engine.records import StoredFile
from cj_pipeline.errors import ShortResultsError

_MOST_TRIES = 3


def fetch_whole(
    fetch: Callable[[], StoredFile],
    raw: RawStore,
    n_expected: int,
    *,
    accept_short: bool,
    provider: str,
    operation: str,
) -> StoredFile:
    """Fetch a file until it has all its rows.

    Args:
        fetch: Fetches and stores the file.
        raw: Where it is stored.
        n_expected: Rows the provider says there are.
        accept_short: Whether a file that comes twice with the same bytes, and fewer rows, is short at the provider and
            kept as it is. Two replies can be cut off at the same place, so this wants time to have passed.
        provider: Provider's name, for the message.
        operation: What is attempted, for the message.

    Raises:
        ShortResultsError: It had fewer rows every time.
    """
    seen: set[str] = set()
    for _ in range(_MOST_TRIES):
        stored = fetch()
        if _is_whole(raw, stored, n_expected) or (accept_short and stored.sha256 in seen):
            return stored
        seen.add(stored.sha256)
    raise ShortResultsError(
        f"the file had fewer than the {n_expected} rows there should be, {_MOST_TRIES} times; it is fetched again "
        "later.",
        provider=provider,
        operation=operation,
    )


def _is_whole(raw: RawStore, stored: StoredFile, n_expected: int) -> bool:
    """Whether a file has its rows, and the last of them is not cut off."""
    n, last = 0, b"{}"
    for line in raw.lines(stored.path):
        n, last = n + 1, line
    return n >= n_expected and _is_json(last)


def _is_json(line: bytes) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True
