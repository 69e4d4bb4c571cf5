"""`cj plan`: what an assessment will ask and cost, with nothing sent."""

import os
from collections.abc import Sequence
from contextlib import closing

from rich.console import Console
from rich.table import Table

from cj_pipeline.domain.overrides import RunOverrides
from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.forecast import Forecast, forecast
from cj_pipeline.engine.plan import plan
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import Workbench, open_workbench

_WIDTH = 110
"""A judge's name and seven figures beside it; a narrower page would cut them off."""


def plan_assessments(names: Sequence[str], overrides: RunOverrides) -> None:
    """Read and plan assessments as Dagster's assets do, and show what they will cost. Sends nothing.

    Raises:
        ConfigurationError: With the faults of every assessment that cannot be used; nothing was planned.
        DesignError: A cap cannot connect the essays.
    """
    console = Console(soft_wrap=True, width=max(_WIDTH, Console().width))
    with closing(open_workbench(load_settings(os.environ))) as bench:
        _require_usable(bench, names, overrides)
        for name in names:
            bench.tables.save_snapshot(bench.read(name, overrides))
            pairs = plan(bench.engine, name)
            _show(console, pairs, forecast(bench.engine, pairs))


def _require_usable(bench: Workbench, names: Sequence[str], overrides: RunOverrides) -> None:
    """Find every fault of every assessment before anything is written.

    Raises:
        ConfigurationError: With all faults.
    """
    faults: list[str] = []
    for name in names:
        try:
            bench.read(name, overrides)
        except ConfigurationError as error:
            faults += error.faults
    if faults:
        raise ConfigurationError(faults)


def _show(console: Console, pairs: PairSet, found: Forecast) -> None:
    snapshot = pairs.snapshot
    n_done = len(pairs.comparisons) - found.n_requests
    console.print(
        f"[bold]{snapshot.name}[/bold]: {len(snapshot.essays)} essays, {len(pairs.comparisons)} comparisons planned, "
        f"{n_done} of them asked or answered; mode {found.mode.value}",
        highlight=False,
    )
    if found.judges:
        console.print(_table(found))
    for line in notes(found):
        console.print(f"  {line}", highlight=False)
    console.print()


def _table(found: Forecast) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1))
    table.add_column("judge", no_wrap=True, min_width=max(len(judge.judge) for judge in found.judges))
    for title in ("requests", "jobs", "input tokens", "output tokens", "low USD", "expected USD", "high USD"):
        table.add_column(title, justify="right")
    for judge in found.judges:
        jobs = str(judge.n_jobs) if judge.n_jobs else "-"
        tokens = f"{judge.input_tokens:,}", f"{judge.output_tokens:,}"
        costs = map(usd, (judge.low_usd, judge.expected_usd, judge.high_usd))
        table.add_row(judge.judge, str(judge.n_requests), jobs, *tokens, *costs)
    if len(found.judges) > 1:
        costs = map(usd, (found.low_usd, found.expected_usd, found.high_usd))
        table.add_row("all judges", str(found.n_requests), "", "", "", *costs)
    return table


def usd(amount: float | None) -> str:
    """An amount for people; an unknown one is said to be unknown."""
    return "unknown" if amount is None else f"{amount:.4f}"


def notes(found: Forecast) -> list[str]:
    """What the figures mean, one line each."""
    spent = found.spending
    held = f"reserved {usd(spent.reserved_usd)}, possibly paid {usd(spent.possible_usd)}"
    lines = [f"spent {usd(spent.spent_usd)} USD, {held}", _about_limit(found)]
    if found.judges:
        basis = "this judging session's own answers" if found.observed else "assumed lengths of answers"
        lines.append(f"low and expected rest on {basis}; high is the worst case, which the limit reserves")
        lines.append("second tries come on top; what a prompt cache may save is not counted on")
    if any(judge.n_canaries for judge in found.judges):
        lines.append("one request to each judge of many is asked first, at full price (canary), and is counted above")
    lines += [
        f"{judge.judge}: its jobs follow one another in {judge.n_rounds} rounds, as fits the account's queue"
        for judge in found.judges
        if judge.n_rounds > 1
    ]
    lines.append("nothing was sent")
    return lines


def _about_limit(found: Forecast) -> str:
    if found.limit_usd is None:
        return "no cost limit: a real provider is not asked without max_cost_usd"
    limit, remedy = f"cost limit {usd(found.limit_usd)} USD", "raise max_cost_usd or plan fewer comparisons"
    if found.expected_usd is None:
        return f"{limit}: cannot be checked; state `price:` under the judge, or a real provider is not asked"
    if found.exceeds_limit(found.low_usd):
        return f"{limit}: [bold red]will be passed[/bold red] even if answers are short; {remedy}"
    if found.exceeds_limit(found.expected_usd):
        return f"{limit}: [bold red]will be passed[/bold red]; {remedy}"
    if found.exceeds_limit(found.high_usd):
        return f"{limit}: holds as expected; the worst case would stop before the last jobs"
    return f"{limit}: holds in the worst case too"
