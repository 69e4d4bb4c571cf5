"""Work that sensors ask runs for: named by its state, asked for again after failures, never twice at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import dagster as dg
from dagster import DagsterRunStatus, RunRecord

from cj_pipeline.defs.collecting import PastRun, Step, decide
from cj_pipeline.defs.holding import ASSESSMENT_TAG, GROUP_TAG, runs_with
from cj_pipeline.engine.ports import Engine

MOST_AT_ONCE: Final = 25
"""Runs asked for in one tick: Dagster makes them one after the other, a quarter to half a second each."""

_ENDED: Final = {DagsterRunStatus.SUCCESS, DagsterRunStatus.FAILURE, DagsterRunStatus.CANCELED}
_UNFINISHED: Final = [status for status in DagsterRunStatus if status not in _ENDED]


@dataclass(frozen=True, slots=True)
class Work:
    """Work for one assessment.

    Attributes:
        job: Name of the job that does it.
        assessment: Whose work it is.
        key: Name of exactly this state of the assessment: another state has another name.
        run_config: What the job is told.
    """

    job: str
    assessment: str
    key: str
    run_config: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def tags(self) -> dict[str, str]:
        """Tags by which its runs are found again."""
        return {ASSESSMENT_TAG: self.assessment, GROUP_TAG: self.key}


def steps_for(instance: dg.DagsterInstance, engine: Engine, work: Iterable[Work]) -> dict[Work, Step]:
    """What to do about each piece of work, by the runs that were asked for before.

    While a run of the same job is under way for an assessment, or waits in the queue, no other is asked for: it takes
    in what has come since, and where it does not, the next tick sees that.
    """
    now, wanted = engine.clock.now().timestamp(), list(work)
    busy = _busy(instance, sorted({each.assessment for each in wanted}))
    steps = {each: decide(runs, now) for each, runs in _past_runs(instance, wanted).items()}
    held_up = {each for each, step in steps.items() if step is Step.LAUNCH and (each.job, each.assessment) in busy}
    return {**steps, **dict.fromkeys(held_up, Step.RUNNING)}


def _busy(instance: dg.DagsterInstance, assessments: Sequence[str]) -> set[tuple[str, str]]:
    """Jobs and assessments for which a run that a sensor asked for has not ended; held runs are none of them."""
    runs = [r.dagster_run for r in runs_with(instance, ASSESSMENT_TAG, assessments, statuses=_UNFINISHED)]
    return {(run.job_name, run.tags[ASSESSMENT_TAG]) for run in runs if GROUP_TAG in run.tags}


def launched(instance: dg.DagsterInstance, steps: Mapping[Work, Step]) -> list[dg.RunRequest]:
    """Requests for the work that is to be launched now, at most `MOST_AT_ONCE`; the rest is for the next tick."""
    now = [each for each, step in steps.items() if step is Step.LAUNCH][:MOST_AT_ONCE]
    return [_request(each, len(runs)) for each, runs in _past_runs(instance, now).items()]


def _past_runs(instance: dg.DagsterInstance, work: Sequence[Work]) -> dict[Work, list[PastRun]]:
    """The runs that were asked for each piece of work before, oldest first."""
    found: dict[tuple[str, str], list[RunRecord]] = {(each.assessment, each.key): [] for each in work}
    for record in runs_with(instance, GROUP_TAG, sorted({each.key for each in work})):
        tags = record.dagster_run.tags
        found.get((tags.get(ASSESSMENT_TAG, ""), tags[GROUP_TAG]), []).append(record)
    return {each: _in_order(found[each.assessment, each.key]) for each in work}


def _in_order(records: Iterable[RunRecord]) -> list[PastRun]:
    by_age = sorted(records, key=lambda record: record.create_timestamp)
    return [PastRun(record.dagster_run.status, record.end_time) for record in by_age]


def _request(work: Work, n_before: int) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"{work.job}:{work.assessment}:{work.key}:{n_before}",
        job_name=work.job,
        partition_key=work.assessment,
        run_config=dict(work.run_config),
        tags=work.tags,
    )
