"""OpenAI's Files API, and the files that batches write."""

import sqlite3

from cj_pipeline.emulator import chance
from cj_pipeline.emulator.settings import OPENAI_RETENTION_S
from cj_pipeline.emulator.state import Emulator
from cj_pipeline.emulator.wire import ApiError, Call, JsonObject, Reply

_PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
_SHORTEST_EXPIRY_S, _LONGEST_EXPIRY_S = 3_600, 2_592_000


def create(emulator: Emulator, call: Call) -> Reply:
    """``POST /v1/files``."""
    upload = call.upload
    if upload is None:
        raise ApiError(400, "Missing required parameter: 'file'.", code="missing_required_parameter", param="file")
    purpose = upload.fields.get("purpose")
    if purpose not in _PURPOSES:
        raise ApiError(400, f"'{purpose}' is not one of {list(_PURPOSES)} - 'purpose'", param="purpose")
    if purpose == "batch" and upload.size_bytes > emulator.settings.limits.openai_bytes:
        raise ApiError(413, "Batch input files may not exceed 200 MB.", code="file_too_large", param="file")
    expires_s = _asked_expiry(upload.fields)
    if expires_s is None and purpose == "batch":
        expires_s = OPENAI_RETENTION_S
    file_id = add_file(
        emulator,
        key_hash=call.key_hash,
        filename=upload.filename,
        purpose=purpose,
        blob=(upload.blob, upload.size_bytes),
        created_at=call.now,
        expires_s=expires_s,
    )
    return Reply(_shown(_find(emulator, call, file_id)))


def check_expiry(anchor: object, seconds: object, param: str) -> float:
    """Return a valid expiry in seconds, or refuse."""
    if anchor != "created_at":
        raise ApiError(400, f"'{anchor}' is not one of ['created_at']", param=f"{param}.anchor")
    number = int(seconds) if isinstance(seconds, int) or (isinstance(seconds, str) and seconds.isdecimal()) else -1
    if not _SHORTEST_EXPIRY_S <= number <= _LONGEST_EXPIRY_S:
        raise ApiError(400, f"Expected between 3600 and 2592000 seconds, not {seconds!r}.", param=f"{param}.seconds")
    return float(number)


def add_file(
    emulator: Emulator,
    *,
    key_hash: str,
    filename: str,
    purpose: str,
    blob: tuple[str, int],
    created_at: float,
    expires_s: float | None,
) -> str:
    """Enter a file whose content is already a blob, and return its id."""
    file_id = f"file-synthetic-{chance.token(emulator.settings.seed, 'file', emulator.store.next_number('files'))}"
    expires_at = None if expires_s is None else created_at + expires_s
    emulator.store.change(
        "INSERT INTO files (id, key_hash, filename, purpose, size_bytes, created_at, expires_at, blob) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        *(file_id, key_hash, filename, purpose, blob[1], created_at, expires_at, blob[0]),
    )
    return file_id


def retrieve(emulator: Emulator, call: Call) -> Reply:
    """``GET /v1/files/{id}``."""
    return Reply(_shown(_find(emulator, call, call.params["id"])))


def delete(emulator: Emulator, call: Call) -> Reply:
    """``DELETE /v1/files/{id}``."""
    row = _find(emulator, call, call.params["id"])
    emulator.store.change("UPDATE files SET deleted = 1 WHERE id = ?", row["id"])
    return Reply({"id": row["id"], "object": "file", "deleted": True})


def content(emulator: Emulator, call: Call) -> Reply:
    """``GET /v1/files/{id}/content``."""
    row = _find(emulator, call, call.params["id"])
    return Reply(blob=emulator.store.blob_path(row["blob"]), media_type="application/octet-stream")


def listing(emulator: Emulator, call: Call) -> Reply:
    """``GET /v1/files``."""
    limit, order = call.limit(default=10_000, most=10_000), call.query.get("order", "desc")
    if order not in ("asc", "desc"):
        raise ApiError(400, f"'{order}' is not one of ['asc', 'desc'] - 'order'", param="order")
    rows = _alive(emulator, call, call.query.get("purpose"))
    rows = rows if order == "asc" else rows[::-1]
    after = call.query.get("after")
    if after is not None:
        ids = [row["id"] for row in rows]
        if after not in ids:
            raise no_such_file(after, "after")
        rows = rows[ids.index(after) + 1 :]
    return Reply(page([_shown(row) for row in rows], limit))


def page(records: list[JsonObject], limit: int) -> JsonObject:
    """Return the first records as OpenAI's list object."""
    shown = records[:limit]
    return {
        "object": "list",
        "data": shown,
        "has_more": len(records) > limit,
        "first_id": shown[0]["id"] if shown else None,
        "last_id": shown[-1]["id"] if shown else None,
    }


def find_file(emulator: Emulator, key_hash: str, file_id: object, now: float) -> sqlite3.Row | None:
    """Return a living file of this key, or None."""
    sql = "SELECT * FROM files WHERE id = ? AND key_hash = ? AND NOT deleted AND (expires_at IS NULL OR expires_at > ?)"
    found = emulator.store.rows(sql, file_id, key_hash, now)
    return found[0] if found else None


def no_such_file(file_id: str, param: str) -> ApiError:
    """Return the refusal for a file that is not there."""
    return ApiError(404, f"No such File object: {file_id}", param=param)


def _find(emulator: Emulator, call: Call, file_id: str) -> sqlite3.Row:
    row = find_file(emulator, call.key_hash, file_id, call.now)
    if row is None:
        raise no_such_file(file_id, "id")
    return row


def _alive(emulator: Emulator, call: Call, purpose: str | None) -> list[sqlite3.Row]:
    return emulator.store.rows(
        "SELECT * FROM files WHERE key_hash = ? AND NOT deleted AND (expires_at IS NULL OR expires_at > ?) "
        "AND (? IS NULL OR purpose = ?) ORDER BY seq",
        *(call.key_hash, call.now, purpose, purpose),
    )


def _asked_expiry(fields: object) -> float | None:
    found = dict(fields) if isinstance(fields, dict) else {}
    anchor, seconds = found.get("expires_after[anchor]"), found.get("expires_after[seconds]")
    if anchor is None and seconds is None:
        return None
    return check_expiry(anchor, seconds, "expires_after")


def _shown(row: sqlite3.Row) -> JsonObject:
    return {
        "id": row["id"],
        "object": "file",
        "bytes": row["size_bytes"],
        "created_at": int(row["created_at"]),
        "expires_at": None if row["expires_at"] is None else int(row["expires_at"]),
        "filename": row["filename"],
        "purpose": row["purpose"],
        "status": "processed",
        "status_details": None,
    }
