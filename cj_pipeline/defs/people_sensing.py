"""The sensor for what people do: decide on the judging page, change files of decisions, change anchors."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import dagster as dg

from cj_pipeline.defs.jobs import reread_anchors, rescore_assessment
from cj_pipeline.defs.resources import PipelineResource
from cj_pipeline.defs.work import Work, launched, steps_for
from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.engine.plan import load_snapshot
from cj_pipeline.engine.rescoring import Rescoring, finished_assessments, rescoring
from cj_pipeline.errors import CjError
from cj_pipeline.wiring import Workbench

MOST_PER_TICK: Final = 100
"""Assessments looked at in one tick: their folders are read, which takes some milliseconds each."""

_TEXT = (
    "Watches finished assessments. When people decided on the judging page or in files under decisions/, or "
    "anchors.csv changed while the texts are the same, the assessment is scored again. While somebody is judging, it "
    "waits until nobody has decided for two minutes. It spends nothing. A run that fails is tried again after 1, 4, 16 "
    "and 64 minutes."
)


@dg.sensor(
    jobs=[rescore_assessment, reread_anchors],
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=30,
    description=_TEXT,
)
def people_sensor(context: dg.SensorEvaluationContext, pipeline: PipelineResource) -> dg.SensorResult:
    """Ask for a run that scores again, once for every change."""
    bench = pipeline.bench()
    names = next_ones(finished_assessments(bench.engine), context.cursor, MOST_PER_TICK)
    work, trouble = _look(bench, names)
    for line in trouble:
        context.log.warning(line)
    steps = steps_for(context.instance, bench.engine, work)
    requests = launched(context.instance, steps)
    parts = [f"{len(names)} finished assessment(s) looked at"]
    parts += [f"{count} {step}" for step, count in sorted(Counter(steps.values()).items())]
    parts += [f"{len(trouble)} in trouble: {trouble[0]}"] if trouble else []
    skipped = None if requests else "; ".join(parts) + "."
    return dg.SensorResult(run_requests=requests, skip_reason=skipped, cursor=names[-1] if names else None)


def next_ones(names: Sequence[str], after: str | None, most: int) -> list[str]:
    """The names whose turn it is, going round: those behind `after` first.

    Args:
        names: All names, sorted.
        after: The one looked at last; None: none was.
        most: Most names returned.
    """
    later = [name for name in names if after is not None and name > after]
    return [*later, *(name for name in names if name not in set(later))][:most]


def _look(bench: Workbench, names: Sequence[str]) -> tuple[list[Work], list[str]]:
    """What is to be done, and what could not be looked at; one assessment in trouble does not hold up the others."""
    work, trouble = [], []
    for name in names:
        try:
            found = _rescoring(bench, name)
        except (CjError, OSError) as error:
            trouble.append(f"{name}: {error}")
        else:
            work += [_work(found)] if found else []
    return work, trouble


def _rescoring(bench: Workbench, name: str) -> Rescoring | None:
    kept = load_snapshot(bench.engine, name)
    folder = bench.read(name, RunOverrides.read(dict(kept.overrides)))
    return rescoring(bench.engine, kept, folder, bench.people_in_files(kept))


def _work(found: Rescoring) -> Work:
    key = f"score-{found.key}"
    if not found.reads_anchors:
        return Work(rescore_assessment.name, found.assessment, key)
    config: dict[str, Any] = {"ops": {"essays": {"config": dict(found.overrides)}}}
    return Work(reread_anchors.name, found.assessment, key, config)
