"""`cj backup` and `cj restore`: ledger, raw bytes and tables to another place, and from there into a new one."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from cj_pipeline.domain.continuation import Standing
from cj_pipeline.engine.standing import set_standing
from cj_pipeline.errors import ConfigurationError, StorageError
from cj_pipeline.ledger.copying import dump_ledger, load_ledger
from cj_pipeline.settings import load_settings
from cj_pipeline.storage.copying import Copied, copy_raw, copy_tables
from cj_pipeline.storage.store import Store, place, store_at
from cj_pipeline.wiring import Workbench, open_workbench

_LEDGER, _ABOUT = "ledger.db", "backup.json"


def back_up(url: str) -> None:
    """Copy everything that cannot be made again. Programs may go on meanwhile; doing it again copies what is new.

    The ledger is copied first: what it names was stored before, so that all of it is found when the files are copied.

    Args:
        url: Where to: a folder, or a place in an object store.

    Raises:
        StorageError: Raw bytes were altered; everything was copied all the same.
    """
    settings = load_settings(os.environ)
    root = place(url)
    with closing(open_workbench(settings)) as bench, tempfile.TemporaryDirectory() as folder:
        dump, at = Path(folder) / _LEDGER, bench.engine.clock.now()
        dump_ledger(settings.ledger_url, dump)
        raw = copy_raw(store_at(settings.raw_dir), store_at(root / "raw"))
        tables = copy_tables(store_at(settings.tables_dir), store_at(root / "tables"))
        digest = _publish(store_at(root), dump)
        about = {"made_at": at.isoformat(), "version": version("cj-pipeline"), "ledger_sha256": digest}
        with store_at(root).draft("") as draft:
            draft.file.write(json.dumps(about, indent=2).encode())
            draft.publish(_ABOUT)
    _tell("Backed up", raw, tables)
    _require_unaltered(raw)


def restore(url: str) -> None:
    """Fill an empty installation from a backup. Nothing that was under way goes on by itself before a person says so.

    Args:
        url: Where the backup is.

    Raises:
        ConfigurationError: There is no complete backup there, or the ledger of this installation is not empty.
        StorageError: The backup cannot be trusted.
    """
    settings = load_settings(os.environ)
    root = place(url)
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / _LEDGER
        about = _fetch(store_at(root), dump)
        load_ledger(dump, settings.ledger_url)
    raw = copy_raw(store_at(root / "raw"), store_at(settings.raw_dir))
    tables = copy_tables(store_at(root / "tables"), store_at(settings.tables_dir))
    with closing(open_workbench(settings)) as bench:
        paused = _pause(bench, about["made_at"])
    _tell("Restored", raw, tables)
    if paused:
        click.echo(
            f"Paused: {', '.join(paused)}. Jobs that were submitted after {about['made_at']} are not known here and "
            "would be paid again: look at the providers' lists of batch jobs, cancel or wait for those, then run "
            "`cj run` to go on."
        )
    _require_unaltered(raw)


def _pause(bench: Workbench, made_at: str) -> Sequence[str]:
    names = [record.assessment for record in bench.engine.ledger.standings(Standing.ACTIVE)]
    for name in names:
        reason = f"restored from the backup of {made_at}; jobs that were submitted after it are not known here."
        set_standing(bench.engine, name, Standing.PAUSED, reason)
    return names


def _publish(store: Store, dump: Path) -> str:
    with dump.open("rb") as file, store.draft("") as draft:
        shutil.copyfileobj(file, draft.file)
        draft.publish(_LEDGER)
    with dump.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch(store: Store, dump: Path) -> dict[str, Any]:
    """Fetch the ledger of a backup; returns what the backup says of itself."""
    if not {_ABOUT, _LEDGER} <= set(store.names("")):
        raise ConfigurationError(f"{store.root}: holds no complete backup ({_LEDGER} and {_ABOUT}); name its folder.")
    with store.read(_ABOUT) as file:
        about: dict[str, Any] = json.loads(file.read())
    with store.read(_LEDGER) as file, dump.open("wb") as copy:
        shutil.copyfileobj(file, copy)
    with dump.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != about["ledger_sha256"]:
        raise StorageError(
            f"{store.root}/{_LEDGER}: was altered, or a backup into this place was broken off; make it again, or take "
            "another one."
        )
    return about


def _tell(what: str, raw: Copied, tables: Copied) -> None:
    click.echo(
        f"{what}: the ledger, {raw.n_files} raw files ({raw.n_bytes / 1e6:.1f} MB; {raw.n_there} were there already), "
        f"{tables.n_files} files of tables."
    )


def _require_unaltered(raw: Copied) -> None:
    if raw.altered:
        raise StorageError(
            f"{len(raw.altered)} raw files were altered after they were stored, the first is {raw.altered[0]}: their "
            "bytes are no evidence any more. Look for an earlier backup that holds them as they were."
        )
