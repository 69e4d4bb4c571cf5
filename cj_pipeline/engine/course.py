"""How far an assessment is: its waves by outcome, and its cost so far. Reads only."""

from collections import Counter
from dataclasses import dataclass

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.engine.cost import Spending, spending
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import IN_FLIGHT, PLANNED


@dataclass(frozen=True, slots=True)
class WaveCourse:
    """Where the comparisons of one wave are.

    Attributes:
        wave: 1 for what was planned first.
        n_verdicts: Gave a verdict.
        n_without: Ended without one; some of them may be asked again.
        n_under_way: Are being judged.
        n_planned: Wait to be asked.
    """

    wave: int
    n_verdicts: int
    n_without: int
    n_under_way: int
    n_planned: int

    @property
    def n(self) -> int:
        """Comparisons of the wave."""
        return self.n_verdicts + self.n_without + self.n_under_way + self.n_planned


@dataclass(frozen=True, slots=True)
class Course:
    """How far an assessment is.

    Attributes:
        waves: By wave.
        spending: What was spent and can still be.
        limit_usd: The cost limit; None if there is none.
    """

    waves: tuple[WaveCourse, ...]
    spending: Spending
    limit_usd: float | None

    @property
    def progress(self) -> float:
        """Share of the planned comparisons that have ended, 0 to 1; 0 before there are any."""
        n = sum(wave.n for wave in self.waves)
        return sum(wave.n_verdicts + wave.n_without for wave in self.waves) / n if n else 0.0


def course(engine: Engine, pairs: PairSet) -> Course:
    """Where the comparisons of a pair set are, and what they cost."""
    counts: Counter[tuple[int, str]] = Counter()
    for c in pairs.comparisons:
        kind = c.status if c.status in {PLANNED, IN_FLIGHT, Outcome.OK.value} else "without"
        counts[(c.wave, kind)] += 1
    waves = tuple(
        WaveCourse(
            wave,
            counts[(wave, Outcome.OK.value)],
            counts[(wave, "without")],
            counts[(wave, IN_FLIGHT)],
            counts[(wave, PLANNED)],
        )
        for wave in sorted({wave for wave, _ in counts})
    )
    return Course(waves, spending(engine, pairs.snapshot.name, pairs.session), pairs.snapshot.assessment.max_cost_usd)
