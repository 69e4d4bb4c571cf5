"""From an SDK's exception to one of the provider errors. Both SDKs share their exceptions' shape.

What does not belong here: a failed request inside a job, which is data.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from http import HTTPStatus
from typing import Protocol

from cj_pipeline.domain.plain_text import storable
from cj_pipeline.errors import (
    IndeterminateProviderError,
    PermanentProviderError,
    ProviderError,
    QueueFullError,
    SpendLimitError,
    TransientProviderError,
)
from cj_pipeline.providers.account_faults import inner_error, is_queue_full, is_unpaid
from cj_pipeline.providers.redaction import redacted
from cj_pipeline.providers.retry_after import retry_after_s

_REMEDIES: dict[int, str] = {
    HTTPStatus.UNAUTHORIZED: "the key was refused; check that it is valid and belongs to the right project.",
    HTTPStatus.FORBIDDEN: "the key may not do this; check its permissions.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "it is larger than the provider allows.",
}
_TOP_UP = (
    "the account has no credit or has reached its spending limit; top it up or raise the limit, then submit again."
)
_WAIT = "the account's queue is full; it goes on when other jobs have ended."
_MOVED = "the provider's address sends us elsewhere; that was not followed, because the key would go with it."
_OVERLOADED = 529
_NEVER_SENT = {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol"}
_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT}


class Effect(Enum):
    """What a call leaves behind at the provider, and so what an unclear answer means."""

    NONE = "none"
    """Nothing that is paid for: repeat freely."""
    JOB = "job"
    """A job that is paid for: after any unclear answer the provider is searched for it."""
    ANSWER = "answer"
    """An answer that is paid for, at once. The provider says clearly when it had no room to answer (503, 529)."""


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
    again = status_code in _AGAIN or status_code == HTTPStatus.TOO_MANY_REQUESTS
    return again or status_code >= HTTPStatus.INTERNAL_SERVER_ERROR


@contextmanager
def translated(sdk: SdkErrors, provider: str, operation: str, effect: Effect = Effect.NONE) -> Iterator[None]:
    """Translate an SDK's errors inside a `with` block.

    Args:
        sdk: The module `openai` or `anthropic`.
        provider: Provider's name.
        operation: What is attempted, for the message.
        effect: What the call leaves behind.

    Raises:
        ProviderError: One of its kinds.
    """
    import httpx2  # noqa: PLC0415 (comes with both SDKs, and is loaded with them)

    try:
        yield
    except httpx2.TransportError as error:
        # The SDKs wrap errors of a call, not those of reading a streamed body.
        raise _broken(error, "while the answer was read", provider, operation, effect) from error
    except sdk.APIStatusError as error:
        raise _from_status(error, provider, operation, effect) from error
    except sdk.APIConnectionError as error:
        raise _from_connection(error, provider, operation, effect) from error


def _from_status(error: Exception, provider: str, operation: str, effect: Effect) -> ProviderError:
    status = int(getattr(error, "status_code", 0))
    body = inner_error(getattr(error, "body", None))
    kind = _kind(status, body, effect)
    detail = storable(redacted(str(body.get("message") or error)), 500)
    remedy = _remedy(status, kind)
    message = f"HTTP {status}: {detail}" + (f" ({remedy})" if remedy else "")
    wait = retry_after_s(getattr(getattr(error, "response", None), "headers", {}))
    return kind(message, provider=provider, operation=operation, status_code=status, retry_after_s=wait)


def _kind(status: int, body: dict[str, object], effect: Effect) -> type[ProviderError]:
    if status in _AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        no_room = effect is Effect.ANSWER and status in {HTTPStatus.SERVICE_UNAVAILABLE, _OVERLOADED}
        return TransientProviderError if effect is Effect.NONE or no_room else IndeterminateProviderError
    if status == HTTPStatus.PAYMENT_REQUIRED or is_unpaid(body):
        return SpendLimitError
    if effect is Effect.JOB and is_queue_full(body):
        return QueueFullError
    return TransientProviderError if status == HTTPStatus.TOO_MANY_REQUESTS else PermanentProviderError


def _remedy(status: int, kind: type[ProviderError]) -> str:
    if kind is SpendLimitError:
        return _TOP_UP
    if kind is QueueFullError:
        return _WAIT
    return _MOVED if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST else _REMEDIES.get(status, "")


def _from_connection(error: Exception, provider: str, operation: str, effect: Effect) -> ProviderError:
    cause = error.__cause__ or error
    # A connection that was never made carried no request; anything later may have been acted on.
    if type(cause).__name__ in _NEVER_SENT:
        message = f"cannot be reached ({type(cause).__name__}: {redacted(str(cause))})."
        return TransientProviderError(message, provider=provider, operation=operation)
    return _broken(cause, "before an answer was read", provider, operation, effect)


def _broken(cause: BaseException, when: str, provider: str, operation: str, effect: Effect) -> ProviderError:
    kind = TransientProviderError if effect is Effect.NONE else IndeterminateProviderError
    message = f"the connection broke {when} ({type(cause).__name__}: {storable(redacted(str(cause)), 300)})."
    return kind(message, provider=provider, operation=operation)
