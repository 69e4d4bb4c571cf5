"""`cj cancel`: every live job of an assessment is asked to end."""

import os
from collections.abc import Sequence
from contextlib import closing

from rich.console import Console

from cj_pipeline.domain.continuation import Standing
from cj_pipeline.engine.cancel import Cancellation, cancel
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import Workbench, open_workbench


def cancel_assessments(names: Sequence[str]) -> bool:
    """Cancel assessments and say what happened.

    Returns:
        Whether every live job was asked to end.

    Raises:
        ConfigurationError: An assessment was never submitted; nothing was cancelled.
    """
    console = Console(soft_wrap=True)
    with closing(open_workbench(load_settings(os.environ))) as bench:
        _require_submitted(bench, names)
        reports = {name: cancel(bench.engine, name, "a person ran `cj cancel`.") for name in names}
    for name, report in reports.items():
        _show(console, name, report)
    return not any(report.trouble for report in reports.values())


def _require_submitted(bench: Workbench, names: Sequence[str]) -> None:
    """Make sure that there is something to cancel.

    Raises:
        ConfigurationError: With one line for every assessment that was never submitted.
    """
    known = {record.assessment for standing in Standing for record in bench.engine.ledger.standings(standing)}
    faults = [f"{name} was never submitted: there is nothing to cancel." for name in names if name not in known]
    if faults:
        raise ConfigurationError(faults)


def _show(console: Console, name: str, report: Cancellation) -> None:
    console.print(f"[bold]{name}[/bold]: cancelled. Answers that are there, or still come, are kept.", highlight=False)
    for line in report.asked:
        console.print(f"  asked to end: {line}", highlight=False)
    for line in report.live:
        console.print(f"  still ending: {line}", highlight=False)
    for line in report.trouble:
        console.print(f"  [red]not asked yet:[/red] {line}", highlight=False)
    if not (report.asked or report.live or report.trouble):
        console.print("  no job was live.", highlight=False)
