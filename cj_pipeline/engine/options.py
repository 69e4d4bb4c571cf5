"""Every wait and bound of the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import ContinuationPolicy
from cj_pipeline.scaling.quality_flags import QualityThresholds


@dataclass(frozen=True, slots=True)
class QualityOptions:
    """Where a ranking is flagged, and where its checks warn.

    Attributes:
        thresholds: Of the reference system's flags, which decide nothing.
        error_ratio: Largest ratio of the mean standard error to what the design lets expect.
        max_position_effect: Largest position effect, logits, either way.
        max_refused_share: Largest share of a judge's answers that may be refusals, 0 to 1.
        max_invalid_share: Largest share of a judge's answers that may be unreadable or cut off, 0 to 1.
        max_flipped_share: Largest share of pairs about which a judge may change its mind with the order, 0 to 1.
    """

    thresholds: QualityThresholds = field(default_factory=QualityThresholds)
    error_ratio: float = 1.25
    max_position_effect: float = 1.0
    max_refused_share: float = 0.05
    max_invalid_share: float = 0.05
    max_flipped_share: float = 0.35


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """Every wait of the engine, so that tests need no sleeping.

    Attributes:
        poll_min_s: First pause between two polls of a job.
        poll_max_s: Longest pause between two polls of a job.
        settle_s: How long a create call without a clear answer is searched for before its job is sent again.
        lease_s: How long work is held for a process that may have died.
        max_attempts: Most times a comparison is asked.
        max_polls_per_tick: Most jobs polled in one go.
        canary_from: Requests from which on a job is preceded by a canary; 0: never.
        sync_workers: Requests, or bundles, asked at a time in the synchronous modes.
        bundle_size: Most comparisons in one bundle.
        queue_tokens: Input tokens an account may have waiting, by `provider/model` or `provider`; what is not named is
            not bounded until the provider refuses a job.
        queue_share: Share of these that is used.
        creates_per_hour: Most jobs created at an account in an hour.
        queued_requests: Most requests an account may have waiting, by provider.
        delete_after_collect: Whether a job's files at the provider are deleted once its results are recorded.
        llm_batching_mode: The installation's mode for assessments that state none.
        continuation: Thresholds for going on and for ending.
        quality: Where a ranking is flagged, and where its checks warn.
    """

    poll_min_s: float = 30.0
    poll_max_s: float = 300.0
    settle_s: float = 600.0
    lease_s: float = 60.0
    max_attempts: int = 3
    max_polls_per_tick: int = 50
    canary_from: int = 100
    sync_workers: int = 8
    bundle_size: int = 64
    queue_tokens: Mapping[str, int] = field(default_factory=dict)
    queue_share: float = 0.8
    creates_per_hour: int = 1900
    queued_requests: Mapping[str, int] = field(default_factory=lambda: {"anthropic": 200_000})
    delete_after_collect: bool = False
    llm_batching_mode: BatchingMode | None = None
    continuation: ContinuationPolicy = field(default_factory=ContinuationPolicy)
    quality: QualityOptions = field(default_factory=QualityOptions)
