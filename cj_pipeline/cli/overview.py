"""`cj status` and `cj assessments`: where things stand, from the ledger."""

import os
from collections.abc import Sequence
from contextlib import closing

from rich import box
from rich.console import Console
from rich.table import Table

from cj_pipeline.domain.batches import OPEN_PHASES, JobPhase, Outcome
from cj_pipeline.domain.snapshot import AssessmentSnapshot, session_key
from cj_pipeline.engine.collect import describe_open_job
from cj_pipeline.engine.plan import needs_asking, split_current
from cj_pipeline.engine.records import IN_FLIGHT, PLANNED, SessionRecord
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import Workbench, open_workbench

_COLUMNS = ("assessment", "asked", "judged", "in flight", "failed", "USD", "next step")
_LEFT = {"assessment", "asked", "next step"}


def show_status(names: Sequence[str]) -> None:
    """Print one row per assessment and provider account, and one line per open job.

    Raises:
        ConfigurationError: An assessment that was asked for does not exist.
    """
    with closing(open_workbench(load_settings(os.environ))) as bench:
        _show_status(bench, names)


def _show_status(bench: Workbench, names: Sequence[str]) -> None:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for column in _COLUMNS:
        table.add_column(column, justify="left" if column in _LEFT else "right", no_wrap=True)
    jobs: list[str] = []
    for name in names or bench.assessments():
        if name not in bench.assessments():
            bench.read(name)
        for row in _rows(bench, name, jobs):
            table.add_row(name, *row)
    console = Console()
    console.print(table)
    for line in jobs:
        console.print(line, highlight=False)


def _rows(bench: Workbench, name: str, lines: list[str]) -> list[list[str]]:
    """One row per judging session that the essays as last read still belong to."""
    snapshot = bench.tables.load_snapshot(name)
    sessions = bench.engine.ledger.sessions(name) if snapshot else []
    current = [s for s in sessions if snapshot and s.key == session_key(snapshot, s.metadata["accounts"])]
    if snapshot is None or not current:
        return [["-"] * 5 + [f"cj run {name}"]]
    return [_row(bench, snapshot, session, lines) for session in current]


def _row(bench: Workbench, snapshot: AssessmentSnapshot, session: SessionRecord, lines: list[str]) -> list[str]:
    engine = bench.engine
    comparisons, _ = split_current(engine.ledger.comparisons(session.session_id), snapshot)
    phases = [JobPhase.PREPARED, *OPEN_PHASES, JobPhase.ENDED]
    jobs = engine.ledger.jobs(session_id=session.session_id, phases=phases)
    lines += [f"  {snapshot.name}: {describe_open_job(job)}" for job in jobs]
    in_flight = sum(c.status == IN_FLIGHT for c in comparisons)
    judged = sum(c.status == Outcome.OK for c in comparisons)
    failed = len(comparisons) - judged - in_flight - sum(c.status == PLANNED for c in comparisons)
    step = _next_step(
        in_flight=in_flight,
        to_ask=sum(needs_asking(c, engine.options.max_attempts) for c in comparisons),
        ended=any(job.phase is JobPhase.ENDED for job in jobs),
    )
    cost = f"{engine.ledger.totals(session.session_id).spent_usd:.4f}"
    asked = ", ".join(sorted(set(session.metadata["accounts"].values())))
    return [asked, f"{judged} of {len(comparisons)}", str(in_flight), str(failed), cost, step]


def _next_step(*, in_flight: int, to_ask: int, ended: bool) -> str:
    if ended:
        return "collect"
    if in_flight:
        return "wait"
    return f"submit {to_ask}" if to_ask else "done"


def show_assessments() -> bool:
    """Print every assessment folder with its essays and faults; returns whether all can be used."""
    with closing(open_workbench(load_settings(os.environ))) as bench:
        return _show_assessments(bench)


def _show_assessments(bench: Workbench) -> bool:
    console = Console()
    names = bench.assessments()
    if not names:
        console.print(f"No assessment in {bench.settings.assessments_dir}. See data/README.md for how to add one.")
    usable = True
    for name in names:
        try:
            snapshot = bench.read(name)
        except ConfigurationError as error:
            usable = False
            console.print(f"[bold]{name}[/bold]: cannot be used")
            for fault in error.faults:
                console.print(f"  {fault}", highlight=False)
            continue
        anchors = sum(essay.is_anchor for essay in snapshot.essays)
        judges = ", ".join(judge.name for judge in snapshot.assessment.judges)
        console.print(
            f"[bold]{name}[/bold]: {snapshot.assessment.title}, {len(snapshot.essays)} essays "
            f"({anchors} anchors), judged by {judges}",
            highlight=False,
        )
    return usable
