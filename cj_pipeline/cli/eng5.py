"""`cj eng5`: the runner for national-exam essays. Options and exit codes; the work is done in `harness`."""

import sys
from collections.abc import Callable
from pathlib import Path

import click

from cj_pipeline.cli.main import main, operator_errors
from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.domain.models import PROVIDERS

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUTPUT = click.Path(dir_okay=False, path_type=Path)

Decorator = Callable[[Callable[..., None]], Callable[..., None]]

_WISHES: tuple[Decorator, ...] = (
    click.argument("name", metavar="ASSESSMENT"),
    click.option(
        "--llm-batching-mode",
        type=click.Choice([mode.value for mode in BatchingMode]),
        help="How comparisons reach the models; default: as the assessment says.",
    ),
    click.option("--max-comparisons", type=click.IntRange(min=2), help="A cap on comparisons, in every mode."),
    click.option("--provider", type=click.Choice(PROVIDERS), help="Whose model is asked."),
    click.option("--model", help="Which model is asked."),
    click.option("--reasoning-effort", help="How much the model may reason, for example low."),
    click.option("--verbosity", help="How long the model should write, for example low."),
    click.option(
        "--prompt", type=_FILE, help="File with the static part of the prompt (fields as in prompts/context.md)."
    ),
    click.option("--system-prompt", type=_FILE, help="File with the judge's role and ground rules."),
    click.option("--rubric", type=_FILE, help="File with the rubric."),
)
_LABELS: tuple[Decorator, ...] = (
    click.option("--course-id", default="ENG5", show_default=True, help="The course, for the artefact."),
    click.option("--assignment-id", help="The assignment, for the artefact; default: the assessment's name."),
    click.option("--output", type=_OUTPUT, help="Where the artefact goes; default: below the work folder."),
)
_RUN: tuple[Decorator, ...] = (
    click.option(
        "--wait-limit",
        type=click.FloatRange(min=0),
        default=1800.0,
        show_default=True,
        metavar="SECONDS",
        help="Longest time to wait; then the artefact is marked as partial.",
    ),
    click.option("--emulator", is_flag=True, help="Ask the loopback emulator: no key, no cost."),
    click.option("--emulator-judge", default="surface", show_default=True, help="Its judge, or a profile."),
)


def _options(*groups: tuple[Decorator, ...]) -> Decorator:
    def add(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed([option for group in groups for option in group]):
            command = option(command)
        return command

    return add


@main.group()
def eng5() -> None:
    """Run assessments of national-exam essays (ENG5), with an artefact of every run; study the judge.

    Exit codes: 0 complete, 1 failed on the way, 2 the input cannot be used as it is, 3 partial: the limit came first.
    """


@eng5.command(name="plan")
@_options(_WISHES)
@operator_errors
def plan_mode(**given: object) -> None:
    """Take stock and show the capacity: anchors, pairs, waves, jobs, cost. Nothing is sent and nothing kept.

    Exit code 1: the cost limit will be passed as expected.
    """
    from cj_pipeline.cli.eng5_running import show_capacity  # noqa: PLC0415 (pandas takes a second to import)

    sys.exit(show_capacity(given))


@eng5.command(name="dry-run")
@_options(_WISHES, _LABELS)
@operator_errors
def dry_run_mode(**given: object) -> None:
    """Write the artefact of a run that is not made: inputs with digests, plan, expected cost. Nothing is sent."""
    from cj_pipeline.cli.eng5_running import run_dry  # noqa: PLC0415

    sys.exit(run_dry(given))


@eng5.command(name="execute")
@_options(_WISHES, _LABELS, _RUN)
@operator_errors
def execute_mode(**given: object) -> None:
    """Run an assessment to its ranking, wait with a limit, and write the artefact.

    The run is that of `cj run`: Dagster shows it, and what was answered is paid for once. Where the limit comes first,
    the artefact says that it is partial; run it again to go on.
    """
    from cj_pipeline.cli.eng5_executing import run_whole  # noqa: PLC0415 (Dagster takes seconds to import)

    sys.exit(run_whole(given))


@eng5.command(name="anchor-align")
@_options(_WISHES, _LABELS, _RUN)
@click.option("--report", type=_OUTPUT, help="Where the report goes; default: beside the artefact.")
@click.option("--compare", type=_FILE, help="Artefact of an earlier alignment, to be shown beside.")
@operator_errors
def anchor_align_mode(**given: object) -> None:
    """Put the anchors to the judge as students, grades withheld, and report how its order agrees with the grades.

    Every pair is put in both orders, as far as the cap goes. Studies keep a ledger of their own, in the folder eng5 of
    the work folder; the cost limit holds for all studies of an assessment together.
    """
    from cj_pipeline.cli.eng5_running import run_alignment  # noqa: PLC0415

    sys.exit(run_alignment(given))


@eng5.command(name="boundary")
@_options(_WISHES, _LABELS, _RUN)
@click.option("--pair", "pairs", multiple=True, required=True, metavar="ESSAY:ESSAY", help="A pair; may be repeated.")
@click.option("--iterations", type=click.IntRange(min=1), default=5, show_default=True, help="Times in each order.")
@operator_errors
def boundary_mode(**given: object) -> None:
    """Put a few pairs many times in both orders, and show win rates with their intervals."""
    from cj_pipeline.cli.eng5_running import run_boundary  # noqa: PLC0415

    sys.exit(run_boundary(given))


@eng5.command(name="verify")
@click.argument("artefact", type=click.Path(path_type=Path))
@operator_errors
def verify_mode(artefact: Path) -> None:
    """Check an artefact: its shape, its version, its checksum, and that its parts do not contradict each other."""
    from cj_pipeline.cli.eng5_running import verify  # noqa: PLC0415

    verify(artefact)
