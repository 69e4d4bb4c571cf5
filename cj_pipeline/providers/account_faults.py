"""Reading a provider's error for what is wrong with the account, not with the request. Pure.

Stable codes come first; words are matched only where no code is documented.
"""

from collections.abc import Iterator
from typing import Any, Final

_UNPAID_CODES: Final = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "billing_error", "enforced_spend_limit_reached"}
)
_UNPAID_WORDS: Final = (
    "exceeded your current quota",
    "billing hard limit",
    "credit balance is too low",
    "spend limit",
    "spending limit",
)
QUEUE_CODE: Final = "token_limit_exceeded"
"""OpenAI's word for a queue that has no room for the job."""

_QUEUE_WORDS: Final = ("enqueued token limit", "batch processing queue", "processing queue limit")


def inner_error(body: object) -> dict[str, Any]:
    """The part of an error's body that holds code and message, whichever of the two shapes the body has."""
    if not isinstance(body, dict):
        return {"message": body} if isinstance(body, str) else {}
    inner = body.get("error", body)
    return inner if isinstance(inner, dict) else {"message": inner}


def is_unpaid(error: dict[str, Any]) -> bool:
    """Whether the account has no credit or has reached its spending limit.

    Args:
        error: From `inner_error`.
    """
    return _names(error, _UNPAID_CODES, _UNPAID_WORDS)


def is_queue_full(error: dict[str, Any]) -> bool:
    """Whether too much waits at the provider already.

    Args:
        error: From `inner_error`.
    """
    return _names(error, frozenset({QUEUE_CODE}), _QUEUE_WORDS)


def _names(error: dict[str, Any], codes: frozenset[str], words: tuple[str, ...]) -> bool:
    message = str(error.get("message") or "").lower()
    return any(code in codes for code in _codes(error)) or any(word in message for word in words)


def _codes(error: dict[str, Any]) -> Iterator[str]:
    yield str(error.get("code"))
    yield str(error.get("type"))
    details = error.get("details")
    if isinstance(details, dict):
        yield str(details.get("error_code"))
