"""The ranking of a judging session as the ledger has it, for reading: nothing is decided, kept or sent."""

from cj_pipeline.domain.snapshot import AssessmentSnapshot, session_key
from cj_pipeline.engine.deciding import deliberate
from cj_pipeline.engine.plan import load_snapshot, pair_set, wave_plan
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.quality import ranking_quality
from cj_pipeline.engine.rank import Ranking, Waiting, ranking_of, waiting_for
from cj_pipeline.engine.records import SessionRecord
from cj_pipeline.errors import ConfigurationError


def session_to_show(engine: Engine, name: str) -> tuple[AssessmentSnapshot, SessionRecord]:
    """The essays of an assessment as last read, and the judging session that its results come from.

    Of several sessions (a real provider and the emulator were asked) the one that would be asked now counts, else the
    newest: results can be looked at without the keys they were made with. One that was only planned counts last, so
    that a look at the cost hides no result.

    Raises:
        ConfigurationError: The assessment was never read, or never planned.
    """
    snapshot = load_snapshot(engine, name)
    sessions = [s for s in engine.ledger.sessions(name) if s.key == session_key(snapshot, s.metadata["accounts"])]
    if not sessions:
        raise ConfigurationError(f"assessment {name!r} has no pair set yet: cj run {name} makes one.")
    now = session_key(snapshot, engine.accounts)
    asked = {s.session_id: len(sessions) == 1 or engine.ledger.totals(s.session_id).n_attempts > 0 for s in sessions}
    return snapshot, max(sessions, key=lambda s: (asked[s.session_id], s.key == now, s.created_at))


def rank_session(engine: Engine, snapshot: AssessmentSnapshot, session: SessionRecord) -> Ranking | Waiting:
    """Fit the ranking of a judging session, for the essays as they are now.

    Returns:
        The ranking, interim where one more wave follows; or what it waits for.

    Raises:
        NotConvergedError: The fit stopped short.
    """
    pairs = pair_set(engine, snapshot, session)
    waves = wave_plan(engine, snapshot, session)
    found = deliberate(engine, pairs, waves)
    if found.scale is None:
        return Waiting(waiting_for(engine, pairs) or f"{found.decided.explanation}.")
    thresholds = engine.options.quality.thresholds
    quality = ranking_quality(snapshot, pairs.comparisons, found.scale, thresholds, waves.max_waves)
    totals = engine.ledger.totals(session.session_id)
    return ranking_of(pairs, found.scale, quality, totals, found.decided)
