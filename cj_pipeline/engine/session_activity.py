"""What a judging session is at, in numbers that one query gives for all of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SessionActivity:
    """A judging session of an assessment that was submitted and is not finished or paused.

    Attributes:
        assessment: Whose session it is.
        session_id: Its id.
        n_in_flight: Comparisons under way.
        n_to_ask: Comparisons that are still to be asked, those of earlier versions of essays included.
        last_decision: The last decision that was kept; empty if there was none.
    """

    assessment: str
    session_id: str
    n_in_flight: int
    n_to_ask: int
    last_decision: str
