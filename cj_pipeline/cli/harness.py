"""`cj harness`: the suites, on the emulator. Options and exit code; the work is done in `harness.suites`."""

import sys

import click

from cj_pipeline.cli.main import main, operator_errors
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.models import PROVIDERS


@main.command(name="harness")
@click.argument("suites", nargs=-1, required=True, metavar="SUITE...")
@click.option(
    "--mode", "modes", multiple=True, type=click.Choice([mode.value for mode in BatchingMode]), help="Only this mode."
)
@click.option("--provider", "providers", multiple=True, type=click.Choice(PROVIDERS), help="Only this provider.")
@click.option("--record", is_flag=True, help="Record how profiles answer anew, instead of comparing. For maintainers.")
@operator_errors
def harness_command(
    suites: tuple[str, ...], *, modes: tuple[str, ...], providers: tuple[str, ...], record: bool
) -> None:
    """Run suites on emulators with profiles, through every mode and provider they apply to, and print one table.

    SUITE is `all`, `cj` (regular, small-net, batch-api, batch-expiry), `profiles`, or a name. Whole runs, from the
    essays to the ranking, over the socket: course, coverage, balance, verdicts, tokens, latency and metrics are
    compared with what they have to be. No key, no cost, no trace in the work folder.

    Exit code 1: something did not hold, or a suite could not run; none is skipped.
    """
    from cj_pipeline.cli.harness_view import record_suites, run_suites  # noqa: PLC0415 (pandas takes a second to import)

    wanted = tuple(map(BatchingMode, modes)) or tuple(BatchingMode)
    go = record_suites if record else run_suites
    sys.exit(0 if go(suites, wanted, providers or PROVIDERS) else 1)
