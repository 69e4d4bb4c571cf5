"""The command line in a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

PATIENCE_S = 90.0


def command(*arguments: str) -> list[str]:
    """The command line with this interpreter."""
    return [sys.executable, "-m", "cj_pipeline", *arguments]


def run_cj(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `cj` to its end."""
    return subprocess.run(
        command(*arguments),
        env=child_environment(root, variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def start_cj(root: Path, *arguments: str, **variables: str) -> subprocess.Popen[bytes]:
    """Start `cj`; its output goes to `<root>/output.log`."""
    with (root / "output.log").open("ab") as log:
        return subprocess.Popen(
            command(*arguments), env=child_environment(root, variables), stdout=log, stderr=subprocess.STDOUT
        )


def child_environment(root: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """The environment of a child: this one's, without what would lead out of the test's folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CJ_", "DAGSTER_")) and not k.endswith("_API_KEY")}
    return {**kept, "CJ_DATA_DIR": str(root), "COLUMNS": "100", "PYTHONWARNINGS": "default", **variables}


def until(condition: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait for something that another process does.

    Raises:
        TimeoutError: It did not happen.
    """
    end = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited {patience_s:.0f} s for: {what}")
        time.sleep(0.1)
