"""Capacity, outcomes and boundary tests on a terminal."""

from rich import box
from rich.console import Console
from rich.table import Table

from cj_pipeline.cli.planning import notes, usd
from cj_pipeline.harness.eng5.capacity import Capacity
from cj_pipeline.harness.eng5.schema import Artefact
from cj_pipeline.harness.eng5.schema_studies import Rate
from cj_pipeline.reporting.ranking_picture import SYNTHETIC_NOTICE


def print_capacity(console: Console, found: Capacity) -> None:
    """Print what there is and what it would take."""
    snapshot, expected = found.snapshot, found.forecast
    n_anchors = sum(found.grade_counts.values())
    waves = "as many waves as that takes" if found.max_waves is None else f"{found.max_waves} wave(s) at most"
    lines = [
        f"[bold]{snapshot.assessment.title}[/bold] ({snapshot.name})",
        f"  essays       {len(snapshot.essays)}: {n_anchors} anchors, {len(snapshot.essays) - n_anchors} students",
        "  anchors      " + "  ".join(f"{grade}: {n}" for grade, n in found.grade_counts.items()),
        f"  pairs        {found.n_possible_pairs} possible",
        f"  comparisons  at most {found.n_at_most}, in {waves}; {len(found.pairs.comparisons)} in the first",
        f"  mode         {expected.mode.value}",
    ]
    for judge in expected.judges:
        jobs = f", {judge.n_jobs} batch job(s)" if judge.n_jobs else ""
        lines.append(
            f"  judge        {judge.judge}: {judge.n_requests} requests{jobs}, {judge.input_tokens:,} + "
            f"{judge.output_tokens:,} tokens, {usd(judge.low_usd)} to {usd(judge.high_usd)} USD, expected "
            f"{usd(judge.expected_usd)}"
        )
    for line in [*lines, *(f"  {line}" for line in notes(expected)), *(f"  note: {line}" for line in found.notes)]:
        console.print(line, highlight=False)


def print_outcome(console: Console, artefact: Artefact) -> None:
    """Print how a run ended and what it came to."""
    status, after, costs = artefact.validation.runner_status, artefact.validation.post_run, artefact.costs
    n_verdicts = sum(c.status == "succeeded" for c in artefact.llm_comparisons)
    colour = {"complete": "green", "planned": "green", "partial": "yellow", "failed": "red"}[status.state]
    head = (
        f"[bold]{artefact.metadata.title}[/bold]: {artefact.metadata.runner_mode} [{colour}]{status.state}[/{colour}]"
    )
    console.print(f"{head}{f': {status.reason}' if status.reason else ''}", highlight=False)
    console.print(
        f"  {n_verdicts} verdicts of {len(artefact.llm_comparisons)} comparisons in {after.n_waves} wave(s), mode "
        f"{artefact.metadata.llm_batching_mode.value}; {costs.total_usd:.4f} USD at list price",
        highlight=False,
    )
    if artefact.metadata.synthetic and n_verdicts:
        console.print(f"  [yellow]{SYNTHETIC_NOTICE} Nothing was paid.[/yellow]", highlight=False)


def print_boundary(console: Console, artefact: Artefact) -> None:
    """Print win rates with their intervals."""
    if artefact.boundary_test is None:
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1))
    for title in ("pair", "first wins", "shown first", "shown second", "p", "depends on the order"):
        table.add_column(title, justify="left" if title == "pair" else "right")
    for pair in artefact.boundary_test.pairs:
        p = "" if pair.p_value is None else f"{pair.p_value:.3f}"
        rates = map(rate_text, (pair.win_rate, pair.shown_first, pair.shown_second))
        table.add_row(f"{pair.essay_1} : {pair.essay_2}", *rates, p, "yes" if pair.depends_on_order else "no")
    console.print(table)
    shown = rate_text(artefact.boundary_test.first_shown)
    console.print(f"  verdicts for the essay shown first: {shown}; intervals are 95 %, by Wilson", highlight=False)


def rate_text(rate: Rate) -> str:
    """A share with its interval."""
    if rate.rate is None or rate.low is None or rate.high is None:
        return "none"
    return f"{rate.k} of {rate.n} ({rate.low:.0%} to {rate.high:.0%})"
