"""Validate a batch input file as OpenAI does, after the batch was accepted."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from cj_pipeline.emulator import openai_wire
from cj_pipeline.emulator.wire import ApiError, JsonObject

_MOST_ERRORS = 100


@dataclass
class InputReport:
    """What validation found in an input file.

    Attributes:
        n_requests: Lines in the file.
        errors: What makes the whole job fail, as entries of ``errors.data``.
        model: The one model of the file, as far as known.
        prompt_tokens: Estimated prompt tokens of all requests.
        refused: Places of requests that will each be answered with an error.
    """

    n_requests: int = 0
    errors: list[JsonObject] = field(default_factory=list)
    model: str | None = None
    prompt_tokens: int = 0
    refused: set[int] = field(default_factory=set)

    def fail(self, code: str, message: str, *, line: int | None = None, param: str | None = None) -> None:
        """Note a reason to fail the job."""
        if len(self.errors) < _MOST_ERRORS:
            self.errors.append({"code": code, "message": message, "line": line, "param": param})


def inspect(lines: Iterable[bytes], endpoint: str, most_requests: int) -> InputReport:
    """Read an input file line by line and report."""
    report, seen = InputReport(), set[str]()
    for number, line in enumerate(lines, start=1):
        report.n_requests = number
        if number <= most_requests:
            _inspect_line(report, seen, number, line, endpoint)
    if report.n_requests == 0:
        report.fail("empty_file", "The batch input file is empty.")
    if report.n_requests > most_requests:
        report.fail("too_many_tasks", f"The batch input file holds more than the {most_requests} requests allowed.")
    return report


def _inspect_line(report: InputReport, seen: set[str], number: int, line: bytes, endpoint: str) -> None:
    try:
        item = json.loads(line)
    except ValueError:
        item = None
    if not isinstance(item, dict):
        report.fail("invalid_json_line", "This line is not parseable as valid JSON.", line=number)
        return
    _check_envelope(report, seen, number, item, endpoint)
    body = item.get("body")
    if not isinstance(body, dict):
        report.fail("missing_required_parameter", "Missing required parameter: 'body'.", line=number, param="body")
        return
    _check_model(report, number, body)
    try:
        report.prompt_tokens += openai_wire.understand(endpoint, body).input_tokens
    except ApiError:
        report.refused.add(number - 1)


def _check_envelope(report: InputReport, seen: set[str], number: int, item: JsonObject, endpoint: str) -> None:
    custom_id = item.get("custom_id")
    if not isinstance(custom_id, str) or not custom_id:
        report.fail("missing_required_parameter", "Missing 'custom_id'.", line=number, param="custom_id")
    elif custom_id in seen:
        report.fail(
            "duplicate_custom_id", f"The custom_id '{custom_id}' is not unique.", line=number, param="custom_id"
        )
    else:
        seen.add(custom_id)
    if item.get("method") != "POST":
        report.fail("invalid_method", "The HTTP method must be POST.", line=number, param="method")
    if item.get("url") != endpoint:
        message = f"The URL '{item.get('url')}' does not match the batch endpoint '{endpoint}'."
        report.fail("url_mismatch", message, line=number, param="url")


def _check_model(report: InputReport, number: int, body: JsonObject) -> None:
    model = body.get("model")
    if not isinstance(model, str) or not model:
        report.fail("missing_required_parameter", "Missing 'body.model'.", line=number, param="body.model")
    elif report.model is None:
        report.model = model
    elif model != report.model:
        message = f"All requests in a batch must name one model: '{model}' is not '{report.model}'."
        report.fail("model_mismatch", message, line=number, param="body.model")
