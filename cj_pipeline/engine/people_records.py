"""What the ledger keeps of people's decisions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

PersonsWinner = Literal["first", "second", "tie"]


@dataclass(frozen=True, slots=True)
class HumanDecision:
    """A person's decision between two essays.

    Attributes:
        decision_id: Our id; the same decision read twice from a file has the same.
        assessment: The assessment.
        judge: Who decided, as written on the page or in the file.
        first_id: Essay shown first (on the left).
        first_digest: Digest of its text.
        second_id: Essay shown second.
        second_digest: Digest of its text.
        winner: `first`, `second` or `tie`.
        ties_allowed: Whether a tie could be given.
        ordered: Whether it is known which essay was shown first.
        time_ms: How long the decision took, milliseconds; None where unknown.
        source: `page`, or the name of the file it was read from.
        decided_at: When it was made; None where the file does not say.
        recorded_at: When the ledger got to know of it.
        withdrawn_at: When it was taken back; None while it counts.
    """

    decision_id: str
    assessment: str
    judge: str
    first_id: str
    first_digest: str
    second_id: str
    second_digest: str
    winner: PersonsWinner
    ties_allowed: bool
    ordered: bool
    time_ms: int | None
    source: str
    decided_at: datetime | None
    recorded_at: datetime
    withdrawn_at: datetime | None = None

    @property
    def pair(self) -> frozenset[str]:
        """The two essays."""
        return frozenset((self.first_id, self.second_id))
