"""`cj dev`: Dagster's web UI and daemon in one go, with the emulator behind them unless a provider key is set."""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import click

from cj_pipeline.cli.home import dagster_home
from cj_pipeline.emulator.embedding import running_emulator
from cj_pipeline.settings import CHECKOUT, load_settings
from cj_pipeline.wiring import KEY_VARIABLES

_JOB_S = (30.0, 90.0)
_WORKSPACE = Path("workspace.yaml")


def run_dagster(port: int) -> int:
    """Run `dagster dev` until it is stopped.

    Started from here rather than from a shell, so that Ctrl-C and SIGTERM reach it and both processes end together.

    Args:
        port: Port of the web UI on the loopback address.

    Returns:
        Dagster's exit code.
    """
    settings = load_settings(os.environ)
    home = dagster_home(settings)
    with ExitStack() as stack:
        has_key = any(os.environ.get(name) for name in KEY_VARIABLES.values())
        if not has_key and not settings.emulator_url:
            server = stack.enter_context(
                running_emulator(settings.work_dir / "emulator", job_seconds=_JOB_S, frozen_clock=False)
            )
            os.environ["CJ_EMULATOR_URL"] = server.url
            os.environ.setdefault("CJ_POLL_MIN_S", "5")
            click.echo("No provider key is set: the emulator's synthetic judge answers. Nothing is paid.")
        click.echo(f"Web UI: http://127.0.0.1:{port}   (state: {home})")
        return _serve(port, home)


def _serve(port: int, home: Path) -> int:
    """Run `dagster dev` in a session of its own, so that a Ctrl-C reaches it once, from here."""
    dagster = [sys.executable, "-W", "ignore", "-m", "dagster", "dev", "-w", str(CHECKOUT / _WORKSPACE)]
    command = [*dagster, "-h", "127.0.0.1", "-p", str(port)]
    # Not in the checkout: there, Dagster would warn of a second dagster.yaml.
    process = subprocess.Popen(command, cwd=home, start_new_session=True)  # noqa: S603 (our own command)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: process.send_signal(signal.SIGINT))
    return process.wait()
