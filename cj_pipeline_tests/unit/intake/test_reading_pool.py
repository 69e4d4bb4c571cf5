# ruff: noqa: D103 - the names of the tests say it
"""Children that read files: one that hangs, dies or takes too much is ended, and the next file is read all the same."""

import os
import signal
import time
from io import BytesIO

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.reading_child import MOST_MEMORY
from cj_pipeline.intake.reading_pool import ReadingPool, Request, StoppedError
from cj_pipeline_tests.support.essay_documents import pdf, word

GOOD = Request("text", ".docx", word(["An essay."]))
SLOW = Request("text", ".rtf", b"{\\rtf1 " + b"x " * 5_000_000 + b"}")
"""So much text that it takes seconds."""


def grown(n_rows: int) -> bytes:
    """A small table whose every row is five megabytes when it is read."""
    column = pa.DictionaryArray.from_arrays(pa.array([0] * n_rows, pa.int32()), pa.array(["x" * 5_000_000]))
    out = BytesIO()
    pq.write_table(pa.table({"text": column}), out)
    return out.getvalue()


def child_of_this_process() -> psutil.Process:
    [child] = [c for c in psutil.Process().children() if "cj_pipeline.intake.reading_child" in c.cmdline()]
    return child


def test_files_are_read_in_their_order_by_as_many_children_as_there_is_work_for() -> None:
    requests = [Request("text", ".docx", word([f"Essay {n}."])) for n in range(20)]

    with ReadingPool(len(requests)) as pool:
        texts = [reply["text"] for reply in pool.map(pool.read, requests)]

    assert texts == [f"Essay {n}." for n in range(20)]


def test_no_child_is_left() -> None:
    with ReadingPool() as pool:
        pool.read(GOOD)
        child = child_of_this_process()

    assert not child.is_running()


def test_a_child_gets_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")

    with ReadingPool() as pool:
        pool.read(GOOD)
        assert "OPENAI_API_KEY" not in child_of_this_process().environ()


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_read() -> None:
    began = time.monotonic()
    with ReadingPool(seconds=0.3) as pool:
        with pytest.raises(StoppedError, match=r"takes more than 0 s to read; copy its text into a new file\."):
            pool.read(SLOW)
        assert time.monotonic() - began < 5
        with ReadingPool() as other:
            assert other.read(GOOD)["text"] == "An essay."


def test_a_child_that_dies_is_replaced() -> None:
    with ReadingPool() as pool:
        pool.read(GOOD)
        os.kill(child_of_this_process().pid, signal.SIGKILL)
        with pytest.raises(StoppedError, match="brings its reader down"):
            pool.read(GOOD)
        assert pool.read(GOOD)["text"] == "An essay."


def test_a_child_may_not_take_more_memory_than_allowed() -> None:
    with ReadingPool() as pool:
        with pytest.raises(ConfigurationError, match="takes too much memory to read; copy its text into a new file"):
            pool.read(Request("rows", ".parquet", grown(400)))
        assert pool.read(GOOD)["text"] == "An essay."
        assert child_of_this_process().memory_info().vms <= MOST_MEMORY


def test_rows_come_back_as_they_are() -> None:
    with ReadingPool() as pool:
        reply = pool.read(Request("rows", ".csv", b"a;b\n1;\xe5\n"))

    assert reply == {"columns": ["a", "b"], "rows": [["1", "å"]]}


def test_a_fault_comes_back_in_its_own_words() -> None:
    with ReadingPool() as pool, pytest.raises(ConfigurationError, match="is locked with a password"):
        pool.read(Request("text", ".pdf", pdf(["x"], password="secret")))
