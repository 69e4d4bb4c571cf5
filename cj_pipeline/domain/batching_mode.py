"""How comparisons reach the models: the mode, who chose it, and what it means for the queue. Pure.

Which mode was chosen, and why that one: docs/decisions/0004-llm-provider-batching-mode-selection.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cj_pipeline.errors import ConfigurationError


class BatchingMode(StrEnum):
    """How comparisons reach the models."""

    PER_REQUEST = "per_request"
    """One call for each, several at a time: full price, at once."""
    SERIAL_BUNDLE = "serial_bundle"
    """Bundles of compatible comparisons, each asked one after the other, so that a provider's prompt cache is warm."""
    PROVIDER_BATCH_API = "provider_batch_api"
    """Through the providers' batch APIs: half price, up to 24 h."""


class QueueProcessingMode(StrEnum):
    """How a queue of requests is worked off."""

    PER_REQUEST = "per_request"
    """One by one, several at a time."""
    SERIAL_BUNDLE = "serial_bundle"
    """Bundle by bundle, in sequence within each."""
    BATCH_API = "batch_api"
    """By the provider, as batch jobs."""


DEFAULT_MODE: Final = BatchingMode.SERIAL_BUNDLE
"""Where nobody chose."""

_QUEUE: Final = {
    BatchingMode.PER_REQUEST: QueueProcessingMode.PER_REQUEST,
    BatchingMode.SERIAL_BUNDLE: QueueProcessingMode.SERIAL_BUNDLE,
    BatchingMode.PROVIDER_BATCH_API: QueueProcessingMode.BATCH_API,
}


def queue_processing_mode(mode: BatchingMode) -> QueueProcessingMode:
    """How the requests of a mode are worked off."""
    return _QUEUE[mode]


@dataclass(frozen=True, slots=True)
class ChosenMode:
    """The mode in force and where it comes from.

    Attributes:
        mode: The mode.
        source: `run_override`, `assessment`, `settings` or `default`.
        notice: What the operator has to know about the choice, empty if nothing.
    """

    mode: BatchingMode
    source: str
    notice: str = ""


def choose_mode(
    override: BatchingMode | None,
    assessment: BatchingMode | None,
    settings: BatchingMode | None,
    *,
    without_batch: Sequence[str] = (),
) -> ChosenMode:
    """Choose the mode at submission: run override, then assessment, then settings, then `serial_bundle`.

    Args:
        override: Wish of this run.
        assessment: Wish of `assessment.yaml`.
        settings: The installation's wish.
        without_batch: Judges whose model has no batch API. Batch jobs then fall back to the installation's mode, or
            to `serial_bundle` where that is batch jobs too.
    """
    wishes = (("run_override", override), ("assessment", assessment), ("settings", settings))
    source, mode = next(((name, wish) for name, wish in wishes if wish is not None), ("default", DEFAULT_MODE))
    if mode is not BatchingMode.PROVIDER_BATCH_API or not without_batch:
        return ChosenMode(mode, source)
    fallback = DEFAULT_MODE if settings in {None, BatchingMode.PROVIDER_BATCH_API} else settings
    notice = (
        f"{', '.join(without_batch)} cannot be asked through batch jobs: asked in mode {fallback.value} instead, "
        "at full price."
    )
    return ChosenMode(fallback, "settings" if fallback is settings else "default", notice)


def read_mode(value: object, where: str) -> BatchingMode:
    """Read a mode from stored or typed text, in any case.

    Args:
        value: The text, or a mode.
        where: What it was read from, for the message.

    Raises:
        ConfigurationError: It is no mode. There is no silent default: modes differ in price and in waiting time.
    """
    try:
        return BatchingMode(str(value).strip().lower())
    except ValueError:
        known = ", ".join(mode.value for mode in BatchingMode)
        raise ConfigurationError(f"{where}: {value!r} is no batching mode; choose one of: {known}.") from None
