"""`cj metrics`: the ledger's metrics over HTTP, or as a file."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from prometheus_client import CollectorRegistry

from cj_pipeline.observability.collector import registry_of
from cj_pipeline.observability.serving import open_server
from cj_pipeline.observability.textfile import write_textfile
from cj_pipeline.settings import load_settings
from cj_pipeline.wiring import open_workbench


@contextmanager
def _registry() -> Iterator[CollectorRegistry]:
    bench = open_workbench(load_settings(os.environ))
    try:
        yield registry_of(bench.ledger, bench.engine.clock.now)
    finally:
        bench.close()


def serve_metrics(host: str, port: int) -> None:
    """Answer scrapes until stopped.

    Args:
        host: Address to listen at.
        port: Port; 0 takes a free one.
    """
    with _registry() as registry, open_server(registry, host, port) as server:
        click.echo(f"Metrics: http://{host}:{server.server_port}/metrics")
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            server.shutdown()


def write_metrics(target: Path) -> None:
    """Write the metrics once.

    Args:
        target: A `.prom` file, or a folder.
    """
    with _registry() as registry:
        click.echo(f"Written: {write_textfile(registry, target)}")
