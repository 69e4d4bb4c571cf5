"""Input files at OpenAI: uploaded once, found again after a reply that was lost, deleted. Nothing is paid here."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Final

from cj_pipeline.engine.records import JobRecord
from cj_pipeline.errors import PermanentProviderError
from cj_pipeline.providers.deletion import gone_is_fine

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types import FileObject

DEFAULT_KEEP_S: Final = 30 * 24 * 3600
SHORTEST_KEEP_S: Final = 3_600
LONGEST_KEEP_S: Final = 2_592_000
_LEFT_TO_LIVE: Final = timedelta(days=1)
"""A job may take a day, and its input must outlive it."""

_LOOK_AT: Final = 100
"""Newest files among which an earlier upload of the same requests is looked for."""

Errors = Callable[[str], AbstractContextManager[None]]


class Uploads:
    """Input files of one account.

    Args:
        client: Gives the SDK's client.
        errors: Translates the SDK's errors of the operation it names.
        keep_s: How long the provider keeps a file.
    """

    def __init__(self, client: "Callable[[], OpenAI]", errors: Errors, keep_s: int) -> None:
        if not SHORTEST_KEEP_S <= keep_s <= LONGEST_KEEP_S:
            raise ValueError(f"OpenAI keeps files for {SHORTEST_KEEP_S} to {LONGEST_KEEP_S} seconds, not {keep_s}.")
        self._client = client
        self._errors = errors
        self._keep_s = keep_s

    def ensure(self, job: JobRecord, requests: Iterable[bytes]) -> str:
        """Id of a file that holds the job's requests: one that is there already, or a new one."""
        with TemporaryFile() as body:
            for line in requests:
                body.write(line + b"\n")
            size = body.tell()
            body.seek(0)
            return self._find(job, size) or self._upload(job, body)

    def _upload(self, job: JobRecord, body: IO[bytes]) -> str:
        with self._errors("upload requests"):
            uploaded = self._client().files.create(
                file=(_file_name(job), body),
                purpose="batch",
                expires_after={"anchor": "created_at", "seconds": self._keep_s},
            )
        return uploaded.id

    def _find(self, job: JobRecord, size_bytes: int) -> str | None:
        try:
            with self._errors("list uploads"):
                newest = self._client().files.list(purpose="batch", order="desc", limit=_LOOK_AT).data
        except PermanentProviderError:
            # A key that may not list can still upload; a second copy costs nothing.
            return None
        intent = job.intent_at or job.created_at
        # The provider's own times tell best what time it is there.
        now = max([intent.timestamp(), *(file.created_at for file in newest)])
        fitting = (f for f in newest if f.filename == _file_name(job) and f.bytes == size_bytes and _lasts(f, now))
        return next((file.id for file in fitting), None)

    def delete(self, file_id: str) -> None:
        """Delete a file; one that is gone already is fine."""
        with gone_is_fine(), self._errors("delete file"):
            self._client().files.delete(file_id)


def _file_name(job: JobRecord) -> str:
    return f"{job.job_id}-{job.request_sha256[:16]}.jsonl"


def _lasts(file: "FileObject", now: float) -> bool:
    expires_at = file.expires_at
    return file.status != "error" and (expires_at is None or expires_at >= now + _LEFT_TO_LIVE.total_seconds())
