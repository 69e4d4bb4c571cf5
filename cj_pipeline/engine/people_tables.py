"""People's decisions as a table, beside what the models said of the same pair."""

import pandas as pd

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.engine.records import ComparisonRecord

HUMAN_DECISIONS_TABLE = "human_decisions"
_COLUMNS = ("judge", "first", "second", "winner", "winner_position", "time_ms", "source", "decided_at", "models_prefer")


def human_decisions_table(pairs: PairSet) -> pd.DataFrame:
    """One row per decision that counts, in the order in which they were recorded.

    The column `models_prefer` names the essay that most models' verdicts on the same pair preferred; it is empty where
    no model judged the pair, or as many preferred either.
    """
    preferred = _preferred_by_models(pairs)
    rows = [_row(decision, preferred.get(decision.pair, "")) for decision in pairs.people]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _row(decision: HumanDecision, models_prefer: str) -> tuple[object, ...]:
    essays = {"first": decision.first_id, "second": decision.second_id}
    return (
        decision.judge,
        decision.first_id,
        decision.second_id,
        essays.get(decision.winner, ""),
        decision.winner if decision.ordered or decision.winner == "tie" else "",
        decision.time_ms,
        decision.source,
        None if decision.decided_at is None else decision.decided_at.isoformat(),
        models_prefer,
    )


def _preferred_by_models(pairs: PairSet) -> dict[frozenset[str], str]:
    lead: dict[frozenset[str], dict[str, int]] = {}
    for c in pairs.comparisons:
        if c.status == Outcome.OK:
            tally = lead.setdefault(frozenset((c.first_id, c.second_id)), {})
            winner = _winner(c)
            tally[winner] = tally.get(winner, 0) + 1
    return {pair: _most(tally) for pair, tally in lead.items()}


def _winner(comparison: ComparisonRecord) -> str:
    return comparison.first_id if comparison.winner == "first" else comparison.second_id


def _most(tally: dict[str, int]) -> str:
    best = max(tally.values())
    leaders = [essay for essay, count in tally.items() if count == best]
    return leaders[0] if len(leaders) == 1 else ""
