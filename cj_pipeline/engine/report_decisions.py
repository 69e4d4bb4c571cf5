"""Every decision behind a ranking in one table, whoever made it, and the disagreements of people with models."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.engine.people_arrays import PERSON as PERSONS_NAME
from cj_pipeline.engine.people_arrays import person_name
from cj_pipeline.engine.people_records import HumanDecision
from cj_pipeline.engine.people_tables import human_decisions_table
from cj_pipeline.engine.rank import Ranking, answered_by
from cj_pipeline.engine.records import ComparisonRecord, JobRecord
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.scale_fit import expected_answers

SURPRISING: Final = 0.1
"""A decision is called surprising where the scale gave it less than this chance."""

MODEL, PERSON = "llm", "human"

DECISION_COLUMNS: Final = (
    "decision_id",
    "session_id",
    "judge_id",
    "judge_type",
    "answered_by",
    "prompt_hash",
    "batch_id",
    "wave",
    "left_id",
    "right_id",
    "winner",
    "winner_id",
    "loser_id",
    "strength",
    "chance",
    "surprising",
    "reason",
    "error",
    "time_ms",
    "created_at",
    "source",
)
DISAGREEMENT_COLUMNS: Final = (
    "judge_id",
    "preferred",
    "other",
    "gap",
    "chance",
    "against",
    "models_prefer",
    "model_reason",
    "time_ms",
    "source",
)


def decisions_table(ranking: Ranking, job_of: Mapping[str, JobRecord]) -> pd.DataFrame:
    """One row per decision, models first, in the order of the plan; those without a verdict have winner `invalid`.

    Args:
        ranking: The ranking that rests on them.
        job_of: The job that brought each comparison's answer, by comparison id, where it is known.
    """
    models, people = _chances(ranking)
    left = iter(models.tolist())
    rows = [
        _models_row(c, ranking, next(left) if c.status == Outcome.OK else None, job_of.get(c.comparison_id))
        for c in ranking.pairs.comparisons
    ]
    rows += [_persons_row(d, chance) for d, chance in zip(ranking.pairs.people, people, strict=True)]
    table = pd.DataFrame(rows, columns=list(DECISION_COLUMNS))
    return table.astype({"strength": "Int64", "wave": "Int64", "time_ms": "Int64", "chance": "float64"})


def _chances(ranking: Ranking) -> tuple[Floats, list[float]]:
    """Probability under the scale that the first essay wins: for every verdict of a model, and every person's.

    The rows of the fitted data are the models' verdicts in their order, then each person's decision; one whose order is
    unknown has two rows, the second in the reversed order, and gets their mean.
    """
    wins = expected_answers(ranking.fit, ranking.scale.data).first_wins
    n_models = sum(c.status == Outcome.OK for c in ranking.pairs.comparisons)
    people, row = [], n_models
    for decision in ranking.pairs.people:
        people.append(float(wins[row] if decision.ordered else (wins[row] + 1 - wins[row + 1]) / 2))
        row += 1 if decision.ordered else 2
    return wins[:n_models], people


def _of_winner(first_wins: float | None, winner: str) -> float | None:
    if first_wins is None:
        return None
    return {"first": first_wins, "second": 1 - first_wins}.get(winner)


def _models_row(c: ComparisonRecord, ranking: Ranking, first_wins: float | None, job: JobRecord | None) -> list[object]:
    chance = _of_winner(first_wins, c.winner)
    won, lost = _sides(c.winner, c.first_id, c.second_id)
    return [
        c.comparison_id,
        c.session_id,
        c.judge,
        MODEL,
        answered_by(c),
        ranking.pairs.session.metadata["prompt_hash"],
        job.provider_batch_id if job else "",
        c.wave,
        c.first_id,
        c.second_id,
        {"first": "left", "second": "right"}.get(c.winner, "invalid"),
        won,
        lost,
        c.strength or None,
        chance,
        chance is not None and chance < SURPRISING,
        c.reason,
        c.error,
        None,
        job.collected_at.isoformat(timespec="seconds") if job and job.collected_at else "",
        "",
    ]


def _persons_row(d: HumanDecision, first_wins: float) -> list[object]:
    chance = _of_winner(first_wins, d.winner)
    won, lost = _sides(d.winner, d.first_id, d.second_id)
    made = d.decided_at or d.recorded_at
    return [
        d.decision_id,
        "",
        person_name(d),
        PERSON,
        person_name(d),
        "",
        "",
        None,
        d.first_id,
        d.second_id,
        {"first": "left", "second": "right"}.get(d.winner, "tie"),
        won,
        lost,
        None,
        chance,
        chance is not None and chance < SURPRISING,
        "",
        "",
        d.time_ms,
        made.isoformat(timespec="seconds"),
        d.source,
    ]


def _sides(winner: str, first: str, second: str) -> tuple[str, str]:
    return {"first": (first, second), "second": (second, first)}.get(winner, ("", ""))


def disagreements_table(ranking: Ranking, decisions: pd.DataFrame) -> pd.DataFrame:
    """People's decisions against most models or against the scale, largest distance first.

    The column `gap` says by how many logits the essay that the person rejected lies above the one preferred; below 0
    the scale sides with the person, and only the models contradict.
    """
    people = decisions[decisions["judge_type"] == PERSON].reset_index(drop=True)
    models_prefer = human_decisions_table(ranking.pairs)["models_prefer"]
    measure = dict(zip(ranking.table["essay_id"], ranking.table["measure"], strict=True))
    reasons = _reasons(decisions)
    rows = []
    for row, preferred in zip(people.to_dict("records"), models_prefer, strict=True):
        won, lost = str(row["winner_id"]), str(row["loser_id"])
        if not won:
            continue
        gap = measure[lost] - measure[won]
        against = [name for name, so in (("models", preferred == lost), ("scale", gap > 0)) if so]
        if against:
            reason = reasons.get((lost, won), "") if preferred == lost else ""
            rest = (" and ".join(against), preferred, reason, row["time_ms"], row["source"])
            rows.append((row["judge_id"], won, lost, gap, row["chance"], *rest))
    table = pd.DataFrame(rows, columns=list(DISAGREEMENT_COLUMNS)).astype({"time_ms": "Int64", "gap": "float64"})
    return table.sort_values(["gap", "judge_id", "preferred"], ascending=[False, True, True], ignore_index=True)


def _reasons(decisions: pd.DataFrame) -> dict[tuple[str, str], str]:
    """The first reason a model gave for preferring one essay to another, with the letter of the essay preferred."""
    found: dict[tuple[str, str], str] = {}
    said = decisions[(decisions["judge_type"] == MODEL) & (decisions["reason"] != "")]
    columns = (said[name] for name in ("winner_id", "loser_id", "reason", "winner"))
    for won, lost, reason, winner in zip(*columns, strict=True):
        found.setdefault((won, lost), f"{reason} [{'A' if winner == 'left' else 'B'}]")
    return found


def agreement_by_kind(ranking: Ranking) -> pd.DataFrame:
    """For every judge of the ranking: how often models, and how often people, preferred the same of a common pair."""
    names = ranking.quality.judges
    people = np.array([name.startswith(PERSONS_NAME) for name in names], dtype=np.bool_)
    n, same = np.zeros((2, len(names))), np.zeros((2, len(names)))
    for pair in ranking.quality.scale.between:
        for one, other in ((pair.one, pair.other), (pair.other, pair.one)):
            kind = int(people[other])
            n[kind, one] += pair.same.n
            same[kind, one] += pair.same.n * pair.same.value
    with np.errstate(invalid="ignore"):
        share = same / n
    return pd.DataFrame(
        {
            "judge": list(names),
            "judge_type": [PERSON if person else MODEL for person in people],
            "agrees_with_models": share[0],
            "n_pairs_with_models": n[0].astype(np.int64),
            "agrees_with_people": share[1],
            "n_pairs_with_people": n[1].astype(np.int64),
        }
    )
