"""Suites on a terminal: one line as each case ends, and one table of all at the end."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.harness.suites.judging import Verdict, judge
from cj_pipeline.harness.suites.recordings import write_events
from cj_pipeline.harness.suites.running import Workplace
from cj_pipeline.harness.suites.specs import SUITES, Case, cases

_WIDTH = 130
"""The widest row: narrower, its cells would be cut off."""

_LONGEST = 2000


def run_suites(names: Sequence[str], modes: tuple[BatchingMode, ...], providers: tuple[str, ...]) -> bool:
    """Run suites and print what came of them; returns whether everything held.

    Raises:
        ConfigurationError: A suite is unknown, or applies to none of these modes.
    """
    console = Console(soft_wrap=True, width=max(_WIDTH, Console().width))
    wanted = _wanted(names, modes, providers)
    verdicts = []
    with tempfile.TemporaryDirectory(prefix="cj-suites-") as folder:
        workplace = Workplace(Path(folder))
        for number, case in enumerate(wanted, 1):
            verdicts.append(judge(workplace, case))
            said = "[green]pass[/green]" if verdicts[-1].passed else "[red]FAIL[/red]"
            console.print(f"  {number:>2} of {len(wanted)}  {said}  {case.name}", highlight=False)
    console.print(_table(verdicts))
    for verdict in verdicts:
        for check in verdict.failed:
            console.print(
                f"[red]{verdict.case.name}[/red]: {check.what}: {escape(check.saw[:_LONGEST])}", highlight=False
            )
    n_passed = sum(verdict.passed for verdict in verdicts)
    console.print(f"{n_passed} of {len(verdicts)} passed", style="green" if n_passed == len(verdicts) else "red")
    return n_passed == len(verdicts)


def record_suites(names: Sequence[str], modes: tuple[BatchingMode, ...], providers: tuple[str, ...]) -> bool:
    """Record how profiles answer, in the first mode each applies to.

    Raises:
        ConfigurationError: A suite is unknown, or keeps no recording.
    """
    wanted = _wanted(names, modes, providers)
    without = sorted({case.suite.name for case in wanted if not case.suite.recorded})
    if without:
        raise ConfigurationError(f"no recording is kept of: {', '.join(without)}.")
    with tempfile.TemporaryDirectory(prefix="cj-suites-") as folder:
        workplace = Workplace(Path(folder))
        for case in wanted:
            if case.mode is case.suite.modes[0]:
                Console(soft_wrap=True).print(
                    f"  {write_events(workplace.run(case))}: {case.provider}", highlight=False
                )
    return True


def _wanted(names: Sequence[str], modes: tuple[BatchingMode, ...], providers: tuple[str, ...]) -> list[Case]:
    groups: dict[str, list[str]] = {
        "all": list(SUITES),
        "cj": [name for name, suite in SUITES.items() if not suite.recorded],
        "profiles": [name for name, suite in SUITES.items() if suite.recorded],
        **{name: [name] for name in SUITES},
    }
    unknown = [name for name in names if name not in groups]
    if unknown:
        raise ConfigurationError(f"unknown suite {', '.join(unknown)}; known: {', '.join(groups)}.")
    suites = tuple(SUITES[found] for found in dict.fromkeys(one for name in names for one in groups[name]))
    found = cases(suites, modes, providers)
    idle = [suite.name for suite in suites if not any(case.suite is suite for case in found)]
    if idle:
        raise ConfigurationError(f"{', '.join(idle)}: does not apply to mode {', '.join(modes)}; nothing was run.")
    return found


def _table(verdicts: Sequence[Verdict]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for title in ("suite", "mode", "provider", "result", "checks"):
        table.add_column(title, no_wrap=True)
    for title in ("comparisons", "waves", "wall time", "virtual time"):
        table.add_column(title, justify="right", no_wrap=True)
    for verdict in verdicts:
        case, seen = verdict.case, verdict.seen
        result = "[green]pass[/green]" if verdict.passed else "[red]FAIL[/red]"
        held = f"{len(verdict.checks) - len(verdict.failed)} of {len(verdict.checks)}"
        figures = ("-", "-", "-", "-")
        if seen is not None:
            figures = (str(len(seen.comparisons)), str(seen.n_waves), f"{seen.wall_s:.1f} s", _clock(seen.virtual_s))
        table.add_row(case.suite.name, case.mode.value, case.provider, result, held, *figures)
    return table


def _clock(seconds: float) -> str:
    """Hours, minutes, seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{rest:02d}"
