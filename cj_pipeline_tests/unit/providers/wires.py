"""Adapters whose provider is a function of the test: a request in, a response out, through the real SDKs."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import anthropic
import httpx2
import openai

from cj_pipeline.domain.batches import BatchJobItem, JobPhase
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.providers.anthropic_jobs import AnthropicJobs
from cj_pipeline.providers.openai_jobs import OpenAIJobs

Handler = Callable[[httpx2.Request], httpx2.Response]
NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
JOB = "0123456789abcdef"
PROVIDERS = ("openai", "anthropic")


def manager_with(provider: str, handler: Handler) -> OpenAIJobs | AnthropicJobs:
    """An adapter whose every call the handler answers."""
    return openai_with(handler) if provider == "openai" else anthropic_with(handler)


def openai_with(handler: Handler) -> OpenAIJobs:
    """OpenAI's adapter whose every call the handler answers."""
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    return OpenAIJobs(lambda: openai.OpenAI(api_key="key", max_retries=0, http_client=http), "test")


def anthropic_with(handler: Handler) -> AnthropicJobs:
    """Anthropic's adapter whose every call the handler answers."""
    http = httpx2.Client(transport=httpx2.MockTransport(handler))
    return AnthropicJobs(lambda: anthropic.Anthropic(api_key="key", max_retries=0, http_client=http), "test")


def item(**changes: object) -> BatchJobItem:
    """A request."""
    fields: dict[str, Any] = {
        "custom_id": f"{JOB}-000000",
        "model": "model-one",
        "system": "You judge.",
        "context": "The task.",
        "essays": "Two essays.",
        "schema": {"type": "object"},
        "parameters": {"max_output_tokens": 500},
    }
    return BatchJobItem(**{**fields, **changes})


def job(provider: str = "anthropic", **changes: object) -> JobRecord:
    """A job that was about to be created."""
    fields: dict[str, Any] = {
        "job_id": JOB,
        "session_id": "s" * 16,
        "assessment": "small",
        "provider": provider,
        "account": "test",
        "model": "model-one",
        "phase": JobPhase.SUBMITTING,
        "n_requests": 2,
        "request_path": "requests.jsonl",
        "request_sha256": "f" * 64,
        "reserved_usd": None,
        "created_at": NOW,
        "intent_at": NOW,
        "provider_batch_id": "batch-1",
    }
    return JobRecord(**{**fields, **changes})


def openai_batch(status: str, **changes: object) -> dict[str, Any]:
    """A batch as OpenAI shows it."""
    return {
        "id": "batch-1",
        "object": "batch",
        "endpoint": "/v1/chat/completions",
        "input_file_id": "file-in",
        "completion_window": "24h",
        "status": status,
        "created_at": int(NOW.timestamp()),
        "output_file_id": None,
        "error_file_id": None,
        "request_counts": {"total": 2, "completed": 0, "failed": 0},
    } | changes


def message_batch(status: str = "ended", **changes: object) -> dict[str, Any]:
    """A batch of two requests as Anthropic shows it."""
    ended = {"processing": 0, "succeeded": 2, "errored": 0, "canceled": 0, "expired": 0}
    return {
        "id": "batch-1",
        "type": "message_batch",
        "processing_status": status,
        "request_counts": ended,
        "created_at": NOW.isoformat(),
        "expires_at": NOW.isoformat(),
        "ended_at": None,
        "archived_at": None,
        "cancel_initiated_at": None,
        "results_url": "https://api.anthropic.com/v1/messages/batches/batch-1/results",
    } | changes
