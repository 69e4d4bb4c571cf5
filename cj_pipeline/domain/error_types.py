"""Kinds of errors: few, fixed words for what providers say in many. Pure."""

from enum import StrEnum
from http import HTTPStatus
from typing import Final


class ErrorType(StrEnum):
    """Why a call, or a single request, failed."""

    RATE_LIMIT = "rate_limit"
    """Too many calls or tokens in a short time (429)."""
    OVERLOADED = "overloaded"
    """The provider had no room (503, 529)."""
    SERVER_ERROR = "server_error"
    """The provider failed (other 5xx, 408, 409)."""
    AUTHENTICATION = "authentication"
    """The key was refused, or may not do this (401, 403)."""
    NOT_FOUND = "not_found"
    """What was asked for does not exist at the provider (404)."""
    CLIENT_ERROR = "client_error"
    """The provider will not have this request (other 4xx)."""
    UNPAID_ACCOUNT = "unpaid_account"
    """The account has no credit or has reached its spending limit."""
    QUEUE_FULL = "queue_full"
    """Too much waits at the provider already."""
    CONNECTION = "connection"
    """No answer was read, and nothing happened."""
    NO_CLEAR_ANSWER = "no_clear_answer"
    """It may have happened, and may have been paid for."""
    NOT_READY = "not_ready"
    """Results are not there yet, or a file of them is short of rows."""
    JOB_FAILED = "job_failed"
    """The provider refused the whole job after it was accepted."""
    UNKNOWN = "unknown"
    """The provider uses a word that this version does not know."""


_BY_STATUS: Final = {
    HTTPStatus.UNAUTHORIZED.value: ErrorType.AUTHENTICATION,
    HTTPStatus.PAYMENT_REQUIRED.value: ErrorType.UNPAID_ACCOUNT,
    HTTPStatus.FORBIDDEN.value: ErrorType.AUTHENTICATION,
    HTTPStatus.NOT_FOUND.value: ErrorType.NOT_FOUND,
    HTTPStatus.REQUEST_TIMEOUT.value: ErrorType.SERVER_ERROR,
    HTTPStatus.CONFLICT.value: ErrorType.SERVER_ERROR,
    HTTPStatus.TOO_MANY_REQUESTS.value: ErrorType.RATE_LIMIT,
    HTTPStatus.SERVICE_UNAVAILABLE.value: ErrorType.OVERLOADED,
    529: ErrorType.OVERLOADED,
}


def error_type_of_status(status_code: int) -> ErrorType:
    """The kind of error that an HTTP status of 400 or more names."""
    other = ErrorType.CLIENT_ERROR if status_code < HTTPStatus.INTERNAL_SERVER_ERROR else ErrorType.SERVER_ERROR
    return _BY_STATUS.get(status_code, other)
