"""From the project's errors to Dagster failures: the message reaches the run page; what cannot be helped is final.

Dagster has two kinds of retries: of a step (a `RetryPolicy`, which `allow_retries=False` stops) and of a run (run
monitoring, for a worker that died). Neither can pay twice: the ledger knows what was sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from cj_pipeline.errors import (
    CjError,
    LeaseHeldError,
    ProviderError,
    StoreUnavailableError,
    TransientProviderError,
)

RETRIES = dg.RetryPolicy(max_retries=3, delay=20, backoff=dg.Backoff.EXPONENTIAL)
"""For steps that call a provider or share a lease: 20, 40 and 80 s, longer than a dead process holds a lease."""


@contextmanager
def operator_failures() -> Iterator[None]:
    """Turn the project's errors into Dagster failures with the operator's message.

    Raises:
        dagster.Failure: Retryable for transient provider errors, held leases and stores out of reach, else final.
    """
    try:
        yield
    except CjError as error:
        retryable = isinstance(error, TransientProviderError | LeaseHeldError | StoreUnavailableError)
        metadata = {"kind": dg.MetadataValue.text(type(error).__name__)}
        if isinstance(error, ProviderError):
            metadata["provider"] = dg.MetadataValue.text(error.provider)
            metadata["operation"] = dg.MetadataValue.text(error.operation)
        # Dagster stores the whole chain of causes. What an SDK raised may repeat the key; our message says enough.
        error.__cause__, error.__suppress_context__ = None, True
        raise dg.Failure(description=str(error), metadata=metadata, allow_retries=retryable) from error
