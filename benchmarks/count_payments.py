"""Counts what was lost and what was paid twice, from the provider's records and the client's files.

It imports nothing of the project, so that it cannot share its mistakes. The provider's side is the emulator's journal
and what its own API lists and gives at the end; the client's side is the ledger, read by plain SQL, and the raw files.

What is counted, over the comparisons of one run:

lost
    Comparisons that have not exactly one terminal outcome: status `planned` or `in_flight` at the end, or an attempt
    without an outcome in a job that counts as collected.
paid_twice
    Comparisons that were answered, and billed, again although an earlier usable answer was to be had: for a batch job,
    its row stands whole in the provider's own result file; for a call, its answer lies in the client's raw files. Any
    answers of a second copy of a job count. An answer that was refused, cut off or no verdict is not usable: asking
    again is meant then.
withheld
    Answers billed in a batch job whose row the provider's own file does not hold whole (left out, or cut off). The
    client cannot have them; asking again is not its fault.
left_open
    Jobs in the ledger that are neither collected nor rejected, and provider jobs that have not ended.
live_duplicates
    Provider jobs that have not ended and that the ledger does not know.
possibly_paid
    Calls that were answered and billed and whose answer the client does not have, as the journal has it.
most_extra
    The largest number of such answers for one comparison that were paid for in vain: all of them where a usable answer
    came at last, and all but one where none did (that one had to be paid for).
"""

import hashlib
import hmac
import json
import sqlite3
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2.extras import DictCursor

_FINAL_PHASES = {"collected", "rejected"}
_OPEN_STATUSES = {"planned", "in_flight"}
_ENDED = {"completed", "failed", "expired", "cancelled", "ended"}


@dataclass
class Counts:
    """The counts of one run; see the module's text."""

    comparisons: int = 0
    lost: int = 0
    paid_twice: int = 0
    withheld: int = 0
    left_open: int = 0
    live_duplicates: int = 0
    possibly_paid: int = 0
    most_extra: int = 0
    said_possibly_paid: int = 0
    notes: list[str] = field(default_factory=list)


@dataclass
class ProviderState:
    """What the provider's own API shows at the end.

    Attributes:
        status: Status of every job, by id.
        rows: Custom ids of the whole result rows of every job, by id.
        ended: When every job that has ended did so, seconds since the epoch, by id.
    """

    status: dict[str, str] = field(default_factory=dict)
    rows: dict[str, set[str]] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)


def provider_state(url: str, key: str = "emulator") -> ProviderState:
    """Ask both providers' APIs for all jobs and their results."""
    state = ProviderState()
    for batch in _listed(f"{url}/v1/batches", key, "after"):
        state.status[batch["id"]] = batch["status"]
        ends = [float(batch[f"{name}_at"]) for name in _ENDED if batch.get(f"{name}_at")]
        state.ended |= {str(batch["id"]): at for at in ends}
        files = [batch.get("output_file_id"), batch.get("error_file_id")]
        bodies = [_get(f"{url}/v1/files/{name}/content", key) for name in files if name]
        state.rows[batch["id"]] = _whole_rows(bodies)
    for batch in _listed(f"{url}/v1/messages/batches", key, "after_id"):
        state.status[batch["id"]] = batch["processing_status"]
        if batch["ended_at"]:
            state.ended[batch["id"]] = datetime.fromisoformat(batch["ended_at"]).timestamp()
        ended = batch["processing_status"] == "ended" and batch["results_url"]
        bodies = [_get(f"{url}/v1/messages/batches/{batch['id']}/results", key)] if ended else []
        state.rows[batch["id"]] = _whole_rows(bodies)
    return state


def _listed(url: str, key: str, cursor: str) -> Iterator[dict[str, Any]]:
    after = ""
    while True:
        page = json.loads(_get(f"{url}?limit=100{after}", key))
        yield from page["data"]
        if not page["has_more"]:
            return
        after = f"&{cursor}={page['data'][-1]['id']}"


def _get(url: str, key: str) -> bytes:
    headers = {"Authorization": f"Bearer {key}", "anthropic-version": "2023-06-01"}
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, headers=headers), timeout=60) as reply:  # noqa: S310 (loopback)
        body: bytes = reply.read()
    return body


def _whole_rows(bodies: Iterable[bytes]) -> set[str]:
    found = set()
    for body in bodies:
        for line in body.split(b"\n"):
            try:
                found.add(str(json.loads(line)["custom_id"]))
            except (ValueError, KeyError, TypeError):
                continue
    return found


