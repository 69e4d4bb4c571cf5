"""What a series is, and the fixed words its labels can have. No ids: a label has a handful of values at most."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from cj_pipeline.domain.batches import JobEvent, JobPhase, Outcome
from cj_pipeline.domain.batching_mode import BatchingMode, QueueProcessingMode
from cj_pipeline.domain.continuation import Decision, Standing
from cj_pipeline.domain.error_types import ErrorType
from cj_pipeline.domain.models import PROVIDERS


class Kind(StrEnum):
    """What Prometheus takes a series for."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Result(StrEnum):
    """How a request ended, in the words of queues."""

    SUCCESS = "success"
    FAILURE = "failure"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class ExpiryReason(StrEnum):
    """What ran out."""

    WINDOW = "window"
    """The time a batch job may take, before the request was handled."""
    RETENTION = "retention"
    """The time its answer was kept, or the job was known, at the provider."""


LABEL_VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "batching_mode": tuple(BatchingMode),
    "decision": tuple(Decision),
    "direction": ("read", "write"),
    "error_type": tuple(ErrorType),
    "expiry_reason": tuple(ExpiryReason),
    "phase": (JobPhase.SUBMITTING, JobPhase.SUBMITTED, JobPhase.ASKING, JobPhase.ENDED),
    "provider": PROVIDERS,
    "queue_processing_mode": tuple(QueueProcessingMode),
    "result": tuple(Result),
    "standing": tuple(Standing),
    "status": tuple(JobEvent),
    "synthetic": ("false", "true"),
    "token_type": ("input", "output"),
}
"""Values of every label but `model`, which takes the names of models that were asked."""

REQUEST_ERRORS: Final = (
    *(outcome.value for outcome in Outcome if outcome not in {Outcome.OK, Outcome.ERRORED}),
    *(
        kind.value
        for kind in ErrorType
        if kind not in {ErrorType.QUEUE_FULL, ErrorType.CONNECTION, ErrorType.NOT_READY}
    ),
)
"""Kinds of errors of single requests: an outcome other than `ok` and `errored`, or what was behind `errored`."""

CALL_ERRORS: Final = tuple(kind.value for kind in ErrorType if kind is not ErrorType.JOB_FAILED)
"""Kinds of errors of calls to a provider."""


@dataclass(frozen=True, slots=True)
class Series:
    """A declared series.

    Attributes:
        name: Its name in Prometheus; a counter's ends in `_total`.
        kind: Counter, gauge or histogram.
        text: What it counts, for people.
        labels: Names of its labels.
        buckets: Upper bounds of a histogram's buckets, without the infinite one.
        values: Values of labels of which only some can occur here.
        unit: How many of what the ledger adds up make one of what is shown (microseconds a second, for example).
    """

    name: str
    kind: Kind
    text: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: int = 1

    def values_of(self, label: str) -> tuple[str, ...]:
        """The values that a label can have here; empty for `model`."""
        return self.values.get(label, LABEL_VALUES.get(label, ()))

    @property
    def sample_names(self) -> tuple[str, ...]:
        """Names under which its samples are exposed."""
        if self.kind is not Kind.HISTOGRAM:
            return (self.name,)
        return tuple(f"{self.name}_{part}" for part in ("bucket", "count", "sum"))
