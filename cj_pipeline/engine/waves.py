"""How large a wave is and what is in it: from an assessment's wishes to planned comparisons."""

from collections.abc import Sequence

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.continuation import ContinuationPolicy
from cj_pipeline.domain.later_waves import Evidence, extend, next_wave
from cj_pipeline.domain.pair_set import PlannedComparison, PlanRules, first_wave
from cj_pipeline.domain.pairing import components, n_distinct_pairs

REVERSED_SHARE = 0.05
"""Share of the first wave that puts a pair again in the other order, where not every pair is put and nobody chose."""


class WavePlan:
    """The waves of one assessment.

    Args:
        assessment: Its wishes.
        n_essays: Number of essays.
        mode: The mode in force.
        policy: The installation's thresholds.
    """

    def __init__(self, assessment: Assessment, n_essays: int, mode: BatchingMode, policy: ContinuationPolicy) -> None:
        self._assessment, self._n, self._mode = assessment, n_essays, mode
        self.budget = assessment.max_pairs_cap
        """Most comparisons that may ever be planned."""
        self.plan_yield = policy.plan_yield(n_essays, assessment.max_resampling_passes)
        """Most comparisons that the essays can give."""

    @property
    def max_waves(self) -> int | None:
        """Most waves; None: as many as the budget allows."""
        if self._assessment.pair_design == "pre_specified":
            return 1
        return self._assessment.max_batch_waves if self._mode is BatchingMode.PROVIDER_BATCH_API else None

    @property
    def total(self) -> int:
        """Comparisons that a plan from nothing comes to if no wave ends it early."""
        c = self._assessment.comparisons_per_essay
        wished = self.budget if c is None else max(self._n - 1, -(-self._n * c // 2))
        return min(self.budget, self.plan_yield, wished)

    @property
    def rules(self) -> PlanRules:
        """How waves are drawn."""
        share = self._assessment.reversed_repeats_share
        default = REVERSED_SHARE if self.total < n_distinct_pairs(self._n) else 0.0
        return PlanRules(
            pair_design=self._assessment.pair_design,
            next_wave_design=self._assessment.next_wave_design,
            orientation=self._assessment.orientation,
            reversed_share=default if share is None else share,
            most_times=self.plan_yield // n_distinct_pairs(self._n),
            seed=self._assessment.seed,
        )

    @property
    def target_budget(self) -> int:
        """The budget, or fewer where every essay is to have a certain number of comparisons."""
        return self.budget if self._assessment.comparisons_per_essay is None else self.total

    def first(self) -> list[PlannedComparison]:
        """The first wave.

        Raises:
            DesignError: The cap cannot connect the essays.
        """
        return first_wave(self._n, self._wave_size(), self.rules)

    def extension(self, existing: Sequence[PlannedComparison]) -> list[PlannedComparison]:
        """What is missing from a plan after essays were added or edited, or the budget was raised."""
        room = max(0, self.budget - len(existing))
        is_linked = len(components(self._n, [c.pair for c in existing])) == 1
        if is_linked and self.max_waves == 1 and len(existing) >= self.total:
            return []
        return extend(self._n, existing, room, self._extension_target(existing), self.rules)

    def _extension_target(self, existing: Sequence[PlannedComparison]) -> int | None:
        """With several waves only those who came later are served, up to nearly what the others have.

        One comparison less than others is chance, and nothing to be mended.
        """
        if self.max_waves == 1:
            return self._assessment.comparisons_per_essay
        counts = _counts(self._n, existing)
        return max(1, sorted(counts)[len(counts) // 2] - 1)

    def following(self, existing: Sequence[PlannedComparison], evidence: Evidence) -> list[PlannedComparison]:
        """The next wave; empty if nothing more may be planned."""
        wanted = min(self.target_budget, self.plan_yield, len(existing) + self._wave_size()) - len(existing)
        return next_wave(self._n, existing, wanted, self.rules, evidence) if wanted > 0 else []

    def _wave_size(self) -> int:
        waves = self.max_waves
        per_wave = self._n * self._assessment.comparisons_per_wave
        size = -(-self.total // waves) if waves is not None else -(-per_wave // 2)
        return min(self.total, max(size, self._n - 1))


def _counts(n: int, plan: Sequence[PlannedComparison]) -> list[int]:
    counts = [0] * n
    for comparison in plan:
        counts[comparison.first] += 1
        counts[comparison.second] += 1
    return counts
