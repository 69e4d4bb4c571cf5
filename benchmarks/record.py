"""How a benchmark keeps its figures: one JSON file with commit, seed and machine."""

import json
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def write_record(name: str, figures: dict[str, Any]) -> Path:
    """Write `benchmarks/<name>.json`.

    Args:
        name: Name of the benchmark.
        figures: What was measured, with its seeds.
    """
    record = {"benchmark": name, "commit": _commit(), "machine": _machine(), "figures": figures}
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
    return path


def read_record(name: str) -> dict[str, Any]:
    """Read what a benchmark wrote."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def _commit() -> str:
    git = ["git", "-C", str(FOLDER), "rev-parse", "--short=12", "HEAD"]
    return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()  # noqa: S603 (fixed words)


def _machine() -> str:
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
