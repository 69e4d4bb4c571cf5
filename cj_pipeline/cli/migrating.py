"""`cj migrate`: the tables of the ledger and of Dagster's own storage are brought to this version's state."""

import os
import subprocess
import sys
from contextlib import closing

import click

from cj_pipeline.cli.home import dagster_home
from cj_pipeline.errors import CjError
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import open_workbench


class MigrationError(CjError):
    """Dagster's own storage could not be migrated."""


def migrate_everything() -> None:
    """Migrate the ledger, then Dagster's storage with its own command. Repeating it changes nothing.

    Raises:
        ConfigurationError: A database cannot be reached.
        StorageError: The ledger was written by a newer version.
        MigrationError: Dagster's storage could not be migrated.
    """
    settings = load_settings(os.environ)
    with closing(open_workbench(settings)):
        click.echo("The ledger is up to date.")
    home = dagster_home(settings)
    command = [sys.executable, "-W", "ignore", "-m", "dagster", "instance", "migrate"]
    done = subprocess.run(command, cwd=home, capture_output=True, text=True, check=False)  # noqa: S603 (our own command)
    if done.returncode:
        raise MigrationError(
            f"Dagster's own storage (DAGSTER_HOME={home}) could not be migrated; mend the cause and run it again:\n"
            f"{done.stderr.strip()[-2000:]}"
        )
    click.echo(f"Dagster's storage is up to date (DAGSTER_HOME={home}).")
