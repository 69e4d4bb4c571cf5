"""Every error the project raises on purpose.

    CjError                          the message is for the operator: what happened, where, what to do next
    |- ConfigurationError            settings, assessment.yaml, essays or anchors cannot be used as they are
    |  `- MissingKeyError            a real provider is to be asked and no key is set
    |- DesignError                   no pair set exists that meets the request
    |- EstimationError               the comparisons do not determine a scale
    |  |- TooFewVerdictsError        too many comparisons ended without a verdict
    |  |- DisconnectedError          groups of essays were never compared with each other
    |  |- SeparatedError             maximum likelihood has no finite scale; a prior is needed
    |  `- NotConvergedError          the fit stopped short of its certificate
    |- StaleSnapshotError            the folder has changed since the `essays` asset read it
    |- CostLimitError                the next job could cost more than `max_cost_usd` allows
    |  `- NightBudgetError           the next job could cost more than is left of the night's budget
    |- PausedError                   the assessment was paused or cancelled; nothing is sent until it is submitted again
    |- CanaryError                   the first request of a large job failed; the job was not created
    |- StorageError                  what was stored cannot be trusted
    |  `- StoreUnavailableError      the object store could not be reached; repeat freely
    |- LeaseHeldError                another process is doing this work right now
    `- ProviderError                 a call to a provider did not do what was asked
       |- TransientProviderError     nothing happened; repeat freely
       |  |- ShortResultsError       a result file had fewer rows than there should be
       |  `- QueueFullError          the account's queue is full; wait until other jobs have ended
       |- PermanentProviderError     nothing happened; repeating cannot help
       |  `- SpendLimitError         the account has no credit or has reached its spending limit
       `- IndeterminateProviderError it may have happened; reconcile before anything is sent again

A failed request *inside* a batch job is data (an outcome), never an exception.
What does not belong here: translation to exit codes (cli) or to Dagster failures (defs).
"""

from collections.abc import Sequence


class CjError(Exception):
    """An error whose message tells the operator what happened, where, and what to do next."""


class ConfigurationError(CjError):
    """The input cannot be used as it is.

    Attributes:
        faults: One line per fault, each naming its file (and line, where known) and the remedy.
    """

    def __init__(self, faults: str | Sequence[str]) -> None:
        self.faults: tuple[str, ...] = (faults,) if isinstance(faults, str) else tuple(faults)
        super().__init__("\n".join(self.faults))


class MissingKeyError(ConfigurationError):
    """A real provider is to be asked and no key is set."""


class DesignError(CjError):
    """No pair set exists that meets the request."""


class EstimationError(CjError):
    """The comparisons do not determine a scale."""


class TooFewVerdictsError(EstimationError):
    """Too many comparisons ended without a verdict for a ranking that could be stood by."""


class DisconnectedError(EstimationError):
    """Groups of essays were never compared with each other, so no common scale exists.

    Attributes:
        groups: Indices of the essays of every group, the largest first; empty where they are not known.
    """

    def __init__(self, message: str, groups: tuple[tuple[int, ...], ...] = ()) -> None:
        self.groups = groups
        super().__init__(message)


class SeparatedError(EstimationError):
    """Without a prior no finite scale is most likely: groups of essays won everything against those below them.

    Attributes:
        groups: Indices of the essays of every group, from the top down; empty where the position effect or the
            widths of the categories are what is not finite.
    """

    def __init__(self, message: str, groups: tuple[tuple[int, ...], ...] = ()) -> None:
        self.groups = groups
        super().__init__(message)


class NotConvergedError(EstimationError):
    """The fit stopped before its scaled gradient fell below the tolerance."""


class StaleSnapshotError(CjError):
    """The assessment folder has changed since the `essays` asset read it."""


class NotReadyError(CjError):
    """There is no result yet that could be shown."""


class CostLimitError(CjError):
    """The next job could cost more than the assessment's `max_cost_usd` allows."""


class NightBudgetError(CostLimitError):
    """The next job could cost more than is left of the night's budget."""


class PausedError(CjError):
    """The assessment was paused or cancelled; nothing is sent until a person submits it again."""


class CanaryError(CjError):
    """The first request of a large job, sent by itself, failed in a way that the others would share."""


class StorageError(CjError):
    """What was stored cannot be trusted (missing or altered raw bytes, a ledger of another version)."""


class StoreUnavailableError(StorageError):
    """The object store of raw answers and tables could not be reached, or refused; repeat freely."""


class LeaseHeldError(CjError):
    """Another process is doing this work right now."""


class ProviderError(CjError):
    """A call to a provider did not do what was asked.

    Attributes:
        provider: Name of the provider, for example `openai`.
        operation: What was attempted, for example `create batch job`.
        status_code: HTTP status, None where no reply was read.
        retry_after_s: Seconds the provider asked to wait, None where it did not say.
    """

    def __init__(
        self,
        message: str,
        *,
        provider: str,
        operation: str,
        status_code: int | None = None,
        retry_after_s: float | None = None,
    ) -> None:
        self.provider = provider
        self.operation = operation
        self.status_code = status_code
        self.retry_after_s = retry_after_s
        super().__init__(f"{provider}: {operation}: {message}")


class TransientProviderError(ProviderError):
    """Nothing happened at the provider; repeat freely."""


class QueueFullError(TransientProviderError):
    """Too many tokens or requests wait at the provider; nothing happened. Wait until other jobs have ended."""


class ShortResultsError(TransientProviderError):
    """A result file had fewer rows than there should be: its body was cut off, or it is short at the provider."""


class PermanentProviderError(ProviderError):
    """Nothing happened at the provider, and repeating the same call cannot help."""


class SpendLimitError(PermanentProviderError):
    """The account has no credit or has reached its spending limit; nothing helps but topping it up."""


class IndeterminateProviderError(ProviderError):
    """It may have happened; reconcile with the provider before anything is sent again."""
