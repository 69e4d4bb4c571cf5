"""Run every contestant on the same data, each in a process of its own, and keep the figures."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.estimation.cases import CUTS, SIZES, SPREAD, save
from benchmarks.estimation.contestants import CONTESTANTS
from benchmarks.record import write_record
from cj_pipeline_tests.support.memory import peak_bytes

ROOT: Final = Path(__file__).parents[2]
REPEATS: Final = {24: 15, 1_000: 7, 10_000: 5, 100_000: 3}
TIMEOUT_S: Final = 300
_AIMS_S: Final = {24: 0.002, 1_000: 0.06, 10_000: 0.3, 100_000: 2.0}


def run_one(name: str, path: Path) -> dict[str, Any]:
    """Time one contestant in this process; the first run, with its compilations, does not count."""
    held = np.load(path)
    first, second, grade, n = held["first"], held["second"], held["grade"], len(held["optimum"])
    _, prepare, _, _ = CONTESTANTS[name]
    fit = prepare(first, second, grade, n)
    started = time.perf_counter()
    measures, said = fit()
    once = time.perf_counter() - started
    walls, processors = [], []
    for _ in range(REPEATS[n] if once < _LONG_S else 1):
        wall, processor = time.perf_counter(), time.process_time()
        fit()
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    return {
        "wall_s": statistics.median(walls),
        "cpu_s": statistics.median(processors),
        "first_s": once,
        "error": float(np.max(np.abs(measures - measures.mean() - held["optimum"]))),
        "peak_mib": round(peak_bytes() / 1024**2),
        **said,
    }


_LONG_S: Final = 20.0


def _measured(name: str, n: int, path: Path, peers: Path) -> dict[str, Any]:
    kind, _, errors, most = CONTESTANTS[name]
    row: dict[str, Any] = {"contestant": name, "n": n, "standard_errors": errors}
    if n > most:
        return {**row, "not_run": "dense matrices, or dense inverses, at this size"}
    python = sys.executable if kind == "own" else str(peers / "bin" / "python")
    # What slows or fixes the linear algebra of this machine alone is left out of the race.
    kept = {key: value for key, value in os.environ.items() if not key.startswith("OPENBLAS_")}
    environment = {**kept, "PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu"}
    command = [python, "-m", "benchmarks.estimation", "one", name, str(path)]
    try:
        done = subprocess.run(  # noqa: S603 (our own module)
            command, capture_output=True, text=True, check=False, env=environment, timeout=TIMEOUT_S, cwd=ROOT
        )
    except subprocess.TimeoutExpired:
        return {**row, "not_run": f"not done within {TIMEOUT_S} s"}
    if done.returncode:
        return {**row, "not_run": (done.stderr.strip().splitlines() or ["failed"])[-1]}
    return {**row, **json.loads(done.stdout.splitlines()[-1])}


def main(arguments: Sequence[str]) -> int:
    """`one NAME DATA` times one contestant; otherwise the folder of the peers' environment is named."""
    if arguments[:1] == ["one"]:
        sys.stdout.write(json.dumps(run_one(arguments[1], Path(arguments[2]))) + "\n")
        return 0
    peers, rows = Path(arguments[0]), []
    cases = []
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        for n, m in SIZES:
            path = save(n, m, Path(folder))
            held = np.load(path)
            cases.append({"n": n, "m": m, "seed": int(held["seed"]), "gradient": float(held["gradient"])})
            for name in CONTESTANTS:
                rows.append(_measured(name, n, path, peers))
                sys.stdout.write(f"{rows[-1]}\n")
                sys.stdout.flush()
    figures = {"spread": SPREAD, "cuts": CUTS, "aims_s": _AIMS_S, "load": round(load, 1), "cases": cases, "rows": rows}
    write_record("estimation", figures)
    return 0
