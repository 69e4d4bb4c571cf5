"""People as judges: what they are asked, and what they decided. Costs nothing and sends nothing."""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cj_pipeline.domain.people import next_pair, pairs_for_people
from cj_pipeline.domain.snapshot import AssessmentSnapshot
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.fitting import essay_index
from cj_pipeline.engine.people_records import HumanDecision, PersonsWinner
from cj_pipeline.engine.plan import current_decisions
from cj_pipeline.engine.ports import Engine
from cj_pipeline.errors import ConfigurationError

PAGE = "page"
"""Source of decisions that were made on the judging page."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person sees next.

    Attributes:
        pair: Essay shown first and essay shown second, by id; None when nothing is left for this judge.
        n_mine: Decisions of this judge on the assigned pairs.
        n_judged: Assigned pairs that anybody has judged.
        n_assigned: Pairs assigned to people.
    """

    pair: tuple[str, str] | None
    n_mine: int
    n_judged: int
    n_assigned: int


def assigned_pairs(pairs: PairSet) -> list[tuple[str, str]]:
    """The ordered pairs that people are asked to judge, by essay id."""
    snapshot = pairs.snapshot
    index = essay_index(snapshot)
    distinct = sorted({_sorted(index[c.first_id], index[c.second_id]) for c in pairs.comparisons})
    assessment = snapshot.assessment
    chosen = pairs_for_people(len(snapshot.essays), distinct, assessment.people_share, assessment.seed)
    return [(snapshot.essays[a].essay_id, snapshot.essays[b].essay_id) for a, b in chosen]


def turn(engine: Engine, pairs: PairSet, judge: str) -> Turn:
    """What a person sees next, and how far people have come."""
    assigned = assigned_pairs(pairs)
    judged_by: dict[frozenset[str], set[str]] = defaultdict(set)
    for decision in current_decisions(engine, pairs.snapshot):
        judged_by[decision.pair].add(decision.judge)
    wanted = {frozenset(pair) for pair in assigned}
    mine = sum(judge in judged_by[pair] for pair in wanted)
    judged = sum(bool(judged_by[pair]) for pair in wanted)
    return Turn(next_pair(assigned, judged_by, judge), mine, judged, len(assigned))


def decide_pair(
    engine: Engine,
    snapshot: AssessmentSnapshot,
    judge: str,
    pair: tuple[str, str],
    *,
    winner: PersonsWinner,
    time_ms: int,
) -> HumanDecision:
    """Keep a decision that a person made on the judging page.

    Args:
        engine: The engine.
        snapshot: The essays that were shown.
        judge: Who decided.
        pair: Essay shown first, essay shown second.
        winner: Which of them is better; `tie` only where the assessment allows it.
        time_ms: How long it took, milliseconds.

    Raises:
        ConfigurationError: A tie is not allowed, or an essay is not part of the assessment.
    """
    ties = snapshot.assessment.people_ties
    known = {essay.essay_id: essay.digest for essay in snapshot.essays}
    if winner == "tie" and not ties:
        raise ConfigurationError(f"{snapshot.name}: a tie is not allowed; set people_ties: true in assessment.yaml.")
    if pair[0] == pair[1] or not set(pair) <= set(known):
        raise ConfigurationError(f"{snapshot.name}: the essays shown are no longer part of the assessment; reload.")
    now = engine.clock.now()
    decision = HumanDecision(
        decision_id=secrets.token_hex(16),
        assessment=snapshot.name,
        judge=judge,
        first_id=pair[0],
        first_digest=known[pair[0]],
        second_id=pair[1],
        second_digest=known[pair[1]],
        winner=winner,
        ties_allowed=ties,
        ordered=True,
        time_ms=time_ms,
        source=PAGE,
        decided_at=now,
        recorded_at=now,
    )
    engine.ledger.add_human_decisions([decision])
    return decision


def undo_last(engine: Engine, snapshot: AssessmentSnapshot, judge: str) -> HumanDecision | None:
    """Take back the last decision that a person made on the page; None where there is none."""
    mine = [d for d in current_decisions(engine, snapshot) if (d.judge, d.source) == (judge, PAGE)]
    if not mine:
        return None
    engine.ledger.withdraw_human_decisions([mine[-1].decision_id], engine.clock.now())
    return mine[-1]


def sync_files(engine: Engine, snapshot: AssessmentSnapshot, found: Sequence[HumanDecision]) -> int:
    """Make the decisions from files those that the files hold now; decisions from the page are left alone.

    Returns:
        How many changed: new ones, and those that are in no file any more.
    """
    changed = file_changes(engine, snapshot.name, found)
    fresh = [d for d in found if d.decision_id in changed]
    gone = engine.ledger.withdraw_human_decisions(changed - {d.decision_id for d in fresh}, engine.clock.now())
    engine.ledger.add_human_decisions(fresh)
    return gone + len(fresh)


def file_changes(engine: Engine, name: str, found: Sequence[HumanDecision]) -> set[str]:
    """Ids of decisions that files hold and the ledger does not, or the ledger from files and no file any more."""
    kept = {d.decision_id for d in engine.ledger.human_decisions(name) if d.source != PAGE}
    return kept ^ {d.decision_id for d in found}


def _sorted(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a < b else (b, a)
