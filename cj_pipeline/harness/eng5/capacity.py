"""The plan mode: what there is, whether it suffices, and what it would take. Nothing is sent, nothing is kept."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from cj_pipeline.domain.pairing import n_distinct_pairs
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.forecast import Forecast, forecast
from cj_pipeline.engine.plan import plan, wave_plan
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.eng5.wishes import RunnerWishes
from cj_pipeline.harness.eng5.workplaces import without_trace
from cj_pipeline.settings import Settings
from cj_pipeline.wiring import Workbench, require_keys

FEWEST_ANCHORED_GRADES = 2
"""Fewer known grades cannot be told apart by any scale."""


@dataclass(frozen=True, slots=True)
class Capacity:
    """What an assessment has and what a run of it would take.

    Attributes:
        pairs: The pair set that would be asked first.
        forecast: What it would cost.
        grade_counts: Anchors by grade, every grade of the scale, lowest first.
        n_possible_pairs: Pairs that the essays form.
        n_at_most: Comparisons that may be planned, all waves.
        max_waves: Most waves; None: as many as the budget allows.
        notes: What stands in the way or has to be known, one line each.
    """

    pairs: PairSet
    forecast: Forecast
    grade_counts: dict[str, int]
    n_possible_pairs: int
    n_at_most: int
    max_waves: int | None
    notes: tuple[str, ...]

    @property
    def snapshot(self) -> AssessmentSnapshot:
        """The assessment as it was read."""
        return self.pairs.snapshot

    @property
    def is_within_limit(self) -> bool:
        """Whether the cost limit holds as expected."""
        return not self.forecast.exceeds_limit(self.forecast.expected_usd)


def capacity(settings: Settings, name: str, wishes: RunnerWishes) -> Capacity:
    """Take stock and plan, without a trace.

    Raises:
        ConfigurationError: The folder, or a wish, cannot be used.
        DesignError: The cap cannot connect the essays.
    """
    with without_trace(settings) as bench:
        return capacity_of(bench, planned_without_trace(bench, name, wishes))


def planned_without_trace(bench: Workbench, name: str, wishes: RunnerWishes) -> PairSet:
    """Read and plan on a workbench that is thrown away."""
    snapshot = bench.read(name, wishes.capped(bench.read(name, wishes.overrides).assessment))
    bench.tables.save_snapshot(snapshot)
    return plan(bench.engine, name)


def capacity_of(bench: Workbench, pairs: PairSet) -> Capacity:
    """What a planned pair set would take."""
    snapshot = pairs.snapshot
    waves = wave_plan(bench.engine, snapshot, pairs.session)
    counts = Counter(essay.anchor_grade for essay in snapshot.essays if essay.anchor_grade)
    return Capacity(
        pairs=pairs,
        forecast=forecast(bench.engine, pairs),
        grade_counts={grade: counts[grade] for grade in snapshot.assessment.scale.levels},
        n_possible_pairs=n_distinct_pairs(len(snapshot.essays)),
        n_at_most=len(pairs.comparisons) if snapshot.prescribed else min(waves.target_budget, waves.plan_yield),
        max_waves=waves.max_waves,
        notes=tuple(_notes(bench, snapshot, dict(counts))),
    )


def _notes(bench: Workbench, snapshot: AssessmentSnapshot, counts: dict[str, int]) -> Iterator[str]:
    missing = [grade for grade in snapshot.assessment.grades if grade not in counts]
    if not counts:
        yield "no anchors: essays are ranked, and no grades are projected"
    elif len(counts) < FEWEST_ANCHORED_GRADES:
        yield f"anchors of one grade only ({next(iter(counts))}): no grades can be projected"
    elif missing:
        yield f"no anchor of: {', '.join(missing)}"
    if all(essay.is_anchor for essay in snapshot.essays):
        yield "no student essays: every essay is an anchor"
    try:
        require_keys(bench.settings, snapshot)
    except ConfigurationError as error:
        yield from error.faults
