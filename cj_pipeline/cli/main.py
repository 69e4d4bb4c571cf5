"""The command group, and the one place where errors become messages and exit codes."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from cj_pipeline.domain.batching_mode import BatchingMode
from cj_pipeline.errors import CjError, ConfigurationError

P = ParamSpec("P")

EXIT_FAILED, EXIT_BAD_INPUT, EXIT_NOT_FINISHED = 1, 2, 3


def operator_errors(command: Callable[P, None]) -> Callable[P, None]:
    """Show an error the way an operator needs it: the message, no traceback, the right exit code."""

    @wraps(command)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except ConfigurationError as error:
            for fault in error.faults:
                click.echo(f"error: {fault}", err=True)
            sys.exit(EXIT_BAD_INPUT)
        except CjError as error:
            click.echo(f"error: {error}", err=True)
            sys.exit(EXIT_FAILED)
        except KeyboardInterrupt:
            click.echo("Stopped. Jobs that were submitted go on at the provider; `cj run` picks them up.", err=True)
            sys.exit(130)

    return wrapped


def wishes(command: Callable[..., None]) -> Callable[..., None]:
    """The options with which one run asks for something else than `assessment.yaml`."""
    modes = click.Choice([mode.value for mode in BatchingMode])
    for option in (
        click.option("--override", multiple=True, metavar="KEY=VALUE", help="Another setting; VALUE may be @FILE."),
        click.option("--mode", type=modes, help="How comparisons reach the models."),
    ):
        command = option(command)
    return command


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="cj-pipeline")
def main() -> None:
    """Rank student essays by comparative judgement with language-model judges, through batch APIs."""


@main.command()
@click.argument("name", metavar="ASSESSMENT")
@click.option(
    "--from",
    "source",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="The essays: Word, PDF, text and other files, or a table; with class list, grades, task if there are any.",
)
@click.option("--task", default="", metavar="TEXT", help="The writing task; @FILE for the text of a file.")
@click.option("--rubric", default="", metavar="TEXT", help="What makes one essay better; @FILE likewise.")
@click.option(
    "--language", default="", metavar="CODE", help="Language of the essays (ISO 639-1), if not to be found out."
)
@operator_errors
def init(name: str, *, source: Path, task: str, rubric: str, language: str) -> None:
    """Make an assessment folder from a folder of essays. Sends nothing; overwrites nothing.

    Title, language, class list, known grades, task and criteria are taken from what lies there; the rest is set
    sensibly and explained in assessment.yaml.
    """
    from cj_pipeline.cli.starting import start_assessment  # noqa: PLC0415 (readers take a second to import)

    start_assessment(name, source, task=task, rubric=rubric, language=language)


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="ASSESSMENT...")
@click.option("--emulator", is_flag=True, help="Ask the loopback emulator's synthetic judge: no key, no cost.")
@click.option("--no-wait", is_flag=True, help="Submit, collect what is ready, and exit without waiting (exit code 3).")
@wishes
@operator_errors
def run(names: tuple[str, ...], *, emulator: bool, no_wait: bool, mode: str | None, override: tuple[str, ...]) -> None:
    """Run assessments: read, plan, submit, wait for the batch jobs, collect, rank.

    Running again costs nothing for what has been answered; a run that was broken off goes on where it stopped.
    Overrides hold for these assessments until they are read again without them.
    """
    from cj_pipeline.cli.running import run_assessments  # noqa: PLC0415 (Dagster takes seconds to import)
    from cj_pipeline.cli.wishes import read_wishes  # noqa: PLC0415

    overrides = read_wishes(mode, override)
    finished = run_assessments(names, emulator=emulator, wait=not no_wait, overrides=overrides)
    sys.exit(0 if finished else EXIT_NOT_FINISHED)


@main.command()
@click.argument("names", nargs=-1, metavar="[ASSESSMENT]...")
@operator_errors
def status(names: tuple[str, ...]) -> None:
    """Show where assessments stand: comparisons, jobs, cost, and what comes next."""
    from cj_pipeline.cli.overview import show_status  # noqa: PLC0415 (pandas takes a second to import)

    show_status(names)


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="ASSESSMENT...")
@wishes
@operator_errors
def plan(names: tuple[str, ...], *, mode: str | None, override: tuple[str, ...]) -> None:
    """Show what assessments will ask and cost: requests, tokens, USD. Sends nothing, needs no key."""
    from cj_pipeline.cli.planning import plan_assessments  # noqa: PLC0415 (pandas takes a second to import)
    from cj_pipeline.cli.wishes import read_wishes  # noqa: PLC0415

    plan_assessments(names, read_wishes(mode, override))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DECISIONS.CSV...")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write the tables to.")
@click.option("--only", multiple=True, metavar="COLUMN=VALUE", help="Read only rows with this value.")
@click.option("--min-comparisons", default=0, show_default=True, help="Leave out essays with fewer.")
@click.option("--compatible", type=click.Choice(["sirt"]), help="Estimate as No More Marking and sirt do.")
@click.option(
    "--prior-sd", type=click.FloatRange(min=0), help="Prior spread in logits, 0 for none.  [default: estimated]"
)
@click.option("--no-position-effect", is_flag=True, help="Fit no advantage of being shown first.")
@click.option(
    "--judge-effects",
    type=click.Choice(["none", "position", "discrimination", "both"]),
    default="none",
    show_default=True,
    help="What is fitted for every judge.",
)
@click.option("--seed", default=0, show_default=True, help="Seed of what is simulated.")
@operator_errors
def rank(**options: Any) -> None:  # noqa: ANN401 (click passes them by name; RankRequest checks)
    """Rank essays by decisions that were made anywhere: prints the ranking, its reliability and fit.

    Files are known by the names of their columns: exports of No More Marking, sirt, pairwiseLLM and others, or plain
    left, right, winner and judge. Needs no assessment, no key and no ledger.
    """
    from cj_pipeline.cli.ranking_files import RankRequest, rank_files  # noqa: PLC0415 (numpy and scipy)

    rank_files(RankRequest(**options))


@main.command()
@click.argument("names", nargs=-1, required=True, metavar="ASSESSMENT...")
@operator_errors
def cancel(names: tuple[str, ...]) -> None:
    """Cancel assessments: their live jobs are asked to end, and nothing more is sent.

    Answers that are there, or still come, are kept and collected. Doing it twice is harmless; `cj run` goes on from
    there. Exit code 3: a job could not be asked to end yet; run it again, or leave it to the cancel_sensor.
    """
    from cj_pipeline.cli.cancelling import cancel_assessments  # noqa: PLC0415

    sys.exit(0 if cancel_assessments(names) else EXIT_NOT_FINISHED)


@main.command()
@click.argument("name", metavar="ASSESSMENT")
@click.option("--judge", help="Who judges; left out: the page asks, and several people can use it.")
@click.option("--port", default=8765, show_default=True, help="Port of the page, on this machine only.")
@operator_errors
def judge(name: str, *, judge: str | None, port: int) -> None:
    """Let people judge: a page with two essays at a time, for the keyboard and for phones.

    People judge a share of the pair set (`people_share` in assessment.yaml). Their decisions go straight to the ledger
    and into the same ranking as those of the models.
    """
    from cj_pipeline.cli.judging import serve_judging  # noqa: PLC0415 (the web server takes a second to import)

    serve_judging(name, judge, port)


@main.command()
@click.argument("name", metavar="ASSESSMENT")
@click.option("--language", type=click.Choice(["en", "sv"]), help="Language of the report.  [default: the essays']")
@click.option("--out", type=click.Path(path_type=Path), help="File, or folder for report.html.")
@click.option("--texts", is_flag=True, help="Show the essays themselves, too.")
@click.option("--labels", is_flag=True, help="Call students by their labels, also where a class list names them.")
@operator_errors
def report(name: str, *, language: str | None, out: Path | None, texts: bool, labels: bool) -> None:
    """Write a result as a page for teachers: one HTML file, to be read in a browser or printed.

    The ranking with its intervals, grades, every essay with its comparisons and the judges' reasons, agreement,
    reliability in words, cost, and how it was made. Needs no key and asks nobody.
    """
    from cj_pipeline.cli.reporting_results import write_html_report  # noqa: PLC0415 (pandas takes a second to import)

    write_html_report(name, language, out, with_texts=texts, with_names=not labels)


@main.command()
@click.argument("name", metavar="ASSESSMENT")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write to.")
@click.option("--labels", is_flag=True, help="Call students by their labels, also where a class list names them.")
@operator_errors
def export(name: str, *, out: Path | None, labels: bool) -> None:
    """Write a result as a workbook (.xlsx), as CSV and Parquet, and as No More Marking, sirt and OneRoster know it.

    Sheets: Ranking, Grades, Boundaries, Anchors, Judges, Disagreements, Decisions, Feedback, Dictionary, Manifest.
    Numbers are those of the report, to the last digit.
    """
    from cj_pipeline.cli.exporting import export_result  # noqa: PLC0415 (pandas takes a second to import)

    export_result(name, out, with_names=not labels)


@main.command()
@click.argument("one", metavar="SESSION")
@click.argument("other", metavar="SESSION")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write the tables to.")
@operator_errors
def diff(one: str, other: str, *, out: Path | None) -> None:
    """Compare two judging sessions of the same essays: for choosing a model, a prompt or a mode.

    Changes of rank beyond error, agreement, reliability, cost, position effect. A session is named by the beginning of
    its name (it stands in the report and on the ranking's page); an assessment's name means its current session.
    """
    from cj_pipeline.cli.differences import show_difference  # noqa: PLC0415 (pandas takes a second to import)

    show_difference(one, other, out)


@main.command()
@operator_errors
def assessments() -> None:
    """List the assessment folders and what is wrong with them, if anything."""
    from cj_pipeline.cli.overview import show_assessments  # noqa: PLC0415

    sys.exit(0 if show_assessments() else EXIT_BAD_INPUT)


@main.group()
def metrics() -> None:
    """Prometheus metrics, counted from the ledger: jobs, requests, waits, errors, tokens, cost."""


@metrics.command()
@click.option("--port", default=9464, show_default=True, help="Port.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; this machine only.")
@operator_errors
def serve(port: int, host: str) -> None:
    """Answer Prometheus's scrapes at /metrics until stopped. Reads the ledger only; needs no key.

    There is no password: whoever reaches the address sees the numbers (counts and costs; no texts, no names).
    """
    from cj_pipeline.cli.measuring import serve_metrics  # noqa: PLC0415 (pandas takes a second to import)

    serve_metrics(host, port)


@metrics.command()
@click.argument("target", type=click.Path(path_type=Path), metavar="FOLDER|FILE")
@operator_errors
def write(target: Path) -> None:
    """Write the metrics once, for node_exporter's textfile collector.

    To a .prom file, or as cj_pipeline.prom into a folder. The file is replaced as a whole; run this every minute.
    """
    from cj_pipeline.cli.measuring import write_metrics  # noqa: PLC0415

    write_metrics(target)


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def emulator(arguments: tuple[str, ...]) -> None:
    """Start the loopback emulator of both providers (`cj emulator --help` lists its options)."""
    from cj_pipeline.emulator.__main__ import main as emulator_main  # noqa: PLC0415

    sys.exit(emulator_main(list(arguments)))


@main.command()
@click.argument("place")
@operator_errors
def backup(place: str) -> None:
    """Copy ledger, raw answers and tables to PLACE: a folder, or s3://bucket/prefix and the like.

    Everything may go on meanwhile. The same PLACE again copies what is new.
    """
    from cj_pipeline.cli.backing_up import back_up  # noqa: PLC0415

    back_up(place)


@main.command()
@click.argument("place")
@operator_errors
def restore(place: str) -> None:
    """Fill an empty installation from the backup at PLACE, also one with another kind of database.

    Assessments that were under way are paused: jobs submitted after the backup are not known to it.
    """
    from cj_pipeline.cli.backing_up import restore as restore_from  # noqa: PLC0415

    restore_from(place)


@main.command()
@click.argument("assessment")
@click.option("--essay", metavar="ID", help="Only this essay; default: all of the assessment.")
@operator_errors
def forget(assessment: str, essay: str | None) -> None:
    """Delete what is kept of an ASSESSMENT, or of one essay: texts, answers, tables, names, the providers' copies.

    Delete it from the assessment folder first. What was asked and paid stays in the ledger, without names or words.
    Says what remains elsewhere, and until when.
    """
    from cj_pipeline.cli.forgetting import forget_on_request  # noqa: PLC0415 (Dagster takes seconds to import)

    forget_on_request(assessment, essay)


@main.command()
@operator_errors
def migrate() -> None:
    """Bring the tables of the ledger and of Dagster's own storage to this version's state.

    Run it after an upgrade, before the programs start again. Repeating it changes nothing.
    """
    from cj_pipeline.cli.migrating import migrate_everything  # noqa: PLC0415

    migrate_everything()


@main.command()
@click.option("--port", default=3000, show_default=True, help="Port of Dagster's web UI, on this machine only.")
@operator_errors
def dev(port: int) -> None:
    """Start Dagster's web UI and daemon; with the emulator behind it unless a provider key is set."""
    from cj_pipeline.cli.developing import run_dagster  # noqa: PLC0415

    sys.exit(run_dagster(port))
