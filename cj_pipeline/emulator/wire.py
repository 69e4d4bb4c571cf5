"""What goes in and out of an endpoint, free of any web framework, and each provider's shape of an error."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

JsonObject = dict[str, Any]
Provider = Literal["openai", "anthropic"]
OPENAI: Provider = "openai"
ANTHROPIC: Provider = "anthropic"

_ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
_OPENAI_TYPES = {401: "invalid_request_error", 429: "rate_limit_error"}
_FIRST_SERVER_ERROR = 500


class ApiError(Exception):
    """A refusal that the client is told about in the provider's own shape."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        details: JsonObject | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.param = param
        self.details = details
        self.headers = dict(headers or {})


@dataclass(frozen=True)
class Upload:
    """A file sent as multipart, already kept as a blob, with the plain form fields next to it."""

    fields: Mapping[str, str]
    filename: str
    blob: str
    size_bytes: int


@dataclass(frozen=True)
class Call:
    """One authenticated HTTP request.

    `arrived` is the virtual time at which it was read, `now` the one at which its turn to be answered came.
    """

    provider: Provider
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    params: Mapping[str, str]
    body: bytes
    upload: Upload | None
    key_hash: str
    now: float
    arrived: float = 0.0

    def json(self) -> JsonObject:
        """Return the body as a JSON object, or refuse."""
        try:
            found = json.loads(self.body)
        except ValueError as error:
            raise ApiError(400, f"We could not parse the JSON body of your request: {error}") from error
        if not isinstance(found, dict):
            raise ApiError(400, "The body must be a JSON object.")
        return found

    def limit(self, *, default: int, most: int) -> int:
        """Return the page size asked for, or refuse."""
        text = self.query.get("limit", str(default))
        if not text.isdecimal() or not 1 <= int(text) <= most:
            raise ApiError(400, f"limit must be between 1 and {most}, not {text!r}", param="limit")
        return int(text)


@dataclass(frozen=True)
class Reply:
    """What an endpoint answers: a JSON payload, or the content of a blob; and how long it takes to come."""

    payload: JsonObject | None = None
    status: int = 200
    blob: Path | None = None
    media_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    takes_s: float = 0.0

    def content(self) -> bytes:
        """Return the body's bytes."""
        return self.blob.read_bytes() if self.blob else compact(self.payload)


def no_credit(provider: Provider) -> ApiError:
    """Return what a provider says to an account without credit."""
    if provider == OPENAI:
        message = "You exceeded your current quota, please check your plan and billing details."
        return ApiError(429, message, code="insufficient_quota")
    return ApiError(400, "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.")


def compact(value: object) -> bytes:
    """Return JSON on one line, non-ASCII characters unescaped as the providers may send them."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        # A lone surrogate, which a client's JSON may contain, has no UTF-8.
        return json.dumps(value, separators=(",", ":")).encode()


def canonical(value: object) -> bytes:
    """Return JSON whose bytes do not depend on key order, for digests."""
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def mapping(body: JsonObject, name: str) -> JsonObject:
    """Return an optional object of a body, empty if it is absent or null, or refuse."""
    found = body.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise ApiError(400, f"Invalid type for '{name}': expected an object.", code="invalid_type", param=name)
    return found


def error_body(provider: Provider, error: ApiError, request_id: str) -> JsonObject:
    """Return an error in the provider's shape."""
    if provider == OPENAI:
        return openai_error(error)
    return anthropic_error(error, request_id)


def openai_error(error: ApiError) -> JsonObject:
    """Return OpenAI's error object."""
    default = "server_error" if error.status >= _FIRST_SERVER_ERROR else "invalid_request_error"
    kind = _OPENAI_TYPES.get(error.status, default)
    return {"error": {"message": error.message, "type": kind, "param": error.param, "code": error.code}}


def anthropic_error(error: ApiError, request_id: str) -> JsonObject:
    """Return Anthropic's error object."""
    default = "api_error" if error.status >= _FIRST_SERVER_ERROR else "invalid_request_error"
    inner: JsonObject = {"type": _ANTHROPIC_TYPES.get(error.status, default), "message": error.message}
    if error.details:
        inner["details"] = error.details
    return {"type": "error", "error": inner, "request_id": request_id}
