"""Fetching a result file whole: a body that was cut off must not be taken for a short one.

A reply without a length that breaks off at the end of a line looks like a complete file with fewer rows. Its missing
rows would be asked, and paid for, again.
"""

from collections.abc import Callable

from cj_pipeline.engine.ports import RawStore
from cj_pipeline.engine.records import StoredFile
from cj_pipeline.errors import TransientProviderError

_MOST_TRIES = 3


def fetch_whole(
    fetch: Callable[[], StoredFile], raw: RawStore, n_expected: int, *, provider: str, operation: str
) -> StoredFile:
    """Fetch a file until it has all its rows, or comes twice with the same bytes.

    Args:
        fetch: Fetches and stores the file.
        raw: Where it is stored.
        n_expected: Rows the provider says there are.
        provider: Provider's name, for the message.
        operation: What is attempted, for the message.

    Returns:
        The stored file. One that is short twice in the same way is short at the provider, and is kept as it is.

    Raises:
        TransientProviderError: It came out different every time.
    """
    seen: set[str] = set()
    for _ in range(_MOST_TRIES):
        stored = fetch()
        if sum(1 for _ in raw.lines(stored.path)) >= n_expected or stored.sha256 in seen:
            return stored
        seen.add(stored.sha256)
    raise TransientProviderError(
        f"the file was cut off {_MOST_TRIES} times (fewer than {n_expected} rows); it is fetched again later.",
        provider=provider,
        operation=operation,
    )