def count(ledger: Path | str, raw: Path, journal: list[dict[str, Any]], state: ProviderState) -> Counts:
    """Count one run.

    Args:
        ledger: The client's SQLite file, or the address of its PostgreSQL database.
        raw: The client's folder of raw files.
        journal: The emulator's journal, oldest first.
        state: From `provider_state`, after all faults were cleared.
    """
    connection = _opened(ledger)
    counts = Counts()
    _count_client(connection, counts)
    _count_open(connection, state, counts)
    stored = _stored_answers(raw)
    by_nonce: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for entry in journal:
        if entry["kind"] == "answer":
            by_nonce[str(entry["nonce"])].append(entry)
    names = _nonces(connection)
    for nonce, answers in by_nonce.items():
        _count_answers(names.get(nonce, nonce), answers, state, stored=stored, counts=counts)
    connection.close()
    return counts


def _opened(ledger: Path | str) -> Any:  # noqa: ANN401 (a connection of either driver)
    if isinstance(ledger, Path):
        connection = sqlite3.connect(ledger)
        connection.row_factory = sqlite3.Row
        return connection
    return psycopg2.connect(ledger, cursor_factory=DictCursor)


def _select(connection: Any, query: str) -> list[Any]:  # noqa: ANN401 (of either driver; rows have names and numbers)
    cursor = connection.cursor()
    cursor.execute(query)
    rows: list[Any] = cursor.fetchall()
    return rows


def _count_client(connection: Any, counts: Counts) -> None:  # noqa: ANN401 (of either driver)
    rows = _select(connection, "select comparison_id, status, n_possibly_paid from comparisons")
    query = (
        "select distinct comparison_id from attempts join batch_jobs using (job_id) "
        "where outcome is null and phase = 'collected'"
    )
    forgotten = {row[0] for row in _select(connection, query)}
    counts.comparisons = len(rows)
    lost = {row["comparison_id"] for row in rows if row["status"] in _OPEN_STATUSES} | forgotten
    counts.lost = len(lost)
    counts.notes += [f"lost: {name}" for name in sorted(lost)]
    counts.said_possibly_paid = sum(row["n_possibly_paid"] for row in rows)


def _count_open(connection: Any, state: ProviderState, counts: Counts) -> None:  # noqa: ANN401
    jobs = _select(connection, "select job_id, phase, provider_batch_id from batch_jobs")
    known = {row["provider_batch_id"] for row in jobs}
    open_here = [row["job_id"] for row in jobs if row["phase"] not in _FINAL_PHASES]
    open_there = [name for name, status in state.status.items() if status not in _ENDED]
    counts.left_open = len(open_here) + len(open_there)
    counts.live_duplicates = sum(name not in known for name in open_there)
    counts.notes += [f"open: {name}" for name in [*open_here, *open_there]]


def _count_answers(
    comparison: str,
    answers: list[dict[str, Any]],
    state: ProviderState,
    *,
    stored: str,
    counts: Counts,
) -> None:
    """Go through the billed answers of one comparison in the order they were given."""
    had_one = False
    extra = 0
    for answer in answers:
        if had_one:
            counts.paid_twice += 1
            counts.notes.append(f"paid twice: {comparison}")
            break
        if answer["job_id"] is None:
            lost_on_the_way = answer["token"] not in stored
            extra += lost_on_the_way
            had_one = answer["outcome"] == "ok" and not lost_on_the_way
        elif answer["custom_id"] in state.rows.get(answer["job_id"], set()):
            had_one = answer["outcome"] == "ok"
        else:
            counts.withheld += 1
    counts.possibly_paid += extra
    counts.most_extra = max(counts.most_extra, extra if had_one else extra - 1)


def _stored_answers(raw: Path) -> str:
    """All answers to calls that lie in the client's raw files; each names its own id."""
    return "".join(path.read_text("utf-8") for path in sorted(raw.rglob("answer-*.jsonl")))


def _nonces(connection: Any) -> dict[str, str]:  # noqa: ANN401 (of either driver)
    """Comparison by the code of its delimiters: HMAC-SHA256 of its id under its session's secret, 16 hex digits."""
    query = "select comparison_id, secret from comparisons join judging_sessions using (session_id)"
    return {
        hmac.new(row["secret"].encode(), row["comparison_id"].encode(), hashlib.sha256).hexdigest()[:16]: row[
            "comparison_id"
        ]
        for row in _select(connection, query)
    }


def add_up(all_counts: Iterable[Counts]) -> dict[str, int]:
    """Sums over runs; `most_extra` is the largest."""
    total: Counter[str] = Counter()
    most = 0
    for counts in all_counts:
        most = max(most, counts.most_extra)
        total.update({k: v for k, v in vars(counts).items() if k not in {"notes", "most_extra"}})
    return {**total, "most_extra": most}
