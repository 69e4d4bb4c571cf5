"""The append-only record of everything asked and billed. Tests count money here; it never decides anything."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from cj_pipeline.emulator.store import Store
from cj_pipeline.emulator.wire import JsonObject, Provider

Outcome = Literal["ok", "refused", "truncated", "unreadable"]
_INSERT = "INSERT INTO journal (kind, at, provider, job_id, custom_id, payload) VALUES (?, ?, ?, ?, ?, ?)"
_BILLED = (
    "SELECT COUNT(*) AS n, SUM(payload ->> 'input_tokens') AS i, SUM(payload ->> 'output_tokens') AS o "
    "FROM journal WHERE kind = 'answer'"
)
_REPEATED = (
    "SELECT provider, custom_id, COUNT(*) AS n FROM journal WHERE kind = 'answer' AND custom_id IS NOT NULL "
    "GROUP BY provider, custom_id HAVING n > 1"
)


@dataclass(frozen=True)
class BilledAnswer:
    """One answer the provider would charge for.

    Attributes:
        provider: Who answered.
        job_id: The batch job, or None for a synchronous call.
        custom_id: The request's name inside its job, or None for a synchronous call.
        body_sha256: Digest of the canonical request body.
        model: Model that was asked.
        input_tokens: Estimated prompt tokens.
        output_tokens: Estimated answer tokens.
        outcome: Whether the answer could be used.
        token: Part of the answer's own id, which tells equal calls apart; None for a row of a batch job.
        nonce: Code of the first essay's delimiter, which tells which comparison was asked; None if there is none.
        latency_s: How long a synchronous answer took, virtual seconds; None for a row of a batch job.
        cached_tokens: Prompt tokens read from a prompt cache.
        cache_write_tokens: Prompt tokens written to it.
        reasoning_tokens: Answer tokens spent on reasoning.
    """

    provider: Provider
    job_id: str | None
    custom_id: str | None
    body_sha256: str
    model: str
    input_tokens: int
    output_tokens: int
    outcome: Outcome
    nonce: str | None = None
    token: str | None = None
    latency_s: float | None = None
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0


class Journal:
    """Appends to and reads from the journal table."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def http(self, at: float, provider: Provider, payload: JsonObject) -> None:
        """Record that an HTTP request was asked and what became of it."""
        self._store.change(_INSERT, "http", at, provider, None, None, json.dumps(payload))

    def job_created(self, at: float, provider: Provider, job_id: str, payload: JsonObject) -> None:
        """Record that a job was accepted."""
        self._store.change(_INSERT, "job", at, provider, job_id, None, json.dumps(payload))

    def answers(self, at: float, billed: Iterable[BilledAnswer]) -> None:
        """Record answers that cost money."""
        rows = [("answer", at, b.provider, b.job_id, _storable(b.custom_id), json.dumps(asdict(b))) for b in billed]
        self._store.change_many(_INSERT, rows)

    def page(self, *, after: int, limit: int, kind: str | None) -> list[JsonObject]:
        """Return entries after a sequence number, oldest first."""
        sql = "SELECT * FROM journal WHERE seq > ? AND (? IS NULL OR kind = ?) ORDER BY seq LIMIT ?"
        return [_entry(row) for row in self._store.rows(sql, after, kind, kind, limit)]

    def totals(self) -> JsonObject:
        """Return what was accepted and billed, deleted jobs too, and which requests were billed more than once."""
        billed = self._store.rows(_BILLED)[0]
        kinds = self._store.rows("SELECT kind, COUNT(*) AS n FROM journal GROUP BY kind")
        repeated = self._store.rows(_REPEATED)
        jobs = self._store.rows("SELECT provider, COUNT(*) AS n FROM journal WHERE kind = 'job' GROUP BY provider")
        return {
            "jobs": {"openai": 0, "anthropic": 0} | {row["provider"]: row["n"] for row in jobs},
            "http_requests": next((row["n"] for row in kinds if row["kind"] == "http"), 0),
            "billed_answers": billed["n"],
            "input_tokens": billed["i"] or 0,
            "output_tokens": billed["o"] or 0,
            "billed_more_than_once": [
                {"provider": row["provider"], "custom_id": row["custom_id"], "times": row["n"]} for row in repeated
            ],
        }


def _storable(text: str | None) -> str | None:
    # SQLite takes no lone surrogates, which an OpenAI custom_id may contain.
    return None if text is None else text.encode("utf-8", "replace").decode()


def _entry(row: sqlite3.Row) -> JsonObject:
    head = {"seq": row["seq"], "kind": row["kind"], "at": row["at"], "provider": row["provider"]}
    payload: JsonObject = json.loads(row["payload"])
    return {**head, "job_id": row["job_id"], "custom_id": row["custom_id"], **payload}
