"""What one run of the ENG5 runner wants, in one place: read from options by the command line."""

from dataclasses import dataclass

from cj_pipeline.domain.assessment import Assessment
from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.harness.driving import Patience


@dataclass(frozen=True, slots=True)
class RunnerWishes:
    """Options of the runner.

    Attributes:
        overrides: What it wants instead of what `assessment.yaml` says; without the cap.
        max_comparisons: Most comparisons, in every mode; None: as the file says. It can only lower the file's cap.
        course_id: The course, for the artefact.
        assignment_id: The assignment, for the artefact; None: the assessment's name.
        wait_limit_s: Longest time to wait for the end, seconds.
        tick_s: Pause between two looks at what goes on, seconds.
        arguments: The command's arguments, for the artefact.
    """

    overrides: RunOverrides
    max_comparisons: int | None = None
    course_id: str = "ENG5"
    assignment_id: str | None = None
    wait_limit_s: float = 1800.0
    tick_s: float = 0.5
    arguments: tuple[str, ...] = ()

    def capped(self, assessment: Assessment) -> RunOverrides:
        """The overrides with the cap, as far as it is lower than that of the file."""
        if self.max_comparisons is None or self.max_comparisons >= assessment.max_pairs_cap:
            return self.overrides
        return self.overrides.model_copy(update={"max_pairs_cap": self.max_comparisons})

    @property
    def patience(self) -> Patience:
        """How long to wait."""
        return Patience(self.wait_limit_s, self.tick_s)
