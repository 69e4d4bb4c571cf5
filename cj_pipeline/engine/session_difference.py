"""Two judging sessions beside each other: for choosing a model, a prompt or a mode."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.engine.modes import MODE_KEY
from cj_pipeline.engine.plan import load_snapshot
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.rank import Ranking, Waiting
from cj_pipeline.engine.ranking_figures import ranking_figures
from cj_pipeline.engine.records import SessionRecord
from cj_pipeline.engine.session_ranking import rank_session, session_to_show
from cj_pipeline.errors import ConfigurationError, NotReadyError
from cj_pipeline.scaling.proportions import Share, share
from cj_pipeline.scaling.rank_changes import ScaleDifference, scale_difference

COMPARED: Final = (
    "n_verdicts",
    "n_without_verdict",
    "reliability",
    "scale_separation_reliability",
    "split_half_by_comparison",
    "split_half_by_judge",
    "mean_standard_error",
    "spread_of_measures",
    "position_effect",
    "position_effect_standard_error",
    "flip_rate",
    "flip_rate_expected",
    "circular_triads_share",
    "circular_triads_share_expected",
    "people_agree_with_models",
    "correlation_with_length",
    "spent_usd",
    "usd_per_verdict",
)
"""Figures that are put beside each other."""

_PREFIX: Final = 4
"""Fewest digits of a session's name."""


@dataclass(frozen=True, slots=True)
class SessionDifference:
    """Two judging sessions of the same essays.

    Attributes:
        rankings: Their rankings.
        scales: How their scales differ, over the common essays.
        essays: One row per common essay, largest change first.
        figures: One row per figure, with its value in either session.
        verdicts: Share of common pairs on which most verdicts of both prefer the same essay.
    """

    rankings: tuple[Ranking, Ranking]
    scales: ScaleDifference
    essays: pd.DataFrame
    figures: pd.DataFrame
    verdicts: Share


def find_session(engine: Engine, assessments: list[str], wanted: str) -> SessionRecord:
    """The judging session that is meant: by its name or the beginning of it, or by an assessment's name.

    Args:
        engine: The engine.
        assessments: Names of all assessments.
        wanted: At least four digits of a session's name, or an assessment, whose current session is meant.

    Raises:
        ConfigurationError: There is none, or there are several.
    """
    if wanted in assessments:
        return session_to_show(engine, wanted)[1]
    known = [session for name in assessments for session in engine.ledger.sessions(name)]
    found = [s for s in known if len(wanted) >= _PREFIX and s.session_id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    names = "; ".join(f"{s.session_id} ({describe(s)})" for s in (found or known)) or "none yet"
    what = "is the beginning of several judging sessions" if found else "is no judging session or assessment"
    raise ConfigurationError(f"{wanted!r} {what}. Sessions: {names}.")


def describe(session: SessionRecord) -> str:
    """A session in one line: assessment, judges, mode, prompt."""
    kept = session.metadata
    judges = ", ".join(kept["judges"])
    asked = ", ".join(sorted(set(kept.get("accounts", {}).values())))
    return f"{session.assessment}: {judges} at {asked}, {kept.get(MODE_KEY, '')}, prompt {kept['prompt_hash'][:8]}"


def compare_sessions(engine: Engine, one: SessionRecord, other: SessionRecord) -> SessionDifference:
    """Rank both sessions anew, for their essays as they are now, and compare.

    Raises:
        NotReadyError: One of them has no ranking, or they have fewer than three essays in common.
        EstimationError: The answers of one give no scale.
    """
    first, second = (_ranked(engine, session) for session in (one, other))
    texts = [{essay.essay_id: essay.digest for essay in r.pairs.snapshot.essays} for r in (first, second)]
    common = [name for name, digest in texts[0].items() if texts[1].get(name) == digest]
    tables = [r.table.set_index("essay_id").loc[common] for r in (first, second)]
    columns = [t[name].to_numpy(dtype=np.float64) for t in tables for name in ("measure", "standard_error")]
    try:
        scales = scale_difference(*columns)
    except ValueError as error:
        raise NotReadyError(f"{one.session_id} and {other.session_id} cannot be compared: {error}.") from error
    return SessionDifference(
        rankings=(first, second),
        scales=scales,
        essays=_essays(common, scales, tables),
        figures=_figures(first, second),
        verdicts=_same_verdicts(first, second),
    )


def _ranked(engine: Engine, session: SessionRecord) -> Ranking:
    snapshot = load_snapshot(engine, session.assessment)
    ranking = rank_session(engine, snapshot, session)
    if isinstance(ranking, Waiting):
        raise NotReadyError(f"judging session {session.session_id} has no ranking: {ranking.reason}")
    return ranking


def _essays(common: list[str], scales: ScaleDifference, tables: list[pd.DataFrame]) -> pd.DataFrame:
    table = pd.DataFrame(
        {
            "essay_id": common,
            "rank": scales.ranks[0],
            "rank_then": scales.ranks[1],
            "measure": tables[0]["measure"].to_numpy(),
            "measure_then": tables[1]["measure"].to_numpy(),
            "change": scales.change,
            "change_error": scales.change_error,
            "beyond_error": scales.beyond_error,
        }
    )
    order = np.argsort(-np.abs(scales.change / scales.change_error), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _figures(one: Ranking, other: Ranking) -> pd.DataFrame:
    found = [ranking_figures(ranking) for ranking in (one, other)]
    for figures in found:
        spent, n = figures["spent_usd"], figures["n_verdicts"]
        figures["usd_per_verdict"] = spent / n if spent is not None and n else None
    rows = [(name, found[0][name], found[1][name]) for name in COMPARED]
    return pd.DataFrame(rows, columns=["figure", "one", "other"])


def _same_verdicts(one: Ranking, other: Ranking) -> Share:
    """On how many common pairs most verdicts prefer the same essay; undecided pairs are left out."""
    first, second = _preferred(one), _preferred(other)
    common = first.keys() & second.keys()
    return share(sum(first[pair] == second[pair] for pair in common), len(common))


def _preferred(ranking: Ranking) -> dict[frozenset[str], str]:
    lead: dict[frozenset[str], dict[str, int]] = {}
    for c in ranking.pairs.comparisons:
        if c.status == Outcome.OK:
            tally = lead.setdefault(frozenset((c.first_id, c.second_id)), {c.first_id: 0, c.second_id: 0})
            tally[c.first_id if c.winner == "first" else c.second_id] += 1
    return {pair: max(t, key=lambda name: t[name]) for pair, t in lead.items() if len(set(t.values())) > 1}
