"""Reading an Anthropic batch's results file, whole or only its beginning, from the provider's own host only."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from cj_pipeline.errors import PermanentProviderError

if TYPE_CHECKING:
    import httpx2
    from anthropic import Anthropic
    from anthropic.types.messages import MessageBatch

_HEAD_BYTES: Final = 262_144
"""How much of a file is read to see whose it is: some hundred rows, in case the first ones are damaged."""

_HEAD_ROWS: Final = 20
_NAME: Final = re.compile(rb'"custom_id"\s*:\s*"([A-Za-z0-9_-]{1,64})"')
"""A name is told even in a row that was cut off. Inside an answer's text the quotes would be escaped."""

Errors = Callable[[str], AbstractContextManager[None]]


class Results:
    """Results files of one account.

    Args:
        client: Gives the SDK's client.
        errors: Translates the SDK's errors of the operation it names.
    """

    def __init__(self, client: "Callable[[], Anthropic]", errors: Errors) -> None:
        self._client = client
        self._errors = errors

    @contextmanager
    def opened(self, batch: "MessageBatch", operation: str) -> "Iterator[httpx2.Response]":
        """The reply whose body is the file, not read yet.

        The SDK's own way asks for the batch a second time and goes wherever that answer points, with the key.

        Raises:
            PermanentProviderError: The file is said to be at another host, or does not exist (404).
        """
        import httpx2  # noqa: PLC0415 (comes with the SDK, and is loaded with it)

        url = batch.results_url or ""
        self._require_own_host(batch.id, url)
        with self._errors(operation):
            reply = self._client().get(
                url,
                cast_to=httpx2.Response,
                options={"headers": {"Accept": "application/binary"}, "follow_redirects": False},
                stream=True,
                stream_cls=None,
            )
            with closing(reply) as response:
                yield response

    def names(self, batch: "MessageBatch") -> frozenset[str] | None:
        """The `custom_id`s at the beginning of the file; None where they cannot be read yet."""
        if not batch.results_url:
            return None
        try:
            with self.opened(batch, "read first results") as response:
                head = _beginning(response.iter_bytes())
        except PermanentProviderError as error:
            if error.status_code == HTTPStatus.NOT_FOUND:
                return None
            raise
        return frozenset(name.decode() for name in _NAME.findall(head)) or None

    def _require_own_host(self, batch_id: str, url: str) -> None:
        import httpx2  # noqa: PLC0415 (comes with the SDK, and is loaded with it)

        # Read by the code that would follow it, so that no two readings can differ.
        target, own = httpx2.URL(url), self._client().base_url
        elsewhere = (target.scheme, target.host, target.port) != (own.scheme, own.host, own.port)
        if (target.scheme or target.host) and (elsewhere or target.userinfo):
            raise PermanentProviderError(
                f"the results of {batch_id} are said to be at {target.scheme}://{target.host}, not at "
                f"{own.scheme}://{own.host}; they were not fetched, because the key would be sent there.",
                provider="anthropic",
                operation="collect results",
            )


def _beginning(chunks: Iterator[bytes]) -> bytes:
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= _HEAD_BYTES or head.count(b"\n") >= _HEAD_ROWS:
            break
    return head
