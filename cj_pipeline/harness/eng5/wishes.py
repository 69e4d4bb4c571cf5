"""What one run of the ENG5 runner wants, in one place: read from options by the command line."""

from dataclasses import dataclass, replace

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.overrides import RunOverrides


@dataclass(frozen=True, slots=True)
class RunnerWishes:
    """Options of the runner.

    Attributes:
        overrides: What it wants instead of what `assessment.yaml` says; without the cap.
        max_comparisons: Most comparisons, in every mode; None: as the file says. It can only lower the file's cap.
        course_id: The course, for the artefact.
        assignment_id: The assignment, for the artefact; None: the assessment's name.
        wait_limit_s: Longest time to wait for the end, seconds.
        arguments: The command's arguments, for the artefact.
    """

    overrides: RunOverrides
    max_comparisons: int | None = None
    course_id: str = "ENG5"
    assignment_id: str | None = None
    wait_limit_s: float = 1800.0
    arguments: tuple[str, ...] = ()

    def capped(self, assessment: Assessment) -> RunOverrides:
        """The overrides with the cap, as far as it is lower than that of the file."""
        if self.max_comparisons is None or self.max_comparisons >= assessment.max_pairs_cap:
            return self.overrides
        return self.overrides.model_copy(update={"max_pairs_cap": self.max_comparisons})

    def with_cap(self, cap: int) -> "RunnerWishes":
        """The same with another cap."""
        return replace(self, max_comparisons=cap)
