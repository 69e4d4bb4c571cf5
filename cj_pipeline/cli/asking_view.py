"""A bar for the synchronous modes, drawn from the ledger while the submitting run asks the judges."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.engine.modes import chosen_mode
from cj_pipeline.engine.plan import current_session
from cj_pipeline.engine.records import IN_FLIGHT, PLANNED
from cj_pipeline.wiring import Workbench

_TICK_S = 0.5


@contextmanager
def showing_answers(
    console: Console, bench: Workbench, name: str, overrides: RunOverrides | None = None
) -> Iterator[None]:
    """Show how many comparisons have their outcome, for the length of a `with` block; nothing in batch mode."""
    mode = chosen_mode(bench.read(name, overrides), bench.engine.options).mode
    if mode is BatchingMode.PROVIDER_BATCH_API:
        yield
        return
    columns = (TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    over = Event()
    with Progress(*columns, console=console) as progress:
        watcher = Thread(target=_watch, args=(progress, bench, name, over), daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()


def _watch(progress: Progress, bench: Workbench, name: str, over: Event) -> None:
    bar = progress.add_task(f"{name} asking the judges", total=None, state="")
    last_look = False
    while not last_look:
        last_look = over.wait(_TICK_S)
        snapshot = bench.tables.load_snapshot(name)
        session = current_session(bench.engine, snapshot) if snapshot else None
        if session is None:
            continue
        by_status = bench.engine.ledger.totals(session.session_id).by_status
        total = sum(by_status.values())
        done = total - by_status.get(PLANNED, 0) - by_status.get(IN_FLIGHT, 0)
        progress.update(bar, total=total or None, completed=done, state=f"{done}/{total} answered")
