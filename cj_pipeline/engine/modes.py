"""The batching mode of a judging session: chosen when it is planned, stored, and read from there ever after."""

from collections.abc import Mapping
from typing import Any

from cj_pipeline.domain.batches import CacheLifetime
from cj_pipeline.domain.batching_mode import DEFAULT_MODE, BatchingMode, ChosenMode, choose_mode, read_mode
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.options import EngineOptions
from cj_pipeline.engine.records import SessionRecord

MODE_KEY = "llm_batching_mode"

_LIFETIMES = {
    BatchingMode.PROVIDER_BATCH_API: CacheLifetime.ONE_HOUR,
    BatchingMode.SERIAL_BUNDLE: CacheLifetime.FIVE_MINUTES,
}


def chosen_mode(snapshot: AssessmentSnapshot, settings: EngineOptions) -> ChosenMode:
    """The mode for a submission: run override, then assessment, then settings, then `serial_bundle`."""
    override = snapshot.overrides.get(MODE_KEY)
    wish = None if override is not None else snapshot.assessment.llm_batching_mode
    return choose_mode(
        None if override is None else read_mode(override, f"{snapshot.name}: run override {MODE_KEY}"),
        wish,
        settings.llm_batching_mode,
        without_batch=snapshot.assessment.without_batch,
    )


def session_mode(session: SessionRecord, settings: EngineOptions) -> BatchingMode:
    """The mode in force for a judging session that was planned.

    Raises:
        ConfigurationError: What is stored is no mode.
    """
    return _resolve_batching_mode(session.metadata, settings)


def cache_lifetime(mode: BatchingMode) -> CacheLifetime:
    """How long the static part of the prompts is to be kept in a mode."""
    return _LIFETIMES.get(mode, CacheLifetime.NONE)


def _resolve_batching_mode(metadata: Mapping[str, Any], settings: EngineOptions) -> BatchingMode:
    """The stored mode; without one that of the settings; without that `serial_bundle`.

    Raises:
        ConfigurationError: What is stored is no mode.
    """
    stored = metadata.get(MODE_KEY)
    if stored is not None:
        return read_mode(stored, f"the judging session's processing_metadata[{MODE_KEY!r}]")
    return settings.llm_batching_mode or DEFAULT_MODE
