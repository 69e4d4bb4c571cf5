# ruff: noqa: D103 - the names of the tests say it
"""A client that is made when first needed: once, whoever asks."""

from threading import Barrier, Thread
from time import sleep

from cj_pipeline.providers.lazy_client import LazyClient


class Connection:
    """Notes whether it was closed."""

    closed = False

    def close(self) -> None:
        """Close."""
        self.closed = True


def test_threads_that_ask_at_once_share_one_client() -> None:
    made: list[Connection] = []
    got: list[Connection] = []
    start = Barrier(8)

    def connect() -> Connection:
        sleep(0.01)
        made.append(Connection())
        return made[-1]

    lazy = LazyClient(connect)

    def ask() -> None:
        start.wait()
        got.append(lazy.get())

    threads = [Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1
    assert got == made * 8


def test_a_closed_client_is_made_anew() -> None:
    lazy = LazyClient(Connection)
    first = lazy.get()

    lazy.close()
    lazy.close()

    assert first.closed
    assert lazy.get() is not first
