"""Plans without a ledger: what an assessment with these limits is given in one wave."""

from collections.abc import Sequence
from dataclasses import dataclass

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import ContinuationPolicy
from cj_pipeline.domain.pair_set import PlannedComparison, require_connected
from cj_pipeline.engine.waves import WavePlan
from cj_pipeline_tests.unit.domain.factories import make_assessment


@dataclass(frozen=True)
class Limits:
    """A cap, and the comparisons every essay should have."""

    max_pairs_cap: int
    comparisons_per_essay: int | None = None


def waves_of(
    n: int, limits: Limits, seed: int, mode: BatchingMode = BatchingMode.PROVIDER_BATCH_API, **changes: object
) -> WavePlan:
    """The waves of n essays; no reversed repeats unless they are asked for."""
    wishes = {
        "max_pairs_cap": limits.max_pairs_cap,
        "comparisons_per_essay": limits.comparisons_per_essay,
        "seed": seed,
        "reversed_repeats_share": 0.0,
        **changes,
    }
    return WavePlan(make_assessment(**wishes), n, mode, ContinuationPolicy())


def plan_comparisons(
    n: int, existing: Sequence[PlannedComparison], limits: Limits, seed: int
) -> list[PlannedComparison]:
    """What planning adds to what exists."""
    waves = waves_of(n, limits, seed)
    added = waves.extension(existing) if existing else waves.first()
    require_connected(n, [*existing, *added], limits.max_pairs_cap)
    return added
