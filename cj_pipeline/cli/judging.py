"""`cj judge`: people compare essays on a page of this machine."""

import os
from contextlib import closing

import click
import uvicorn

from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.people import assigned_pairs
from cj_pipeline.engine.plan import current_session, pair_set, plan
from cj_pipeline.judge_page.app import JudgePage
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import Workbench, open_workbench


def serve_judging(name: str, judge: str | None, port: int) -> None:
    """Serve the judging page of an assessment until Ctrl+C.

    Raises:
        ConfigurationError: The assessment folder cannot be used.
        DesignError: It has no pair set, and none can be planned.
    """
    with closing(open_workbench(load_settings(os.environ))) as bench:
        pairs = planned(bench, name)
        click.echo(f"{pairs.snapshot.assessment.title}: {len(assigned_pairs(pairs))} pairs for people.")
        click.echo(f"Judge at http://127.0.0.1:{port} (this machine only); end with Ctrl+C. Decisions are kept.")
        app = JudgePage(bench.engine, pairs, judge).application()
        uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


def planned(bench: Workbench, name: str) -> PairSet:
    """The pair set, made where there is none yet: planning sends nothing and costs nothing."""
    snapshot = bench.read(name)
    kept = bench.tables.load_snapshot(name)
    session = current_session(bench.engine, snapshot)
    if session is not None and kept is not None and kept.digest == snapshot.digest:
        return pair_set(bench.engine, snapshot, session)
    bench.tables.save_snapshot(snapshot)
    return plan(bench.engine, name)
