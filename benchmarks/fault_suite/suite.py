"""`make faults`: two thousand seeded runs, most of them of batch jobs, counted from outside and kept as a record."""

import argparse
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from itertools import chain, islice
from multiprocessing import get_context
from pathlib import Path

from benchmarks.count_payments import Counts, add_up
from benchmarks.fault_suite.driver import run
from benchmarks.fault_suite.scenarios import BATCH, Scenario, combinations, deaths, singles
from benchmarks.record import write_record
from cj_pipeline.emulator.embedding import running_emulator
from cj_pipeline.ledger.database import open_database
from tools.faults_table import render

_STEPS = 60
_CHUNK = 20


def scenarios(seed: int, runs: int) -> list[Scenario]:
    """The runs: every fault alone (three seeds), death at every write, and random combinations for the rest."""
    alone = chain.from_iterable(singles(seed + 1000 * i) for i in range(3))
    return list(islice(chain(alone, deaths(seed, _STEPS), combinations(seed)), runs))


def run_all(wanted: Sequence[Scenario], folder: Path) -> Iterator[tuple[Scenario, Counts]]:
    """Run scenarios one after the other against one emulator of their own."""
    template = folder / "template.db"
    open_database(f"sqlite:///{template}").dispose()
    with running_emulator(folder / "emulator", seed=wanted[0].seed) as emulator:
        for i, scenario in enumerate(wanted):
            yield scenario, run(scenario, emulator, _made(folder / str(i)), template)


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _run_chunk(wanted: Sequence[Scenario]) -> list[tuple[Scenario, Counts]]:
    with tempfile.TemporaryDirectory() as folder:
        return list(run_all(wanted, Path(folder)))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, write the record, print the table; exit code 1 if anything was lost, paid twice or left open."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", action="store_true", help="write benchmarks/fault_suite.json")
    given = parser.parse_args(arguments)
    wanted = scenarios(given.seed, given.runs)
    chunks = [wanted[i : i + _CHUNK] for i in range(0, len(wanted), _CHUNK)]
    found: list[tuple[Scenario, Counts]] = []
    started = time.monotonic()
    with ProcessPoolExecutor(given.workers, mp_context=get_context("spawn")) as pool:
        for done in pool.map(_run_chunk, chunks):
            found += done
            sys.stdout.write(f"{len(found)} of {len(wanted)} runs, {time.monotonic() - started:.0f} s\n")
            sys.stdout.flush()
            _tell_faults(done)
    figures = {"seed": given.seed, "n_runs": len(found), "rows": rows(found)}
    if given.keep:
        write_record("fault_suite", figures)
    sys.stdout.write(render({"figures": figures, "commit": "", "machine": ""}) + "\n")
    return 1 if any(is_violated(scenario, counts) for scenario, counts in found) else 0


def is_violated(scenario: Scenario, counts: Counts) -> bool:
    """Whether a run broke what is promised."""
    most_extra = 0 if scenario.mode == BATCH and not scenario.canary else 1
    broken = counts.lost + counts.paid_twice + counts.left_open + counts.live_duplicates
    return broken > 0 or counts.most_extra > most_extra


def _tell_faults(done: Sequence[tuple[Scenario, Counts]]) -> None:
    for scenario, counts in done:
        if is_violated(scenario, counts):
            sys.stdout.write(f"VIOLATED {scenario}\n  {asdict(counts)}\n")


def rows(found: Sequence[tuple[Scenario, Counts]]) -> list[dict[str, object]]:
    """One row per mode, fault and provider."""
    groups: dict[tuple[str, str, str], list[Counts]] = defaultdict(list)
    for scenario, counts in found:
        kind = "batch jobs" if scenario.mode == BATCH else "asked at once"
        groups[kind, scenario.name, scenario.provider].append(counts)
    return [
        {"mode": mode, "fault": name, "provider": provider, "runs": len(counts), **add_up(counts)}
        for (mode, name, provider), counts in groups.items()
    ]
