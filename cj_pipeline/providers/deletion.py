"""What deleting twice means: nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from cj_pipeline.errors import PermanentProviderError


@contextmanager
def gone_is_fine() -> Iterator[None]:
    """Let a `with` block end early where what it asks for does not exist (any more)."""
    try:
        yield
    except PermanentProviderError as error:
        if error.status_code != HTTPStatus.NOT_FOUND:
            raise
