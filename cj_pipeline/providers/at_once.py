"""One request put to a model at once, its answer kept byte for byte in the shape of a job's result row.

So an answer that came at once and one that came from a job are read by the same code. The rows' shapes belong to the
adapters.
"""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from cj_pipeline.domain.batches import BatchJobResult
from cj_pipeline.domain.plain_text import storable
from cj_pipeline.errors import IndeterminateProviderError, PermanentProviderError, SpendLimitError

if TYPE_CHECKING:
    import httpx2

OPERATION: Final = "ask at once"
_REFUSALS: Final = frozenset(
    {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY}
)
"""The provider will not have this one request; others are not concerned."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back.

    Attributes:
        status_code: HTTP status.
        body: The body's bytes on one line.
        request_id: The provider's name for the exchange, empty if it gave none.
    """

    status_code: int
    body: bytes
    request_id: str


def reply_to(post: "Callable[[], httpx2.Response]", errors: AbstractContextManager[None]) -> Reply:
    """Make the call; a refusal of this one request is a reply, every other failure an error.

    Args:
        post: Makes the call.
        errors: Translates the SDK's errors.

    Raises:
        ProviderError: There is no reply that concerns this request alone.
    """
    try:
        with errors:
            response = post()
    except PermanentProviderError as error:
        refused = getattr(error.__cause__, "response", None)
        if refused is None or error.status_code not in _REFUSALS or isinstance(error, SpendLimitError):
            raise
        response = refused
    headers = response.headers
    return Reply(
        status_code=response.status_code,
        # JSON has line ends only between its tokens, where a space means the same.
        body=response.content.replace(b"\r", b" ").replace(b"\n", b" "),
        request_id=headers.get("x-request-id") or headers.get("request-id") or "",
    )


def is_json(body: bytes) -> bool:
    """Whether a body can be put into a row as it is."""
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def checked_row(row: bytes, decode: Callable[[bytes], BatchJobResult | None], reply: Reply, provider: str) -> bytes:
    """The row, if it can be read.

    Raises:
        IndeterminateProviderError: It cannot: something was answered, and probably paid for, that is lost.
    """
    understood = reply.status_code == HTTPStatus.OK or reply.status_code in _REFUSALS
    if understood and decode(row) is not None:
        return row
    start = storable(reply.body[:200].decode("utf-8", "replace"), 200)
    raise IndeterminateProviderError(
        f"HTTP {reply.status_code} with a body that is no answer; it may have been paid for. It starts: {start!r}",
        provider=provider,
        operation=OPERATION,
        status_code=reply.status_code,
    )
