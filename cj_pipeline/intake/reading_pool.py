"""Children that read files under a time limit and a memory limit; one that hangs or dies is replaced."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Timer
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from cj_pipeline.errors import ConfigurationError

SECONDS_PER_FILE: Final = 10.0
_FILES_PER_CHILD: Final = 8
_MOST_CHILDREN: Final = 4
_PASSED_ON: Final = ("PATH", "PYTHONPATH", "VIRTUAL_ENV", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")
"""Variables that a child gets; no keys."""

Thing = TypeVar("Thing")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Request:
    """One file to be read.

    Attributes:
        wanted: `text` or `rows`.
        suffix: Ending of its name, small letters, with the dot.
        data: The whole file.
        sheet: Sheet of an Excel file; empty: the first.
    """

    wanted: str
    suffix: str
    data: bytes
    sheet: str = ""


class StoppedError(ConfigurationError):
    """A child was ended over a file, or died of it; another time might go otherwise."""


class ReadingPool:
    """Starts children when they are first needed, and ends them.

    Args:
        n_files: How many files are expected; few need one child only.
        seconds: Longest time for one file.
    """

    def __init__(self, n_files: int = 1, *, seconds: float = SECONDS_PER_FILE) -> None:
        self._n = max(1, min(_MOST_CHILDREN, os.cpu_count() or 1, n_files // _FILES_PER_CHILD))
        self._children: SimpleQueue[_Child] = SimpleQueue()
        for _ in range(self._n):
            self._children.put(_Child(seconds))

    def __enter__(self) -> Self:
        """Nothing starts before the first file."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End all children."""
        for _ in range(self._n):
            self._children.get().end()

    def read(self, request: Request) -> dict[str, Any]:
        """Read one file; several threads may ask.

        Returns:
            `text`, or `columns` and `rows`.

        Raises:
            StoppedError: The file took too long or brought its reader down.
            ConfigurationError: What is wrong with the file, as a clause without a subject.
        """
        child = self._children.get()
        try:
            reply = child.ask(request)
        finally:
            self._children.put(child)
        if "fault" in reply:
            raise ConfigurationError(reply["fault"])
        return reply

    def map(self, work: Callable[[Thing], Result], things: Sequence[Thing]) -> Iterator[Result]:
        """Do a piece of work for every thing, as many at a time as there are children; results in order."""
        with ThreadPoolExecutor(self._n) as threads:
            yield from threads.map(work, things)


class _Child:
    """One child process, started when first asked."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: Request) -> dict[str, Any]:
        process = self._process = self._process or _start()
        overdue: list[bool] = []

        def give_up() -> None:
            overdue.append(True)
            process.kill()

        timer = Timer(self._seconds, give_up)
        timer.start()
        try:
            reply = _exchange(process, request)
        except (OSError, ValueError) as error:
            self.end()
            raise _stopped(self._seconds if overdue else None) from error
        finally:
            timer.cancel()
            timer.join()
        if overdue or reply.get("worn"):
            self.end()
        return reply

    def end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream.close)
        process.wait()


def _stopped(seconds: float | None) -> StoppedError:
    what = "brings its reader down" if seconds is None else f"takes more than {seconds:.0f} s to read"
    return StoppedError(f"{what}; copy its text into a new file.")


def _close(close: Callable[[], None]) -> None:
    try:
        close()
    except OSError:
        # What was still to be written to a process that is gone.
        return


def _start() -> subprocess.Popen[bytes]:
    # One thread for numerics: every further one reserves address space, of which there is a limit.
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONUTF8": "1"}
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "cj_pipeline.intake.reading_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )


def _exchange(process: subprocess.Popen[bytes], request: Request) -> dict[str, Any]:
    """Send a request and read its reply.

    Raises:
        OSError: The process is gone.
        ValueError: It went away in the middle of its reply.
    """
    if process.stdin is None or process.stdout is None:
        raise OSError("the process has no pipes")
    head = {"wanted": request.wanted, "suffix": request.suffix, "sheet": request.sheet, "size": len(request.data)}
    process.stdin.write(json.dumps(head).encode() + b"\n")
    process.stdin.write(request.data)
    process.stdin.flush()
    size = int(process.stdout.readline() or b"gone")
    return dict(json.loads(process.stdout.read(size)))
