"""`cj forget`: deletion on request, and what remains elsewhere."""

import os
from contextlib import closing

import click
import dagster as dg

from cj_pipeline.cli.home import dagster_home
from cj_pipeline.cli.run_history import compact_files, delete_history
from cj_pipeline.engine.forgetting import Forgetting, forget
from cj_pipeline.errors import ConfigurationError
from cj_pipeline.settings import Settings, load_settings
from cj_pipeline.wiring import Workbench, open_workbench


def forget_on_request(name: str, essay_id: str | None) -> None:
    """Delete what is kept of an assessment, or of one essay in it, and say what remains.

    Raises:
        ConfigurationError: It is still in the assessment folder, jobs are under way, or nothing is known of it.
    """
    settings = load_settings(os.environ)
    with closing(open_workbench(settings)) as bench:
        _require_gone(bench, name, essay_id)
        report = forget(bench.engine, name, essay_id)
        bench.forget_people(name, essay_id)
    home = dagster_home(settings)
    with dg.DagsterInstance.get() as instance:
        n_runs = delete_history(instance, name, whole=essay_id is None)
    report.remains += [
        f"{path}: deleted, and not yet overwritten, because Dagster was using it; stop it, then: sqlite3 {path} VACUUM"
        for path in compact_files(home)
    ]
    _tell(settings, name, essay_id, report, n_runs=n_runs)


def _require_gone(bench: Workbench, name: str, essay_id: str | None) -> None:
    """Make sure that it is not in the assessment folder any more: it would be read, and sent, again.

    Raises:
        ConfigurationError: It is.
    """
    folder = bench.settings.assessments_dir / name
    there = [folder] if essay_id is None and folder.exists() else []
    if essay_id is not None:
        there = [path for path in (folder / "essays").glob("*") if path.stem == essay_id]
        there = there or ([folder] if _is_read(bench, name, essay_id) else [])
    if there:
        raise ConfigurationError(
            f"{there[0]}: is still there and would be read again; delete it first, then this again."
        )


def _is_read(bench: Workbench, name: str, essay_id: str) -> bool:
    try:
        return essay_id in {essay.essay_id for essay in bench.read(name).essays}
    except ConfigurationError:
        return False


def _tell(settings: Settings, name: str, essay_id: str | None, report: Forgetting, *, n_runs: int) -> None:
    what = f"{name}, essay {essay_id}" if essay_id else name
    click.echo(
        f"Forgotten: {what}. {report.n_raw_files} raw files and {report.n_tables} files of tables were deleted or "
        f"stripped, {report.n_comparisons} comparisons lost names and words, {n_runs} runs of Dagster's were deleted. "
        "What was asked and paid stays in the ledger, without names."
    )
    if essay_id:
        click.echo(f"For a ranking without the essay: cj run {name} (nothing that was answered is asked again).")
    databases = [url for url in (settings.ledger_url, settings.dagster_url) if url.startswith("postgres")]
    more = ["backups hold it still: delete those that were made before now, and make a new one."]
    more += ["PostgreSQL's write-ahead log and replicas, until they are overwritten."] if databases else []
    more += [f"{settings.store_url}: earlier versions, if the bucket keeps any."] if settings.store_url else []
    for line in [*report.remains, *more]:
        click.echo(f"Remains: {line}")
