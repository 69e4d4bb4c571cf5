"""From an SDK's exception to one of the three provider errors. Both SDKs share their exceptions' shape.

What does not belong here: a failed request inside a job, which is data.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Protocol

from cj_pipeline.domain.plain_text import storable
from cj_pipeline.errors import (
    IndeterminateProviderError,
    PermanentProviderError,
    ProviderError,
    TransientProviderError,
)

_REMEDIES: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "the key was refused; check that it is valid and belongs to the right project.",
    HTTPStatus.PAYMENT_REQUIRED: "the account has no credit; top it up.",
    HTTPStatus.FORBIDDEN: "the key may not do this; check its permissions.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "the job is larger than the provider allows.",
}
_RETRYABLE_ROW_STATUSES = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}


class SdkErrors(Protocol):
    """The part of an SDK module that is needed to catch its errors."""

    @property
    def APIConnectionError(self) -> type[Exception]:  # noqa: N802 (the SDKs' name)
        """Raised where no answer was read."""
        ...

    @property
    def APIStatusError(self) -> type[Exception]:  # noqa: N802 (the SDKs' name)
        """Raised where the answer is an HTTP error."""
        ...


def retryable_row(status_code: int) -> bool:
    """Whether a request that failed inside a job with this HTTP status can be helped by asking again."""
    return status_code in _RETRYABLE_ROW_STATUSES or status_code >= HTTPStatus.INTERNAL_SERVER_ERROR


@contextmanager
def translated(sdk: SdkErrors, provider: str, operation: str, *, creates: bool = False) -> Iterator[None]:
    """Translate an SDK's errors inside a `with` block.

    Args:
        sdk: The module `openai` or `anthropic`.
        provider: Provider's name.
        operation: What is attempted, for the message.
        creates: Whether the call makes something that is paid for, so that an unclear answer must be reconciled.

    Raises:
        ProviderError: One of its three kinds.
    """
    import httpx2  # noqa: PLC0415 (comes with both SDKs, and is loaded with them)

    try:
        yield
    except httpx2.TransportError as error:
        # The SDKs wrap errors of a call, not those of reading a streamed body.
        broken = f"the connection broke while the answer was read ({type(error).__name__}: {error})."
        raise TransientProviderError(broken, provider=provider, operation=operation) from error
    except sdk.APIStatusError as error:
        raise _from_status(error, provider, operation, creates=creates) from error
    except sdk.APIConnectionError as error:
        raise _from_connection(error, provider, operation, creates=creates) from error


def _from_status(error: Exception, provider: str, operation: str, *, creates: bool) -> ProviderError:
    status = int(getattr(error, "status_code", 0))
    retry_after = _retry_after_s(error)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        kind: type[ProviderError] = TransientProviderError
    elif status in {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT} or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        kind = IndeterminateProviderError if creates else TransientProviderError
    else:
        kind = PermanentProviderError
    remedy = _REMEDIES.get(status)
    message = f"HTTP {status}: {_detail(error)}" + (f" ({remedy})" if remedy else "")
    return kind(message, provider=provider, operation=operation, status_code=status, retry_after_s=retry_after)


def _from_connection(error: Exception, provider: str, operation: str, *, creates: bool) -> ProviderError:
    # A connection that was never made carried no request; anything later may have been acted on.
    never_sent = type(error.__cause__).__name__ in {"ConnectError", "ConnectTimeout", "UnsupportedProtocol"}
    kind = IndeterminateProviderError if creates and not never_sent else TransientProviderError
    cause = error.__cause__ or error
    what = "cannot be reached" if never_sent else "the connection broke before an answer was read"
    return kind(f"{what} ({type(cause).__name__}: {cause}).", provider=provider, operation=operation)


def _detail(error: Exception) -> str:
    body = getattr(error, "body", None)
    inner = body.get("error", body) if isinstance(body, dict) else None
    message = inner.get("message") if isinstance(inner, dict) else None
    return storable(str(message or error), 500)


def _retry_after_s(error: Exception) -> float | None:
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return float(headers.get("retry-after", ""))
    except ValueError:
        return None
