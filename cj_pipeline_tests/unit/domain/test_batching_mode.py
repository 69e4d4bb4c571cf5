# ruff: noqa: D103 - the names of the tests say it
"""Who chooses the mode, what is stored, and what an unusable value does."""

from itertools import product

import pytest

from cj_pipeline.domain.batching_mode import (
    BatchingMode,
    QueueProcessingMode,
    choose_mode,
    queue_processing_mode,
    read_mode,
)
from cj_pipeline.engine.modes import _resolve_batching_mode
from cj_pipeline.engine.options import EngineOptions
from cj_pipeline.errors import ConfigurationError

ONE, BUNDLE, BATCH = BatchingMode


@pytest.mark.parametrize(
    ("override", "assessment", "settings", "mode", "source"),
    [
        (ONE, BATCH, BUNDLE, ONE, "run_override"),
        (None, BATCH, ONE, BATCH, "assessment"),
        (None, None, ONE, ONE, "settings"),
        (None, None, None, BUNDLE, "default"),
    ],
)
def test_the_nearest_wish_wins(
    override: BatchingMode | None,
    assessment: BatchingMode | None,
    settings: BatchingMode | None,
    mode: BatchingMode,
    source: str,
) -> None:
    chosen = choose_mode(override, assessment, settings)

    assert (chosen.mode, chosen.source, chosen.notice) == (mode, source, "")


@pytest.mark.parametrize(
    ("settings", "mode", "source"),
    [(None, BUNDLE, "default"), (BATCH, BUNDLE, "default"), (ONE, ONE, "settings"), (BUNDLE, BUNDLE, "settings")],
)
def test_a_model_without_batch_jobs_falls_back_and_says_so(
    settings: BatchingMode | None, mode: BatchingMode, source: str
) -> None:
    chosen = choose_mode(None, BATCH, settings, without_batch=("some-model",))

    assert (chosen.mode, chosen.source) == (mode, source)
    assert "some-model cannot be asked through batch jobs" in chosen.notice
    assert mode.value in chosen.notice


def test_a_model_without_batch_jobs_matters_in_no_other_mode() -> None:
    assert choose_mode(None, ONE, None, without_batch=("some-model",)).notice == ""


def test_every_mode_has_its_queue() -> None:
    assert {mode: queue_processing_mode(mode) for mode in BatchingMode} == {
        ONE: QueueProcessingMode.PER_REQUEST,
        BUNDLE: QueueProcessingMode.SERIAL_BUNDLE,
        BATCH: QueueProcessingMode.BATCH_API,
    }


@pytest.mark.parametrize("mode", list(BatchingMode))
def test_what_is_stored_wins_over_the_settings_in_any_spelling(mode: BatchingMode) -> None:
    for stored, settings in product((mode, mode.value, mode.value.upper(), f" {mode.value} "), [None, *BatchingMode]):
        options = EngineOptions(llm_batching_mode=settings)
        assert _resolve_batching_mode({"llm_batching_mode": stored}, options) is mode


def test_without_a_stored_mode_the_settings_and_then_the_default_count() -> None:
    assert _resolve_batching_mode({}, EngineOptions(llm_batching_mode=ONE)) is ONE
    assert _resolve_batching_mode({"llm_batching_mode": None}, EngineOptions()) is BUNDLE


@pytest.mark.parametrize("stored", ["batch", "", "provider batch api", 3])
def test_an_unusable_stored_mode_is_an_error_and_no_default(stored: object) -> None:
    with pytest.raises(ConfigurationError, match=r"processing_metadata.*no batching mode; choose one of: per_request"):
        _resolve_batching_mode({"llm_batching_mode": stored}, EngineOptions(llm_batching_mode=ONE))


def test_a_mode_is_read_from_text() -> None:
    assert read_mode("Serial_Bundle", "here") is BUNDLE
