"""What becomes of an error in a run: the policy, kind by kind, and how it reaches Dagster and the run's page.

Dagster repeats in two ways. A step is repeated by its `RetryPolicy`, which `allow_retries=False` stops. A run is
started again by run monitoring, and only when its worker died (`retry_on_asset_or_op_failure` is off in dagster.yaml,
so that the two never multiply). Beside these our sensors ask for another run of what failed (`collecting.decide`),
five times at most. None of them can pay twice: the ledger knows what was sent.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import dagster as dg

from cj_pipeline.errors import (
    CanaryError,
    CjError,
    ConfigurationError,
    CostLimitError,
    DesignError,
    DisconnectedError,
    EstimationError,
    IndeterminateProviderError,
    LeaseHeldError,
    MissingKeyError,
    NightBudgetError,
    NotConvergedError,
    NotReadyError,
    PausedError,
    PermanentProviderError,
    ProviderError,
    QueueFullError,
    SeparatedError,
    ShortResultsError,
    SpendLimitError,
    StaleSnapshotError,
    StorageError,
    StoreUnavailableError,
    TooFewVerdictsError,
    TransientProviderError,
)

RETRIES = dg.RetryPolicy(max_retries=3, delay=20, backoff=dg.Backoff.EXPONENTIAL)
"""For steps that call a provider or share a lease: 20, 60 and 140 s, longer than a dead process holds a lease."""


@dataclass(frozen=True, slots=True)
class Handling:
    """What becomes of a kind of error.

    Attributes:
        means: What it says, for the documentation.
        repeated: Whether the step is repeated within its run, where it has a retry policy.
        remedy: What a person does about it; shown with every failed run.
    """

    means: str
    repeated: bool
    remedy: str


_MEND = "Mend what the message names, then launch the run again. Nothing is paid twice."
_WAIT = "Nothing has to be done unless it lasts: it is tried again by itself."

POLICY: Final[Mapping[type[CjError], Handling]] = {
    ConfigurationError: Handling("settings, folder or ledger cannot be used as they are", repeated=False, remedy=_MEND),
    MissingKeyError: Handling(
        "a real provider is to be asked and no key is set",
        repeated=False,
        remedy="Set the key where Dagster is started, or CJ_EMULATOR_URL; then launch the run again.",
    ),
    DesignError: Handling("no pair set exists that meets the request", repeated=False, remedy=_MEND),
    EstimationError: Handling(
        "the comparisons do not determine a scale",
        repeated=False,
        remedy="Look at the table `comparisons` for what is missing; then submit again.",
    ),
    TooFewVerdictsError: Handling(
        "too few comparisons gave a verdict",
        repeated=False,
        remedy="Look at the column `error` of the table `comparisons`, mend its cause and submit again.",
    ),
    DisconnectedError: Handling(
        "the verdicts leave essays without a link to the rest",
        repeated=False,
        remedy="Raise max_pairs_cap or let people judge the essays that are named, and submit again.",
    ),
    SeparatedError: Handling(
        "without a prior no finite scale is most likely",
        repeated=False,
        remedy="Rank with a prior, which is the default.",
    ),
    NotConvergedError: Handling(
        "the fit stopped short",
        repeated=False,
        remedy="Report it with the table `comparisons`: this should not happen.",
    ),
    NotReadyError: Handling(
        "results are asked for that are not there yet",
        repeated=False,
        remedy="Wait for the ranking, which the batch_job_sensor brings, and ask again.",
    ),
    StaleSnapshotError: Handling(
        "the folder has changed since it was read",
        repeated=False,
        remedy="Launch `submit_assessment`, which reads the folder first.",
    ),
    CostLimitError: Handling(
        "the next job could cost more than is allowed",
        repeated=False,
        remedy="Raise max_cost_usd in assessment.yaml, or plan fewer comparisons; then submit again.",
    ),
    NightBudgetError: Handling(
        "the next job could cost more than is left of the night's budget",
        repeated=False,
        remedy="Nothing has to be done: the next night submits it again. Raise CJ_NIGHT_BUDGET_USD if it is small.",
    ),
    PausedError: Handling(
        "the assessment was paused or cancelled; a continuation sent nothing",
        repeated=False,
        remedy="Mend what paused it and launch `submit_assessment` to go on.",
    ),
    CanaryError: Handling(
        "the first requests of a large job failed; it was not sent",
        repeated=False,
        remedy="Look at the answer in the message, mend prompt or model, and submit again.",
    ),
    StoreUnavailableError: Handling(
        "the object store could not be reached, or refused",
        repeated=True,
        remedy="It is tried again. If it stays so, look at the store, its address and its credentials (CJ_STORE_URL).",
    ),
    StorageError: Handling(
        "raw bytes are missing or altered, or the ledger is of another version",
        repeated=False,
        remedy="Restore the work folder from a backup, or use the version that wrote it.",
    ),
    LeaseHeldError: Handling("another process is doing this work right now", repeated=True, remedy=_WAIT),
    ProviderError: Handling("a call to a provider did not do what was asked", repeated=False, remedy=_MEND),
    TransientProviderError: Handling("nothing happened; repeat freely", repeated=True, remedy=_WAIT),
    ShortResultsError: Handling("a result file was cut off", repeated=True, remedy=_WAIT),
    QueueFullError: Handling(
        "the account's queue is full",
        repeated=True,
        remedy="Nothing has to be done: the rest is sent when jobs have ended.",
    ),
    PermanentProviderError: Handling(
        "nothing happened, and repeating cannot help",
        repeated=False,
        remedy="Mend what the provider names (key, model, request) and submit again; the assessment is paused.",
    ),
    SpendLimitError: Handling(
        "the account has no credit",
        repeated=False,
        remedy="Top up the account, then submit again; the assessment is paused.",
    ),
    IndeterminateProviderError: Handling(
        "it may have happened; it is looked for before anything is sent again",
        repeated=False,
        remedy="Nothing has to be done: the provider is searched for it first. Do not send it by hand.",
    ),
}
"""Every kind of error, the general before the special."""

_UNKNOWN: Final = Handling("a fault the policy does not know", repeated=False, remedy=_MEND)


def handling_of(error: CjError) -> Handling:
    """What becomes of an error: the handling of its kind, or of the nearest kind above it."""
    return next((POLICY[kind] for kind in type(error).__mro__ if kind in POLICY), _UNKNOWN)


@contextmanager
def operator_failures() -> Iterator[None]:
    """Turn the project's errors into Dagster failures with the operator's message and a remedy.

    Raises:
        dagster.Failure: Retryable or final, as the policy says.
    """
    try:
        yield
    except CjError as error:
        handling = handling_of(error)
        metadata = {
            "kind": dg.MetadataValue.text(type(error).__name__),
            "remedy": dg.MetadataValue.text(handling.remedy),
            "repeated_by_itself": dg.MetadataValue.bool(handling.repeated),
        }
        if isinstance(error, ProviderError):
            metadata["provider"] = dg.MetadataValue.text(error.provider)
            metadata["operation"] = dg.MetadataValue.text(error.operation)
        # Dagster stores the whole chain of causes. What an SDK raised may repeat the key; our message says enough.
        error.__cause__, error.__suppress_context__ = None, True
        words = f"{error}\nWhat to do: {handling.remedy}"
        raise dg.Failure(description=words, metadata=metadata, allow_retries=handling.repeated) from error
