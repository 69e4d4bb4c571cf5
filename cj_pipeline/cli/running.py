"""`cj run`: the same assets and the same engine that Dagster's daemon drives, in this process, with progress."""

import os
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing

import dagster as dg
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from cj_pipeline.cli.asking_view import showing_answers
from cj_pipeline.cli.emulating import embedded_emulator
from cj_pipeline.cli.grades_view import print_grades
from cj_pipeline.cli.headless import Headless
from cj_pipeline.cli.home import dagster_home
from cj_pipeline.cli.ranking_view import print_ranking, print_where
from cj_pipeline.domain.batches import OPEN_PHASES
from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.engine.advance import collect_groups, continuations, unfinished_assessments
from cj_pipeline.engine.grades import grade_ranking
from cj_pipeline.engine.plan import current_session
from cj_pipeline.engine.poll import poll
from cj_pipeline.engine.rank import Waiting, rank
from cj_pipeline.engine.records import JobRecord
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.folder import read_assessment_folder
from cj_pipeline.settings import Settings, load_settings
from cj_pipeline.wiring import Workbench, open_workbench, require_keys

_TICK_S = 0.5


def run_assessments(names: Sequence[str], *, emulator: bool, wait: bool, overrides: RunOverrides) -> bool:
    """Run assessments to their rankings.

    Args:
        names: The assessments.
        emulator: Whether to start the loopback emulator and ask it.
        wait: Whether to wait for the batch jobs.
        overrides: What this run wants instead of what the files say.

    Returns:
        Whether every assessment has its ranking.

    Raises:
        CjError: Bad input, a refused job, or no ranking from the answers.
    """
    console = Console()
    _check_input(load_settings(os.environ), names, overrides, emulator=emulator)
    with ExitStack() as stack:
        if emulator:
            stack.enter_context(embedded_emulator(load_settings(os.environ)))
        bench = stack.enter_context(closing(open_workbench(load_settings(os.environ))))
        dagster_home(bench.settings.work_dir)
        instance = stack.enter_context(dg.DagsterInstance.get())
        driver = Headless(bench, instance)
        _submit(console, driver, names, overrides)
        if wait:
            _wait(console, driver, names)
        else:
            poll(bench.engine)
            for name in names:
                driver.collect(name)
        return _finish(console, driver, names)


def _check_input(settings: Settings, names: Sequence[str], overrides: RunOverrides, *, emulator: bool) -> None:
    """Find every fault of every assessment before anything is written.

    Raises:
        ConfigurationError: With all faults.
    """
    faults: list[str] = []
    for name in names:
        try:
            snapshot = read_assessment_folder(settings.assessments_dir, name, overrides)
            if not emulator:
                require_keys(settings, snapshot)
        except ConfigurationError as error:
            faults += error.faults
    if faults:
        raise ConfigurationError(faults)


def _submit(console: Console, driver: Headless, names: Sequence[str], overrides: RunOverrides) -> None:
    for name in names:
        console.print(f"[bold]{name}[/bold]: reading, planning, submitting ...")
        with showing_answers(console, driver.bench, name, overrides):
            n_new = driver.submit(name, overrides)
        console.print(f"  {n_new} new requests")


def _open_jobs(bench: Workbench, name: str) -> list[JobRecord]:
    snapshot = bench.tables.load_snapshot(name)
    session = current_session(bench.engine, snapshot) if snapshot else None
    return bench.engine.ledger.jobs(session_id=session.session_id, phases=OPEN_PHASES) if session else []


def _wait(console: Console, driver: Headless, names: Sequence[str]) -> None:
    """Poll until nothing of these assessments goes on any more; collect what has ended, send what can follow."""
    columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    engine = driver.bench.engine
    with Progress(*columns, console=console) as progress:
        bars: dict[str, TaskID] = {}
        waiting, told = set(names), set[str]()
        while waiting:
            report = poll(engine)
            news = {*report.trouble, *report.alerts}
            for line in sorted(news - told):
                progress.console.print(f"  [yellow]{escape(line)}[/yellow]")
            told |= news
            for name in sorted({group.assessment for group in collect_groups(engine)} & waiting):
                driver.collect(name)
            for name in sorted({more.assessment for more in continuations(engine)} & waiting):
                driver.go_on(name)
            for name in sorted(waiting):
                _show(progress, bars, _open_jobs(driver.bench, name))
            _fill_ended(progress, bars, driver.bench, names)
            waiting &= set(unfinished_assessments(engine))
            if waiting:
                time.sleep(_TICK_S)
        for name in names:
            driver.collect(name)


def _show(progress: Progress, bars: dict[str, TaskID], jobs: list[JobRecord]) -> None:
    for job in jobs:
        if job.job_id not in bars:
            label = f"{job.assessment} {job.provider} {job.model}"
            bars[job.job_id] = progress.add_task(label, total=job.n_requests, state="")
        state = job.provider_status or job.phase.value
        done = job.n_done if job.n_done is not None else 0
        count = f"{done}/{job.n_requests}" if job.n_done is not None else f"{job.n_requests} requests"
        progress.update(bars[job.job_id], completed=done, state=f"{count} {state}")


def _fill_ended(progress: Progress, bars: dict[str, TaskID], bench: Workbench, names: Sequence[str]) -> None:
    """A job that has ended shows a full bar."""
    running = {job.job_id for name in names for job in _open_jobs(bench, name)}
    for job_id, bar in bars.items():
        if job_id not in running:
            total = int(progress.tasks[bar].total or 0)
            progress.update(bar, completed=total, state=f"{total}/{total} ended")


def _finish(console: Console, driver: Headless, names: Sequence[str]) -> bool:
    finished = True
    for name in names:
        ranking = rank(driver.bench.engine, name)
        if isinstance(ranking, Waiting):
            console.print(f"[bold]{name}[/bold]: no ranking yet. {ranking.reason}")
            finished = False
        else:
            print_ranking(console, ranking)
            print_grades(console, grade_ranking(ranking))
    print_where(console, driver.bench, names)
    return finished
