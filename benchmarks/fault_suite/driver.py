"""One run of a scenario: driven as the sensors drive it, in processes that may die, and counted from outside."""

import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.count_payments import Counts, count, provider_state
from benchmarks.fault_suite.dying import Steps, mortal
from benchmarks.fault_suite.scenarios import Scenario
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.advance import collect_groups, continuations, unfinished_assessments
from cj_pipeline.engine.cancel import cancel, unfinished_cancellations
from cj_pipeline.engine.collect import collect
from cj_pipeline.engine.plan import plan
from cj_pipeline.engine.poll import poll
from cj_pipeline.engine.rank import rank
from cj_pipeline.engine.submit import submit
from cj_pipeline.errors import CjError
from cj_pipeline_tests.support.benches import Rig, make_rig
from cj_pipeline_tests.support.folders import make_assessment

NAME = "small"
_PAUSES_S = (5, 30, 60, 120, 300, 900, 1800, 3600)
_MOST_TICKS = 120


def run(scenario: Scenario, emulator: RunningEmulator, folder: Path, template: Path | None) -> Counts:
    """Run a scenario from the first to the last process and count.

    Args:
        scenario: What happens.
        emulator: Reset before use.
        folder: Empty; everything is written below it.
        template: A migrated SQLite ledger to start from, None to migrate.
    """
    emulator.reset()
    make_assessment(
        folder, NAME, 5, provider=scenario.provider, llm_batching_mode=scenario.mode, seed=scenario.seed % 1000
    )
    (folder / "work").mkdir()
    if template:
        shutil.copy(template, folder / "work" / "ledger.db")
    emulator.script_faults(*(fault if "provider" in fault else {**fault} for fault in scenario.faults))
    for dies_at in (*scenario.dies_at, 0):
        if not _in_a_child(lambda dies_at=dies_at: _process(scenario, emulator, folder, dies_at)):  # type: ignore[misc]
            continue
        break
    emulator.clear_faults()
    state = provider_state(emulator.url)
    return count(folder / "work" / "ledger.db", folder / "work" / "raw", emulator.journal(), state)


def _in_a_child(body: Callable[[], None]) -> bool:
    """Run something in a process of its own; False if that was killed.

    Raises:
        RuntimeError: It failed otherwise.
    """
    child = os.fork()
    if child == 0:
        code = 1
        try:
            body()
            code = 0
        except BaseException:  # noqa: BLE001 (the end of a process)
            traceback.print_exc()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    status = os.waitpid(child, 0)[1]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return False
    if status:
        raise RuntimeError(f"a process of the run ended with status {status}")
    return True


def _process(scenario: Scenario, emulator: RunningEmulator, folder: Path, dies_at: int) -> None:
    variables = {"CJ_CANARY_FROM": "5" if scenario.canary else "0", **scenario.more}
    rig = make_rig(folder, emulator, **variables)
    mortal_engine = mortal(rig.engine, Steps(dies_at))
    _drive(replace(rig, bench=replace(rig.bench, engine=mortal_engine)), cancels=scenario.cancels)


def _drive(rig: Rig, *, cancels: bool) -> None:
    """What a person and the sensors do, until nothing goes on any more."""
    _try(lambda: rig.read(NAME))
    _try(lambda: plan(rig.engine, NAME))
    _try(lambda: submit(rig.engine, NAME))
    if cancels and not rig.engine.ledger.jobs(phases=None, assessment=NAME)[1:]:
        _try(lambda: cancel(rig.engine, NAME))
    for tick in range(_MOST_TICKS):
        if tick >= len(_PAUSES_S) and _is_over(rig):
            break
        rig.advance(_PAUSES_S[min(tick, len(_PAUSES_S) - 1)])
        _tick(rig)
    rig.bench.close()


def _tick(rig: Rig) -> None:
    engine = rig.engine
    _try(lambda: poll(engine))
    for more in unfinished_cancellations(engine):
        _try(lambda more=more: cancel(engine, more.assessment))  # type: ignore[misc]
    for group in collect_groups(engine):
        _try(lambda group=group: collect(engine, group.assessment))  # type: ignore[misc]
        _try(lambda group=group: rank(engine, group.assessment))  # type: ignore[misc]
    for go in continuations(engine):
        _try(lambda go=go: plan(engine, go.assessment, continues=True))  # type: ignore[misc]
        _try(lambda go=go: submit(engine, go.assessment, continues=True))  # type: ignore[misc]
    standing = engine.ledger.standing(NAME)
    live = engine.ledger.jobs(assessment=NAME)
    is_still = all(job.phase in {"collected", "rejected", "prepared"} for job in live)
    stopped = {Standing.PAUSED, Standing.CANCELLED}
    if standing is None or (standing.standing in stopped and is_still):
        # A person looks at what stopped it, mends it, and submits again.
        _try(lambda: submit(engine, NAME))


def _is_over(rig: Rig) -> bool:
    standing = rig.engine.ledger.standing(NAME)
    goes_on = {Standing.ACTIVE, Standing.FINISHED}
    return standing is not None and standing.standing in goes_on and not unfinished_assessments(rig.engine)


def _try(step: Callable[[], object]) -> None:
    """A step that fails with an error of the project's own is repeated at a later tick, as Dagster does."""
    try:
        step()
    except CjError:
        return
