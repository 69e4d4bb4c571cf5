"""Plan: from the essays to the pair set, written to the ledger. Sends nothing, costs nothing."""

import hashlib
import secrets
from dataclasses import dataclass

import numpy as np

from cj_pipeline.domain.batches import Outcome
from cj_pipeline.domain.judge_panel import deal_judges
from cj_pipeline.domain.pair_set import Limits, PlannedComparison, comparison_key, pair_set_digest, plan_comparisons
from cj_pipeline.domain.prompting import PROMPT_VERSION, prompt_hash
from cj_pipeline.domain.snapshot import AssessmentSnapshot, session_key
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.records import IN_FLIGHT, MOST_UNCLEAR, PLANNED, ComparisonRecord, SessionRecord
from cj_pipeline.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class PairSet:
    """The pair set of an assessment as it stands.

    Attributes:
        session: Judging session.
        snapshot: Essays and settings it was planned for.
        comparisons: Comparisons between the essays as they are now, in the order of the plan.
        n_new: How many of them were planned just now.
        n_superseded: Comparisons of essays that were edited or removed since; kept, never used.
        digest: SHA-256 over the plan.
    """

    session: SessionRecord
    snapshot: AssessmentSnapshot
    comparisons: tuple[ComparisonRecord, ...]
    n_new: int
    n_superseded: int
    digest: str


def load_snapshot(engine: Engine, name: str) -> AssessmentSnapshot:
    """The essays as they were last read.

    Raises:
        ConfigurationError: They were never read.
    """
    snapshot = engine.tables.load_snapshot(name)
    if snapshot is None:
        raise ConfigurationError(f"assessment {name!r} has not been read yet: materialise the asset `essays` first.")
    return snapshot


def plan(engine: Engine, name: str) -> PairSet:
    """Plan what is missing from an assessment's pair set.

    Essays that are new or edited get their own comparisons; what was planned or paid for stays. Comparisons that
    were planned for a version of an essay that no longer exists, and never asked, are dropped.

    Raises:
        ConfigurationError: The essays were never read.
        DesignError: The cap cannot connect the essays.
    """
    snapshot = load_snapshot(engine, name)
    session = _open_session(engine, snapshot)
    current, superseded = split_current(engine.ledger.comparisons(session.session_id), snapshot)
    limits = Limits(snapshot.assessment.max_pairs_cap, snapshot.assessment.comparisons_per_essay)
    index = {essay.essay_id: i for i, essay in enumerate(snapshot.essays)}
    existing = [PlannedComparison(index[c.first_id], index[c.second_id], c.replicate) for c in current]
    seed = snapshot.assessment.seed
    added = plan_comparisons(len(snapshot.essays), existing, limits, seed)
    engine.ledger.drop_planned([c.comparison_id for c in superseded if c.status == PLANNED])
    engine.ledger.add_comparisons(_records(snapshot, session, current, added))
    return pair_set(engine, snapshot, session, n_new=len(added))


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
    key = session_key(snapshot, engine.accounts)
    assessment = snapshot.assessment
    return engine.ledger.open_session(
        SessionRecord(
            session_id=key[:16],
            assessment=snapshot.name,
            key=key,
            secret=secrets.token_hex(16),
            created_at=engine.clock.now(),
            metadata={
                "llm_batching_mode": assessment.llm_batching_mode.value,
                "prompt_version": PROMPT_VERSION,
                "prompt_hash": prompt_hash(assessment),
                "judges": [judge.name for judge in assessment.judges],
                "accounts": {judge.provider: engine.accounts[judge.provider] for judge in assessment.judges},
            },
        )
    )


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


def needs_asking(comparison: ComparisonRecord, max_attempts: int) -> bool:
    """Whether a comparison has to be sent: never asked, or its last attempt ended in a way that can be helped.

    An attempt without a clear answer may have been paid for; after a second one it is not asked again.
    """
    if comparison.status == PLANNED:
        return True
    has_failed = comparison.status not in {Outcome.OK, IN_FLIGHT} and comparison.retryable
    may_help = has_failed and comparison.n_possibly_paid < MOST_UNCLEAR
    return may_help and comparison.n_attempts - comparison.n_excused < max_attempts
