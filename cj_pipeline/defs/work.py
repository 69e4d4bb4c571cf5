"""Work that sensors ask runs for: named by its state, asked for again after failures, never twice at a time."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import dagster as dg

from cj_pipeline.defs.collecting import PastRun, Step, decide
from cj_pipeline.defs.holding import ASSESSMENT_TAG, GROUP_TAG
from cj_pipeline.engine.ports import Engine


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
    """What to do about each piece of work, by the runs that were asked for before."""
    now = engine.clock.now().timestamp()
    return {each: decide(_past_runs(instance, each), now) for each in work}


def launched(instance: dg.DagsterInstance, steps: Mapping[Work, Step]) -> list[dg.RunRequest]:
    """Requests for the work that is to be launched now."""
    return [_request(instance, each) for each, step in steps.items() if step is Step.LAUNCH]


def _past_runs(instance: dg.DagsterInstance, work: Work) -> list[PastRun]:
    records = sorted(instance.get_run_records(dg.RunsFilter(tags=dict(work.tags))), key=lambda r: r.create_timestamp)
    return [PastRun(record.dagster_run.status, record.end_time) for record in records]


def _request(instance: dg.DagsterInstance, work: Work) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"{work.job}:{work.assessment}:{work.key}:{len(_past_runs(instance, work))}",
        job_name=work.job,
        partition_key=work.assessment,
        run_config=dict(work.run_config),
        tags=work.tags,
    )
