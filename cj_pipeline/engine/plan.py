"""Plan: from the essays to the pair set, written to the ledger. Sends nothing, costs nothing."""

import hashlib
import secrets
from collections.abc import Sequence
from typing import Any

import numpy as np

from cj_pipeline.domain.batching_mode import queue_processing_mode
from cj_pipeline.domain.continuation import Decision
from cj_pipeline.domain.judge_panel import deal_judges
from cj_pipeline.domain.later_waves import Evidence
from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.domain.pair_set import (
    PlannedComparison,
    comparison_key,
    pair_set_digest,
    prescribed_wave,
    require_connected,
)
from cj_pipeline.domain.pairing import n_distinct_pairs
from cj_pipeline.domain.prompting import PROMPT_VERSION, prompt_hash
from cj_pipeline.domain.snapshot import AssessmentSnapshot, session_key
from cj_pipeline.engine.deciding import PairSet, deliberate
from cj_pipeline.engine.fitting import essay_index, judged
from cj_pipeline.engine.modes import MODE_KEY, chosen_mode, session_mode
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import PLANNED, ComparisonRecord, SessionRecord
from cj_pipeline.engine.waves import WavePlan
from cj_pipeline.errors import ConfigurationError, DesignError


def load_snapshot(engine: Engine, name: str) -> AssessmentSnapshot:
    """The essays as they were last read.

    Raises:
        ConfigurationError: They were never read.
    """
    snapshot = engine.tables.load_snapshot(name)
    if snapshot is None:
        raise ConfigurationError(f"assessment {name!r} has not been read yet: materialise the asset `essays` first.")
    return snapshot


def plan(engine: Engine, name: str, *, continues: bool = False) -> PairSet:
    """Plan what is missing from an assessment's pair set.

    Essays that are new or edited get their own comparisons; what was planned or paid for stays. Comparisons that
    were planned for a version of an essay that no longer exists, and never asked, are dropped. Where the last wave is
    complete and the decision is for one more, that wave is planned.

    Args:
        engine: The engine.
        name: The assessment.
        continues: Whether this goes on with an earlier submission, without a person asking: then the mode stays as it
            was stored, and nothing is planned but the wave that was decided.

    Raises:
        ConfigurationError: The essays were never read.
        DesignError: The cap cannot connect the essays.
    """
    snapshot = load_snapshot(engine, name)
    session = planned_session(engine, snapshot) if continues else _open_session(engine, snapshot)
    current, superseded = split_current(engine.ledger.comparisons(session.session_id), snapshot)
    waves = wave_plan(engine, snapshot, session)
    existing = as_planned(snapshot, current)
    added = [] if continues else _missing(waves, snapshot, existing)
    if not added and current:
        added = _decided_wave(engine, pair_set(engine, snapshot, session), waves, existing)
    if not continues:
        engine.ledger.drop_planned([c.comparison_id for c in superseded if c.status == PLANNED])
    engine.ledger.add_comparisons(_records(snapshot, session, current, added))
    return pair_set(engine, snapshot, session, n_new=len(added))


def wave_plan(engine: Engine, snapshot: AssessmentSnapshot, session: SessionRecord) -> WavePlan:
    """The waves of an assessment, by the mode in force and the installation's thresholds."""
    options = engine.options
    mode = session_mode(session, options)
    return WavePlan(snapshot.assessment, len(snapshot.essays), mode, options.continuation)


def as_planned(snapshot: AssessmentSnapshot, comparisons: Sequence[ComparisonRecord]) -> list[PlannedComparison]:
    """Comparisons by the places of their essays."""
    index = essay_index(snapshot)
    return [PlannedComparison(index[c.first_id], index[c.second_id], c.replicate) for c in comparisons]


def _missing(
    waves: WavePlan, snapshot: AssessmentSnapshot, existing: Sequence[PlannedComparison]
) -> list[PlannedComparison]:
    """The first wave, or what essays that came later lack."""
    if snapshot.prescribed:
        return _prescribed(snapshot, existing)
    added = waves.extension(existing) if existing else waves.first()
    require_connected(len(snapshot.essays), [*existing, *added], waves.budget)
    return added


def _prescribed(snapshot: AssessmentSnapshot, existing: Sequence[PlannedComparison]) -> list[PlannedComparison]:
    index = essay_index(snapshot)
    wanted = prescribed_wave([(index[first], index[second], times) for first, second, times in snapshot.prescribed])
    cap = snapshot.assessment.max_pairs_cap
    if len(wanted) > cap:
        raise DesignError(
            f"{snapshot.name}: pairs.csv asks for {len(wanted)} comparisons, but max_pairs_cap is {cap}: raise it in "
            "assessment.yaml, or ask for fewer."
        )
    known = set(existing)
    return [c for c in wanted if c not in known]


