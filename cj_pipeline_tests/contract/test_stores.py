# ruff: noqa: D103 - the names of the tests say it
"""Every kind of store keeps what `storage.store` promises: a disk, an object store in memory, and S3 over a socket."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pandas as pd
import pytest
from upath import UPath

from cj_pipeline.emulator.embedding import RunningEmulator
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.errors import StorageError, StoreUnavailableError
from cj_pipeline.storage.raw_files import RawFiles
from cj_pipeline.storage.store import Store, store_at
from cj_pipeline.storage.table_files import TableFiles
from cj_pipeline_tests.support.benches import A_DAY_S, make_rig
from cj_pipeline_tests.support.folders import add_essay, make_assessment
from cj_pipeline_tests.support.object_stores import new_bucket, running_s3
from cj_pipeline_tests.support.postgres import Postgres
from cj_pipeline_tests.support.processes import child_environment
from cj_pipeline_tests.unit.domain.factories import make_snapshot

KINDS = ("disk", "memory", "s3")
_numbers = count()


@pytest.fixture(scope="module")
def s3() -> Iterator[dict[str, str]]:
    """Run an S3 server, and let this process find it."""
    with running_s3() as variables, pytest.MonkeyPatch.context() as patch:
        for name, value in variables.items():
            patch.setenv(name, value)
        yield variables


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> UPath:
    """Return an empty place of each kind."""
    if request.param == "disk":
        return UPath(tmp_path / "store")
    if request.param == "memory":
        return UPath(f"memory://bucket-{next(_numbers)}/cj")
    bucket = new_bucket(request.getfixturevalue("s3"), f"bucket-{next(_numbers)}")
    return UPath(f"{bucket}/cj")


@pytest.fixture
def store(place: UPath) -> Store:
    """Return an empty store of each kind."""
    return store_at(place)


def write(store: Store, folder: str, name: str, content: bytes) -> None:
    """Write a file."""
    with store.draft(folder) as draft:
        draft.file.write(content)
        draft.publish(name)


def content(store: Store, name: str) -> bytes:
    """Read a file."""
    with store.read(name) as file:
        return file.read()


def test_what_is_published_is_there_whole(store: Store) -> None:
    write(store, "a/b", "one.txt", b"1\n2")
    write(store, "a/b", "two.txt", b"")
    write(store, "", "top.txt", b"top")

    assert content(store, "a/b/one.txt") == b"1\n2"
    assert store.names("a/b") == ["one.txt", "two.txt"]
    assert (store.names(""), store.names("a"), store.names("nowhere")) == (["top.txt"], [], [])
    assert list(store.walk()) == [("a/b/one.txt", 3), ("a/b/two.txt", 0), ("top.txt", 3)]
    assert list(store.walk("a")) == [("a/b/one.txt", 3), ("a/b/two.txt", 0)]
    assert list(store.walk("nowhere")) == []


def test_an_earlier_file_stands_until_the_new_one_is_published(store: Store) -> None:
    write(store, "a", "x", b"an older and longer text")
    with store.draft("a") as draft:
        draft.file.write(b"new")
        draft.file.flush()
        before = content(store, "a/x")
        draft.publish("x")

    assert before == b"an older and longer text"
    assert content(store, "a/x") == b"new"


def break_off(store: Store, error: BaseException) -> None:
    """Write a part of a file, then fail."""
    with store.draft("a") as draft:
        draft.file.write(b"half")
        raise error


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt()])
def test_what_is_broken_off_leaves_nothing(store: Store, error: BaseException) -> None:
    with pytest.raises(type(error)):
        break_off(store, error)

    assert store.names("a") == []
    assert list(store.walk()) == []


def test_a_file_is_removed_once_and_twice(store: Store) -> None:
    write(store, "a/b", "x", b"1")
    store.remove("a/b/x")
    store.remove("a/b/x")

    assert list(store.walk()) == []
    with pytest.raises(FileNotFoundError):
        content(store, "a/b/x")


def test_what_another_process_writes_is_seen(place: UPath) -> None:
    mine, theirs = store_at(place), store_at(place)
    before = mine.names("a")
    write(theirs, "a", "x", b"1")

    assert (before, mine.names("a"), content(mine, "a/x")) == ([], ["x"], b"1")


def test_raw_bytes_are_named_by_their_digest_found_and_checked(place: UPath) -> None:
    raw = RawFiles(place)
    stored = raw.put("class/job", "results.jsonl", [b"one\n\ntw", "o\u2028å\n".encode()])
    raw.put("class/job", "results-other.jsonl", [b"1\n"])

    assert stored.path == f"class/job/results-{stored.sha256[:16]}.jsonl"
    assert list(raw.lines(stored.path)) == [b"one", "two\u2028å".encode()]
    assert raw.find("class/job", "results") == [stored]
    assert raw.find("class/other", "results") == []
    write(raw.store, "class/job", stored.path.rsplit("/", 1)[-1], b"altered\n")
    with pytest.raises(StorageError, match="raw bytes were altered after they were stored"):
        list(raw.lines(stored.path))
    raw.store.remove(stored.path)
    with pytest.raises(StorageError, match=r"raw bytes are missing; restore them from a backup"):
        list(raw.lines(stored.path))


def test_snapshots_and_tables_are_loaded_as_they_were_saved(place: UPath) -> None:
    tables, snapshot = TableFiles(place), make_snapshot()
    unknown = tables.load_snapshot(snapshot.name)
    tables.save_snapshot(snapshot)
    tables.save_table("x", "rankings", pd.DataFrame({"rank": [1, 2], "essay_id": ["å", "b"]}))

    assert unknown is None
    assert tables.load_snapshot(snapshot.name) == snapshot
    assert content(tables.store, "x/rankings.csv") == "rank,essay_id\n1,å\n2,b\n".encode()
    assert str(tables.path("x", "rankings", "csv")) == f"{place}/x/rankings.csv"


def test_a_store_out_of_reach_says_so(s3: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = new_bucket(s3, f"bucket-{next(_numbers)}")
    raw = RawFiles(UPath(bucket.replace("bucket-", "no-bucket-")))
    with pytest.raises(StoreUnavailableError, match=r"s3://no-bucket-.* could not be reached, or refused .*Check the"):
        raw.put("a", "x.jsonl", [b"1\n"])

    there = RawFiles(UPath(bucket))
    stored = there.put("a", "x.jsonl", [b"1\n2\n"])
    monkeypatch.setattr("s3fs.core._fetch_range", _line_is_down)
    with pytest.raises(StoreUnavailableError, match=r"a/x-.*ConnectionError: the line is down"):
        list(there.lines(stored.path))


def _line_is_down(*_args: object, **_more: object) -> bytes:
    raise ConnectionError("the line is down")


def test_the_whole_path_with_a_lost_reply_in_a_bucket_and_on_a_server(
    tmp_path: Path, emulator: RunningEmulator, postgres: Postgres, s3: dict[str, str]
) -> None:
    bucket = new_bucket(s3, f"bucket-{next(_numbers)}")
    shared = {"CJ_LEDGER_URL": postgres.new_database(), "CJ_STORE_URL": f"{bucket}/cj", "CJ_SEVERAL_HOSTS": "true"}
    rig = make_rig(tmp_path, emulator, **shared)
    folder = make_assessment(tmp_path)
    emulator.script_faults({"kind": "commit_then_drop"})
    try:
        rig.submit()
        rig.advance(A_DAY_S)
        rig.poll()
        rig.finish_quietly()
        add_essay(folder, 7)
        rig.submit()
        ranking = rig.finish()
    finally:
        rig.bench.close()

    assert isinstance(ranking, Ranking)
    assert len(ranking.table) == 7
    assert emulator.summary()["billed_more_than_once"] == []
    assert list((tmp_path / "work").rglob("*.jsonl")) == []
    names = [name for name, _ in store_at(UPath(f"{bucket}/cj")).walk()]
    assert sum(name.startswith("raw/small/") for name in names) == 4
    assert {"tables/small/essays.parquet", "tables/small/assessment.json"} <= set(names)


_CHILD = """
import sys, threading, time
from upath import UPath
from cj_pipeline.storage.raw_files import RawFiles

def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

raw, peak = RawFiles(UPath(sys.argv[1])), [0]
raw.put("warm", "up.jsonl", [b"1\\n"])

def watch():
    while True:
        peak[0] = max(peak[0], held())
        time.sleep(0.005)

before = held()
threading.Thread(target=watch, daemon=True).start()
stored = raw.put("a", "big.jsonl", (b"x" * 1000 + b"\\n" for _ in range(150_000)))
n = sum(1 for _ in raw.lines(stored.path))
print(n, (peak[0] - before) // 2**20)
"""


@pytest.mark.slow
def test_a_large_file_takes_little_memory(tmp_path: Path, s3: dict[str, str]) -> None:
    bucket = new_bucket(s3, f"bucket-{next(_numbers)}")
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, bucket],
        env=child_environment(tmp_path, s3),
        capture_output=True,
        text=True,
        check=True,
    )
    n, grown_mib = map(int, done.stdout.split())

    assert n == 150_000
    assert grown_mib < 80
