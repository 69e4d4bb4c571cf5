"""Seconds that `cj rank` takes in a process of its own: `make bench-rank`; writes `benchmarks/rank_command.json`.

Dagster runs steps in fresh processes, and people type one command at a time: what is imported counts as much as what is
computed. The files are in the page cache after the first run, which is not counted.
"""

import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any, Final

import numpy as np

from benchmarks.record import write_record
from cj_pipeline.domain.pairing import regular_pairs

RUNS: Final = 11
SEED: Final = 1
CLASSES: Final = ((24, 20), (150, 20), (1000, 20))
"""Essays, and comparisons per essay."""


def measure() -> dict[str, Any]:
    """Time an empty interpreter, and the command on classes of several sizes, printing and writing."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [{"what": "python, nothing else", **timed([sys.executable, "-c", ""])}]
        for n_essays, per_essay in CLASSES:
            path = decisions(Path(folder), n_essays, per_essay)
            command = [sys.executable, "-m", "cj_pipeline", "rank", str(path)]
            size = {"n_essays": n_essays, "n_decisions": n_essays * per_essay // 2}
            rows += [
                {"what": "cj rank", **size, **timed(command)},
                {"what": "cj rank --out", **size, **timed([*command, "--out", folder])},
                {"what": "cj rank --compatible sirt", **size, **timed([*command, "--compatible", "sirt"])},
            ]
    return {"runs": RUNS, "seed": SEED, "rows": rows}


def timed(command: list[str]) -> dict[str, float]:
    """Median wall-clock and processor seconds of a command over `RUNS` runs, after one that is not counted."""
    wall, cpu, environment = [], [], {**os.environ, "COLUMNS": "100"}
    for _ in range(RUNS + 1):
        before, started = _children_s(), time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)  # noqa: S603 (our own words)
        wall.append(time.perf_counter() - started)
        cpu.append(_children_s() - before)
    return {"wall_s": median(wall[1:]), "best_wall_s": min(wall[1:]), "cpu_s": median(cpu[1:])}


def decisions(folder: Path, n_essays: int, per_essay: int) -> Path:
    """A file of decisions on a regular design, measures with a spread of 1.5 logits."""
    rng = np.random.default_rng(SEED)
    theta = rng.normal(0, 1.5, n_essays)
    pairs = regular_pairs(n_essays, n_essays * per_essay // 2, rng)
    path = folder / f"decisions-{n_essays}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("judge", "left", "right", "winner"))
        for i, (a, b) in enumerate(pairs):
            wins = rng.random() < 1 / (1 + np.exp(theta[b] - theta[a]))
            writer.writerow((f"judge-{i % 5}", f"essay-{a}", f"essay-{b}", f"essay-{a if wins else b}"))
    return path


def _children_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.stdout.write(f"{write_record('rank_command', measure())}\n")
