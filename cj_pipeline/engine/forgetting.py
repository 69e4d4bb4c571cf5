"""Forget: deletion on request. What is personal goes; what was asked, paid and answered stays, without names or words.

What does not belong here: Dagster's own history (cli.forgetting), the assessment folder, which is the operator's.
"""

import json
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from cj_pipeline.domain.batches import OPEN_PHASES, JobPhase
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.engine.ports import Engine
from cj_pipeline.engine.preparing import EMULATOR_ACCOUNT
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.engine.retention import purge_jobs
from cj_pipeline.engine.standing import set_standing
from cj_pipeline.errors import ConfigurationError

PROVIDERS_KEEP: Final = timedelta(days=30)
"""How long the providers say they keep what was sent to them at most, unless a contract says otherwise."""

_UNFINISHED: Final = (*OPEN_PHASES, JobPhase.ENDED, JobPhase.PREPARED)


@dataclass
class Forgetting:
    """What was deleted, and what was not.

    Attributes:
        n_comparisons: Comparisons in the ledger that lost names and words.
        n_raw_files: Raw files that were deleted, or replaced by ones with fewer lines.
        n_tables: Files of tables that were deleted.
        remains: What is still somewhere else, until when, one line each.
    """

    n_comparisons: int = 0
    n_raw_files: int = 0
    n_tables: int = 0
    remains: list[str] = field(default_factory=list)


def forget(engine: Engine, name: str, essay_id: str | None = None) -> Forgetting:
    """Delete what is kept of an assessment, or of one essay in it. Repeating it finishes what was broken off.

    The providers' copies of all its collected batch jobs are deleted first, then raw bytes, tables, and names and words
    in the ledger. A raw file that holds other essays too keeps their lines, under the digest of what is left.

    Args:
        engine: The engine.
        name: The assessment.
        essay_id: The essay; None: all of them.

    Raises:
        ConfigurationError: Nothing is known of it, or jobs are still under way.
        LeaseHeldError: Another process is working on the assessment.
    """
    with ExitStack() as stack:
        for what in ("submit", "collect"):
            stack.enter_context(engine.ledger.lease(f"{what}:{name}", engine.options.lease_s, engine.clock.now()))
        _require_known(engine, name, essay_id)
        _require_still(engine, name)
        jobs = engine.ledger.jobs(assessment=name)
        report = Forgetting(remains=purge_jobs(engine, name))
        about = engine.ledger.attempts_about(name, essay_id)
        for job in jobs:
            if job.job_id in about or essay_id is None:
                report.n_raw_files += _strip(engine, job, None if essay_id is None else about[job.job_id])
        if essay_id is None:
            report.n_raw_files += sum(
                not engine.raw.strip(path, lambda _line: False) for path in engine.raw.below(name)
            )
        report.n_tables = engine.tables.forget(name)
        report.n_comparisons = engine.ledger.forget_texts(name, essay_id)
        engine.ledger.compact()
        set_standing(engine, name, Standing.CANCELLED, "essays were deleted on request; submit it again to go on.")
        report.remains += _at_providers([job for job in jobs if job.job_id in about])
    return report


def _require_known(engine: Engine, name: str, essay_id: str | None) -> None:
    known = engine.ledger.essay_ids(name)
    if essay_id is not None and essay_id not in known:
        raise ConfigurationError(f"{name}: nothing is kept about an essay {essay_id!r}.")
    if not known and not engine.raw.below(name) and engine.tables.load_snapshot(name) is None:
        raise ConfigurationError(f"{name}: nothing is kept about an assessment of this name.")


def _require_still(engine: Engine, name: str) -> None:
    """Make sure that nothing is under way: answers that still come would bring back what was deleted."""
    live = engine.ledger.jobs(assessment=name, phases=_UNFINISHED)
    if live:
        raise ConfigurationError(
            f"{name}: {len(live)} job(s) are still under way or not collected. Run `cj cancel {name}`, then "
            f"`cj status {name}` until nothing is left (the batch_job_sensor collects, or `cj run`), then this again."
        )


def _strip(engine: Engine, job: JobRecord, names: Collection[str] | None) -> int:
    """Delete a job's raw files, or their lines of these requests; returns the number of files that changed."""
    paths = {path: engine.raw.strip(path, lambda line: _stays(line, names)) for path in engine.raw.below(job.folder)}
    engine.ledger.move_raw(job.job_id, {old: new for old, new in paths.items() if new})
    return sum(old != new for old, new in paths.items())


def _stays(line: bytes, names: Collection[str] | None) -> bool:
    """Whether a line is about other requests. One that cannot be read may be about any, and goes."""
    if names is None:
        return False
    try:
        return str(json.loads(line)["custom_id"]) not in names
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _at_providers(jobs: list[JobRecord]) -> list[str]:
    """What the providers may still keep of what was sent to them, and until when at the latest."""
    newest: dict[tuple[str, str], datetime] = {}
    for job in jobs:
        key = (job.provider, job.account)
        sent = job.collected_at or job.ended_at or job.intent_at or job.created_at
        newest[key] = max(newest.get(key, sent), sent)
    return [
        "the emulator keeps its own copies in its state folder; delete that."
        if account == EMULATOR_ACCOUNT
        else f"{provider} ({account}): its logs of calls and jobs, by its terms until {sent + PROVIDERS_KEEP:%Y-%m-%d} "
        "at the latest, unless your contract says otherwise. They cannot be deleted by a call."
        for (provider, account), sent in sorted(newest.items())
    ]
