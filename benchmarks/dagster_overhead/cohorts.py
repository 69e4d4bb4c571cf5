"""Many assessments of four essays, made by the engine itself: no Dagster run is needed to have them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import dagster as dg

from benchmarks.fault_suite.scenarios import PROVIDERS
from cj_pipeline.defs.partitions import ASSESSMENTS
from cj_pipeline.domain.batches import OPEN_PHASES
from cj_pipeline.engine.rank import rank
from cj_pipeline_tests.support.benches import A_DAY_S, Rig
from cj_pipeline_tests.support.folders import make_assessment
from cj_pipeline_tests.support.servers import ROOT

N_ESSAYS: Final = 4
_RUNS_EACH: Final = ("submit_assessment", "collect_assessment")


@dataclass(frozen=True)
class Place:
    """An installation on SQLite.

    Attributes:
        rig: Engine, emulator and their clock, which only the benchmark moves.
        home: Dagster's home.
        instance: Dagster's instance there.
    """

    rig: Rig
    home: Path
    instance: dg.DagsterInstance


@contextmanager
def dagster_instance(root: Path) -> Iterator[tuple[Path, dg.DagsterInstance]]:
    """Dagster's home below a folder, with the project's own `dagster.yaml`."""
    home = root / "dagster"
    home.mkdir()
    (home / "dagster.yaml").symlink_to(ROOT / "dagster.yaml")
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield home, instance


def submit_many(place: Place, first: int, n: int) -> list[str]:
    """Make folders, submit them in batch jobs at both providers, and add their partitions; returns their names."""
    names = [f"class-{number:05d}" for number in range(first, first + n)]
    for number, name in enumerate(names):
        provider = PROVIDERS[number % len(PROVIDERS)]
        make_assessment(place.rig.root, name, N_ESSAYS, provider=provider, comparisons_per_essay=3)
        place.rig.submit(name)
    place.instance.add_dynamic_partitions(str(ASSESSMENTS.name), names)
    return names


def finish_many(place: Place, names: Sequence[str]) -> None:
    """Let all jobs end, collect and rank, and leave the runs behind that Dagster would have made."""
    end_jobs(place.rig)
    for name in names:
        place.rig.collect(name)
        rank(place.rig.engine, name)
        for job in _RUNS_EACH:
            tags = {"dagster/partition": name, "cj/assessment": name, "cj/collect_group": f"of-{name}"}
            run = dg.DagsterRun(job_name=job, run_id=None, tags=tags, status=dg.DagsterRunStatus.SUCCESS)
            place.instance.add_run(run)


def end_jobs(rig: Rig) -> None:
    """Let the provider bring all jobs to their end, and see it."""
    rig.advance(A_DAY_S)
    while rig.engine.ledger.jobs(phases=OPEN_PHASES):
        rig.poll()
