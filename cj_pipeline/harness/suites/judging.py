"""Running a case and saying what held of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cj_pipeline.errors import CjError
from cj_pipeline.harness.suites.checks import Check
from cj_pipeline.harness.suites.expectations import course, identity, pairs, quality
from cj_pipeline.harness.suites.metering import metrics_moved
from cj_pipeline.harness.suites.observing import Observation
from cj_pipeline.harness.suites.recordings import as_recorded
from cj_pipeline.harness.suites.running import Workplace
from cj_pipeline.harness.suites.specs import Case

EXPECTATIONS: Final[Sequence[Callable[[Observation], Iterator[Check]]]] = (
    course,
    pairs,
    identity,
    quality,
    as_recorded,
    metrics_moved,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a case came to.

    Attributes:
        case: Suite, mode and provider.
        checks: What had to hold.
        seen: What was observed; None if it could not run at all.
    """

    case: Case
    checks: tuple[Check, ...]
    seen: Observation | None

    @property
    def failed(self) -> list[Check]:
        """What did not hold."""
        return [check for check in self.checks if not check.passed]

    @property
    def passed(self) -> bool:
        """Whether everything held."""
        return not self.failed


def judge(workplace: Workplace, case: Case) -> Verdict:
    """Run a case and look at everything; one that cannot run has failed."""
    try:
        seen = workplace.run(case)
    except CjError as error:
        return Verdict(case, (Check("it runs", passed=False, saw=str(error)),), None)
    checks = [check for expectation in EXPECTATIONS for check in expectation(seen)]
    return Verdict(case, tuple(checks), seen)
