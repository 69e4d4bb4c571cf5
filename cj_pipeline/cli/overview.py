"""`cj status` and `cj assessments`: where things stand, from the ledger."""

import os
from collections.abc import Sequence
from contextlib import closing

from rich.console import Console
from rich.markup import escape

from cj_pipeline.domain.batches import OPEN_PHASES, JobPhase, Outcome
from cj_pipeline.domain.snapshot import AssessmentSnapshot, session_key
from cj_pipeline.engine.alerts import alerts
from cj_pipeline.engine.collect import describe_open_job
from cj_pipeline.engine.deciding import needs_asking
from cj_pipeline.engine.plan import split_current
from cj_pipeline.engine.records import IN_FLIGHT, PLANNED, SessionRecord
from cj_pipeline.engine.standing import why_stopped
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import Workbench, open_workbench


def show_status(names: Sequence[str]) -> None:
    """Print where assessments stand, for every provider account that was asked, and every open job.

    Raises:
        ConfigurationError: An assessment that was asked for does not exist.
    """
    with closing(open_workbench(load_settings(os.environ))) as bench:
        console = Console(soft_wrap=True)
        for name in names or bench.assessments():
            if name not in bench.assessments():
                bench.read(name)
            console.print(f"[bold]{name}[/bold]", highlight=False)
            for line in _standing(bench, name):
                console.print(f"  {line}", highlight=False)


def _standing(bench: Workbench, name: str) -> list[str]:
    """One line per judging session that the essays as last read still belong to, and one per open job."""
    snapshot = bench.tables.load_snapshot(name)
    sessions = bench.engine.ledger.sessions(name) if snapshot else []
    current = [s for s in sessions if snapshot and s.key == session_key(snapshot, s.metadata["accounts"])]
    if snapshot is None or not current:
        return [*_class_list(bench, name), f"not started; next: cj run {name}"]
    lines = [_line(bench, snapshot, session) for session in current]
    phases = [JobPhase.PREPARED, *OPEN_PHASES, JobPhase.ENDED]
    jobs = bench.engine.ledger.jobs(assessment=name, phases=phases)
    now = bench.engine.clock.now()
    lines += [describe_open_job(job) for job in jobs]
    lines += [f"look at: {line}" for job in jobs for line in alerts(job, now)]
    stopped = why_stopped(bench.engine, name)
    lines += _class_list(bench, name)
    return [*lines, stopped] if stopped else lines


def _class_list(bench: Workbench, name: str) -> list[str]:
    """Whose essays are there, where a class list was read; for this terminal only."""
    pseudonyms = bench.pseudonyms(name)
    if not pseudonyms.students:
        return []
    lines = [f"{label}: {escape(writer.name)}" for label in pseudonyms.names() if (writer := pseudonyms.writer(label))]
    lines += [f"no essay of: {escape(student.name)}" for student in pseudonyms.without_essay()]
    unclear = [escape(name) for label, name in pseudonyms.names().items() if pseudonyms.writer(label) is None]
    return [*lines, *(f"of nobody in the class list, or of several: {name}" for name in unclear)]


def _line(bench: Workbench, snapshot: AssessmentSnapshot, session: SessionRecord) -> str:
    engine = bench.engine
    comparisons, _ = split_current(engine.ledger.comparisons(session.session_id), snapshot)
    in_flight = sum(c.status == IN_FLIGHT for c in comparisons)
    judged = sum(c.status == Outcome.OK for c in comparisons)
    failed = len(comparisons) - judged - in_flight - sum(c.status == PLANNED for c in comparisons)
    to_ask = sum(needs_asking(c, engine.options.max_attempts) for c in comparisons)
    ended = engine.ledger.jobs(session_id=session.session_id, phases=[JobPhase.ENDED])
    totals = engine.ledger.totals(session.session_id)
    cost = f"{totals.spent_usd:.4f} USD at list price"
    if totals.n_unpriced:
        cost += f" and {totals.n_unpriced} answers whose price is unknown"
    if totals.n_possibly_paid:
        cost += (
            f", {totals.n_possibly_paid} attempts may have been paid besides (at most {totals.possible_usd:.4f} USD)"
        )
    asked = ", ".join(sorted(set(session.metadata["accounts"].values())))
    step = _next_step(in_flight=in_flight, to_ask=to_ask, ended=bool(ended))
    return (
        f"asked at {asked}: {judged} of {len(comparisons)} judged, {in_flight} in flight, {failed} without a verdict; "
        f"{cost}; next: {step}"
    )


def _next_step(*, in_flight: int, to_ask: int, ended: bool) -> str:
    if ended:
        return "collect (the batch_job_sensor does, or cj run)"
    if in_flight:
        return "wait for the batch jobs"
    return f"submit {to_ask} requests (cj run)" if to_ask else "nothing is under way"


def _left_out(snapshot: AssessmentSnapshot) -> str:
    names = ", ".join(escape(name) for name, _ in snapshot.left_out)
    return f"; left out: {names}" if names else ""


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
            f"({anchors} anchors), judged by {judges}{_left_out(snapshot)}",
            highlight=False,
        )
    return usable