def _decided_wave(
    engine: Engine, pairs: PairSet, waves: WavePlan, existing: Sequence[PlannedComparison]
) -> list[PlannedComparison]:
    """The next wave, if that is what the answers so far call for."""
    found = deliberate(engine, pairs, waves)
    if found.decided.decision is not Decision.REQUEST_MORE_COMPARISONS:
        return []
    linked = frozenset(c.pair for c in as_planned(pairs.snapshot, judged(pairs.comparisons)))
    measures = None if found.scale is None else found.scale.fit.measures.tolist()
    return waves.following(existing, Evidence(linked, measures))


def pair_set(engine: Engine, snapshot: AssessmentSnapshot, session: SessionRecord, n_new: int = 0) -> PairSet:
    """The pair set as the ledger has it."""
    current, superseded = split_current(engine.ledger.comparisons(session.session_id), snapshot)
    digest = pair_set_digest([c.comparison_id for c in current])
    return PairSet(session, snapshot, tuple(current), n_new, len(superseded), digest)


def current_session(engine: Engine, snapshot: AssessmentSnapshot) -> SessionRecord | None:
    """The judging session that the snapshot belongs to, None if it was never planned."""
    return engine.ledger.session(session_key(snapshot, engine.accounts))


def planned_session(engine: Engine, snapshot: AssessmentSnapshot) -> SessionRecord:
    """The judging session that the snapshot belongs to.

    Raises:
        ConfigurationError: It was never planned.
    """
    session = current_session(engine, snapshot)
    if session is None:
        raise ConfigurationError(
            f"assessment {snapshot.name!r} has no pair set yet: materialise the asset `pair_set` first."
        )
    return session


def split_current(
    comparisons: list[ComparisonRecord], snapshot: AssessmentSnapshot
) -> tuple[list[ComparisonRecord], list[ComparisonRecord]]:
    """Separate comparisons of the essays as they are now from those of earlier versions."""
    digests = {essay.essay_id: essay.digest for essay in snapshot.essays}
    current: list[ComparisonRecord] = []
    superseded: list[ComparisonRecord] = []
    for c in comparisons:
        same = digests.get(c.first_id) == c.first_digest and digests.get(c.second_id) == c.second_digest
        (current if same else superseded).append(c)
    return current, superseded


def _open_session(engine: Engine, snapshot: AssessmentSnapshot) -> SessionRecord:
    """The judging session, with the mode and the wishes that are in force from now on."""
    key = session_key(snapshot, engine.accounts)
    described = _described(engine, snapshot)
    session = SessionRecord(
        session_id=key[:16],
        assessment=snapshot.name,
        key=key,
        secret=secrets.token_hex(16),
        created_at=engine.clock.now(),
        metadata=described,
    )
    opened = engine.ledger.open_session(session)
    return engine.ledger.merge_metadata(opened.session_id, described)


def _described(engine: Engine, snapshot: AssessmentSnapshot) -> dict[str, Any]:
    assessment = snapshot.assessment
    mode = chosen_mode(snapshot, engine.options)
    overrides = RunOverrides.read(dict(snapshot.overrides))
    source = "run_override" if overrides.max_pairs_cap is not None else "assessment"
    return {
        MODE_KEY: mode.mode.value,
        "llm_batching_mode_source": mode.source,
        "llm_batching_mode_notice": mode.notice,
        "queue_processing_mode": queue_processing_mode(mode.mode).value,
        "comparison_budget": {"max_pairs_requested": assessment.max_pairs_cap, "source": source},
        "config_overrides": overrides.config,
        "llm_overrides": overrides.llm,
        "max_possible_pairs": n_distinct_pairs(len(snapshot.essays)),
        "prompt_version": PROMPT_VERSION,
        "prompt_hash": prompt_hash(assessment),
        "judges": [judge.name for judge in assessment.judges],
        "accounts": {judge.provider: engine.accounts[judge.provider] for judge in assessment.judges},
    }


def _records(
    snapshot: AssessmentSnapshot,
    session: SessionRecord,
    current: list[ComparisonRecord],
    added: list[PlannedComparison],
) -> list[ComparisonRecord]:
    wave = max((c.wave for c in current), default=0) + 1
    start = max((c.sequence for c in current), default=-1) + 1
    judges = snapshot.assessment.judges
    rng = np.random.default_rng([snapshot.assessment.seed, wave, len(current)])
    dealt = deal_judges([judge.share for judge in judges], len(added), rng)
    digests = [essay.digest for essay in snapshot.essays]
    records = []
    for i, (planned, judge) in enumerate(zip(added, dealt, strict=True)):
        first, second = snapshot.essays[planned.first], snapshot.essays[planned.second]
        key = comparison_key(first, second, planned.replicate)
        records.append(
            ComparisonRecord(
                comparison_id=hashlib.sha256(f"{session.key}:{key}".encode()).hexdigest()[:16],
                session_id=session.session_id,
                wave=wave,
                sequence=start + i,
                first_id=first.essay_id,
                first_digest=digests[planned.first],
                second_id=second.essay_id,
                second_digest=digests[planned.second],
                replicate=planned.replicate,
                judge=judges[judge].name,
            )
        )
    return records
