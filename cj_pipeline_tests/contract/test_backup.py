# ruff: noqa: D103 - the names of the tests say it
"""A backup is restored into a new place, on the same or another kind of database, and nothing is paid twice there."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from cj_pipeline.cli.backing_up import back_up, restore
from cj_pipeline.domain.continuation import Standing
from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.advance import continuations
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.errors import ConfigurationError, StorageError
from cj_pipeline.ledger.database import open_database
from cj_pipeline.ledger.tables import leases, metadata
from cj_pipeline_tests.support.benches import A_DAY_S, Rig, environment, make_rig
from cj_pipeline_tests.support.folders import add_essay, make_assessment
from cj_pipeline_tests.support.postgres import Postgres

Place = Callable[..., dict[str, str]]


@pytest.fixture
def use(tmp_path: Path, emulator: RunningEmulator, postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Return what points `cj` at an installation of its own: a work folder, and a database of some kind."""

    def use(work: str, database: str) -> dict[str, str]:
        variables = {"CJ_WORK_DIR": str(tmp_path / work)}
        if database == "postgresql":
            variables["CJ_LEDGER_URL"] = postgres.new_database()
        monkeypatch.delenv("CJ_LEDGER_URL", raising=False)
        for name, value in {**environment(tmp_path, emulator.url), **variables}.items():
            monkeypatch.setenv(name, value)
        return variables

    return use


def rows(url: str) -> dict[str, list[tuple[str, ...]]]:
    """Return everything a ledger holds."""
    engine = open_database(url)
    with engine.connect() as connection:
        found = {
            table.name: [
                tuple(map(str, row)) for row in connection.execute(sa.select(table).order_by(*table.primary_key))
            ]
            for table in metadata.sorted_tables
            if table is not leases
        }
    engine.dispose()
    return found


def raw_files(root: Path) -> dict[str, bytes]:
    """Return all raw files of an installation."""
    return {str(p.relative_to(root)): p.read_bytes() for p in (root / "raw").rglob("*") if p.is_file()}


def under_way(tmp_path: Path, emulator: RunningEmulator, variables: dict[str, str]) -> Rig:
    """Return an installation with a finished assessment, one whose job runs, and one whose create call was lost."""
    rig = make_rig(tmp_path, emulator, **variables)
    for name, provider in (("done", "openai"), ("running", "anthropic"), ("lost", "openai")):
        make_assessment(tmp_path, name, provider=provider)
    rig.submit("done")
    rig.finish("done")
    rig.submit("running")
    emulator.script_faults({"kind": "commit_then_drop"})
    rig.submit("lost")
    return rig


@pytest.mark.parametrize(
    ("source", "target"), [("sqlite", "sqlite"), ("sqlite", "postgresql"), ("postgresql", "sqlite")]
)
def test_what_was_restored_goes_on_and_pays_nothing_twice(
    tmp_path: Path, emulator: RunningEmulator, use: Place, source: str, target: str
) -> None:
    rig = under_way(tmp_path, emulator, use("work", source))
    back_up(str(tmp_path / "backup"))
    before = rows(rig.bench.settings.ledger_url)
    rig.bench.close()

    variables = use("new-work", target)
    restore(str(tmp_path / "backup"))
    again = make_rig(tmp_path, emulator, **variables)
    after = rows(again.bench.settings.ledger_url)
    paused = {record.assessment: record for record in again.engine.ledger.standings(Standing.PAUSED)}
    again.clock.time = rig.clock.time
    again.advance(A_DAY_S)
    again.poll()  # finds the job whose reply was lost
    rankings = [(again.submit(name), again.finish(name)) for name in ("done", "running", "lost")]
    again.bench.close()

    assert {name: kept for name, kept in after.items() if name != "standings"} == {
        name: kept for name, kept in before.items() if name != "standings"
    }
    assert set(paused) == {"running", "lost"}
    assert "restored from the backup of 2" in paused["lost"].reason
    assert [submission.n_requests for submission, _ in rankings] == [0, 0, 0]
    assert all(isinstance(ranking, Ranking) for _, ranking in rankings)
    assert emulator.summary()["billed_more_than_once"] == []
    assert len(emulator.journal("job")) == 3
    old, new = raw_files(tmp_path / "work"), raw_files(tmp_path / "new-work")
    assert old.items() <= new.items()


def test_what_came_after_the_backup_is_not_asked_again_by_itself(
    tmp_path: Path, emulator: RunningEmulator, use: Place
) -> None:
    variables = use("work", "sqlite")
    rig = make_rig(tmp_path, emulator, **variables)
    folder = make_assessment(tmp_path, "small")
    rig.submit()
    back_up(str(tmp_path / "backup"))
    rig.finish()
    add_essay(folder, 7)
    rig.submit()
    rig.bench.close()

    variables = use("new-work", "sqlite")
    restore(str(tmp_path / "backup"))
    again = make_rig(tmp_path, emulator, **variables)
    again.clock.time = rig.clock.time
    again.finish_quietly()
    goes_on = continuations(again.engine)
    again.bench.close()

    assert goes_on == []
    assert len(emulator.journal("job")) == 2


def test_a_second_backup_copies_what_is_new(
    tmp_path: Path, emulator: RunningEmulator, use: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    rig = under_way(tmp_path, emulator, use("work", "sqlite"))
    back_up(str(tmp_path / "backup"))
    rig.finish("running")
    back_up(str(tmp_path / "backup"))
    rig.bench.close()

    first, second = capsys.readouterr().out.splitlines()
    assert "4 raw files" in first
    assert "1 raw files" in second
    assert "4 were there already" in second


def test_a_ledger_that_holds_something_is_not_overwritten(
    tmp_path: Path, emulator: RunningEmulator, use: Place
) -> None:
    rig = under_way(tmp_path, emulator, use("work", "sqlite"))
    back_up(str(tmp_path / "backup"))
    before = rows(rig.bench.settings.ledger_url)
    rig.bench.close()

    with pytest.raises(ConfigurationError, match=r"is not empty \(.*judging_sessions.*restore into a new place"):
        restore(str(tmp_path / "backup"))
    assert rows(rig.bench.settings.ledger_url) == before


def test_a_backup_that_is_not_whole_is_refused(tmp_path: Path, emulator: RunningEmulator, use: Place) -> None:
    rig = under_way(tmp_path, emulator, use("work", "sqlite"))
    back_up(str(tmp_path / "backup"))
    rig.bench.close()
    use("new-work", "sqlite")

    with pytest.raises(ConfigurationError, match="holds no complete backup"):
        restore(str(tmp_path / "elsewhere"))
    about = tmp_path / "backup" / "backup.json"
    about.write_text(json.dumps({**json.loads(about.read_text()), "ledger_sha256": "0"}))
    with pytest.raises(StorageError, match=r"ledger\.db: was altered, or a backup into this place was broken off"):
        restore(str(tmp_path / "backup"))


def test_altered_raw_bytes_are_named_and_everything_else_is_kept(
    tmp_path: Path, emulator: RunningEmulator, use: Place
) -> None:
    rig = under_way(tmp_path, emulator, use("work", "sqlite"))
    rig.bench.close()
    name = min(raw_files(tmp_path / "work"))
    (tmp_path / "work" / name).chmod(0o644)
    (tmp_path / "work" / name).write_bytes(b"altered\n")

    with pytest.raises(StorageError, match=f"1 raw files were altered.*{name.removeprefix('raw/')}"):
        back_up(str(tmp_path / "backup"))
    assert len(raw_files(tmp_path / "backup")) == 4
    assert (tmp_path / "backup" / "backup.json").exists()
