"""Calls to a provider, with those that fail counted in the ledger: a call that leaves no row leaves a number."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from cj_pipeline.domain.batches import BatchJobItem, BatchJobRef, BatchJobResult
from cj_pipeline.domain.error_types import ErrorType, error_type_of_status
from cj_pipeline.engine.ledger_port import Ledger
from cj_pipeline.engine.ports import BatchJobManager, Located, RawStore
from cj_pipeline.engine.records import JobRecord, StoredFile
from cj_pipeline.errors import (
    IndeterminateProviderError,
    ProviderError,
    QueueFullError,
    ShortResultsError,
    SpendLimitError,
    TransientProviderError,
)

_BY_CLASS = (
    (SpendLimitError, ErrorType.UNPAID_ACCOUNT),
    (QueueFullError, ErrorType.QUEUE_FULL),
    (ShortResultsError, ErrorType.NOT_READY),
    (IndeterminateProviderError, ErrorType.NO_CLEAR_ANSWER),
)


def error_type_of(error: ProviderError) -> ErrorType:
    """The kind of a failed call."""
    for kind, error_type in _BY_CLASS:
        if isinstance(error, kind):
            return error_type
    if error.status_code is not None:
        return error_type_of_status(error.status_code)
    if not isinstance(error, TransientProviderError):
        return ErrorType.UNKNOWN
    # What an adapter found out by itself has no cause; a connection that broke has the library's error behind it.
    return ErrorType.NOT_READY if error.__cause__ is None else ErrorType.CONNECTION


class CountedCalls:
    """A `BatchJobManager` that counts the calls of another one that fail, and changes nothing else.

    Args:
        manager: Makes the calls.
        ledger: Keeps the numbers.
    """

    def __init__(self, manager: BatchJobManager, ledger: Ledger) -> None:
        self._manager, self._ledger = manager, ledger
        self.provider, self.account, self.limits = manager.provider, manager.account, manager.limits

    @contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            yield
        except ProviderError as error:
            self._ledger.count_call_error(self.provider, error_type_of(error))
            raise

    def encode(self, item: BatchJobItem) -> bytes:
        """The request as this provider's batch line."""
        return self._manager.encode(item)

    def decode(self, line: bytes) -> BatchJobResult | None:
        """Read one result line; None where it is no result row."""
        return self._manager.decode(line)

    def cursor(self) -> str:
        """What `locate` needs to know from before a create call."""
        with self._counted():
            return self._manager.cursor()

    def schedule(self, job: JobRecord, requests: Iterable[bytes]) -> BatchJobRef:
        """Create the job."""
        with self._counted():
            return self._manager.schedule(job, requests)

    def ask(self, request: bytes) -> bytes:
        """Put one request to the model at once."""
        with self._counted():
            return self._manager.ask(request)

    def locate(self, job: JobRecord, known: Collection[str]) -> Located:
        """Find out whether a create call without a clear answer had its effect."""
        with self._counted():
            return self._manager.locate(job, known)

    def status(self, job: JobRecord) -> BatchJobRef:
        """Where the job stands."""
        with self._counted():
            return self._manager.status(job)

    def collect(self, job: JobRecord, raw: RawStore, folder: str, *, accept_short: bool = False) -> list[StoredFile]:
        """Store all result files of an ended job."""
        with self._counted():
            return self._manager.collect(job, raw, folder, accept_short=accept_short)

    def cancel(self, provider_batch_id: str) -> None:
        """Ask for the end of a job."""
        with self._counted():
            self._manager.cancel(provider_batch_id)

    def purge(self, job: JobRecord) -> None:
        """Delete what the provider keeps of an ended job."""
        with self._counted():
            self._manager.purge(job)

    def close(self) -> None:
        """Give back connections."""
        self._manager.close()
