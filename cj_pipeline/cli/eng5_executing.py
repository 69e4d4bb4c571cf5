"""`cj eng5 execute`: Dagster's jobs take the steps, so that its web UI shows the run."""

from contextlib import ExitStack, closing

import dagster as dg
from rich.console import Console

from cj_pipeline.cli.asking_view import showing_answers
from cj_pipeline.cli.eng5_running import Given, finish, read_options, settings_for
from cj_pipeline.cli.headless import Headless
from cj_pipeline.cli.home import dagster_home
from cj_pipeline.harness.eng5.running import execute
from cj_pipeline.wiring import open_workbench


def run_whole(given: Given) -> int:
    """Run an assessment; returns the exit code."""
    console, name = Console(soft_wrap=True), given["name"]
    wishes = read_options("execute", given)
    with settings_for(given) as settings, ExitStack() as stack:
        bench = stack.enter_context(closing(open_workbench(settings)))
        overrides = wishes.capped(bench.read(name, wishes.overrides).assessment)
        dagster_home(settings.work_dir)
        driver = Headless(bench, stack.enter_context(dg.DagsterInstance.get()))
        with showing_answers(console, bench, name, overrides):
            artefact = execute(bench, driver, name, wishes)
        return finish(settings, given, artefact)
