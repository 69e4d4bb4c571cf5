"""What a judge's reason says of each of the two essays, found by its words alone: no model is asked.

A reason is cut into clauses. A clause speaks of the essay it names first, or of the preferred one where it names none.
It praises or blames by the words it holds, and where it holds neither, it praises the preferred essay and blames the
other. What it cannot be sure of is left to the reader: every remark carries the clause it was read from.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from cj_pipeline.domain.feedback_words import FeedbackWords
from cj_pipeline.domain.rubric_criteria import Criterion, criteria_of

Side = Literal["first", "second"]

_SENTENCE: Final = re.compile(r"(?<=[.!?;])\s+")
_OTHER: Final[dict[Side, Side]] = {"first": "second", "second": "first"}


@dataclass(frozen=True, slots=True)
class Remark:
    """A clause of a reason, about one essay and one criterion.

    Attributes:
        side: The essay it is about.
        criterion: Place of the criterion.
        praises: Whether it names a strength; else a weakness.
        clause: The words it was read from.
    """

    side: Side
    criterion: int
    praises: bool
    clause: str


def remarks(reason: str, winner: Side, criteria: Sequence[Criterion], words: FeedbackWords) -> list[Remark]:
    """What a reason says of the two essays, in its order; a criterion is named once a side, by its first clause.

    Args:
        reason: A judge's reason, the essays named A (shown first) and B.
        winner: The essay preferred.
        criteria: What is looked for.
        words: Words of the reason's language.
    """
    found: dict[tuple[Side, int], Remark] = {}
    for clause in _clauses(reason, words):
        named = _named(clause, words)
        side: Side = named[0] if named else winner
        praises = _praises(clause, words, default=side == winner)
        for criterion in criteria_of(clause, criteria):
            found.setdefault((side, criterion), Remark(side, criterion, praises, clause))
            if len(named) > 1:  # a comparison: what is better here is worse there
                other = _OTHER[side]
                found.setdefault((other, criterion), Remark(other, criterion, not praises, clause))
    return list(found.values())


def outdone(said: Sequence[Remark], winner: Side) -> list[int]:
    """Criteria for which the preferred essay was praised, and of the other nothing was said: there it was outdone.

    Args:
        said: What a reason says, as of `remarks`.
        winner: The essay preferred.
    """
    told = {remark.criterion for remark in said if remark.side != winner}
    return [r.criterion for r in said if r.side == winner and r.praises and r.criterion not in told]


def _clauses(reason: str, words: FeedbackWords) -> list[str]:
    turns = "|".join(re.escape(word) for word in words.breaks)
    parts = [
        part.strip(" ,;")
        for sentence in _SENTENCE.split(reason)
        for part in re.split(rf",?\s+(?=(?:{turns})\b)", sentence, flags=re.IGNORECASE)
    ]
    return [part for part in parts if part]


def _named(clause: str, words: FeedbackWords) -> list[Side]:
    """The essays a clause names by their letters, in its order."""
    places: list[tuple[int, Side]] = []
    for side, letter in (("first", "A"), ("second", "B")):
        hits = [match.start() for label in words.labels for match in _label(label, letter).finditer(clause)]
        if hits:
            places.append((min(hits), "first" if side == "first" else "second"))
    return [side for _, side in sorted(places)]


def _label(label: str, letter: str) -> re.Pattern[str]:
    """The label as a word of its own; the letter is a capital, and no article at the beginning of a sentence."""
    if label == "{x}" and letter == "A":
        return re.compile(r"\bA(?=\s+(?:is|has|shows|uses|gives|was|does|and|or|är|har|visar|och)\b|[,.:;)]|$)")
    before, _, after = label.partition("{x}")
    return re.compile(rf"\b(?i:{re.escape(before)}){letter}{re.escape(after)}\b")


def _praises(clause: str, words: FeedbackWords, *, default: bool) -> bool:
    text = clause.casefold()
    lighter = [phrase for phrase in words.lighter if phrase in text]
    for phrase in lighter:
        text = text.replace(phrase, " ")
    good = bool(lighter) or _holds(text, words.positive)
    bad = _holds(text, words.negative)
    return good if good != bad else default


def _holds(text: str, wanted: Sequence[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", text) for word in wanted)
