"""Two calls at the same moment, each in a thread of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def both(one: Callable[[], T], other: Callable[[], T]) -> list[T]:
    """Return what two calls return that start together."""
    barrier = Barrier(2, timeout=30)

    def start(call: Callable[[], T]) -> T:
        barrier.wait()
        return call()

    with ThreadPoolExecutor(2) as threads:
        return list(threads.map(start, (one, other)))
