"""`make acceptance`: thirty small assessments in one night, by real processes, under faults; one table."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.acceptance.faults import drawn_faults
from benchmarks.acceptance.figures import Night, read_night
from benchmarks.acceptance.night import Site, begin_night, running_site, until_ranked
from benchmarks.record import write_record
from benchmarks.two_workers.cohort import cohort
from cj_pipeline_tests.support.postgres import running_postgres
from tools.running_dagster_page import night_table

N_ASSESSMENTS: Final = 30
N_FAULTS: Final = 14
PATIENCE_S: Final = 900.0
"""Longest time that a night may take, seconds; some minutes on a quiet machine."""


def one_night(site: Site, names: Sequence[str], seed: int, patience_s: float = PATIENCE_S) -> Night:
    """Script the faults, begin the night, wait for its end and count."""
    site.emulator.script_faults(*drawn_faults(N_FAULTS, seed))
    begin_night(site, names)
    return read_night(site, names, until_ranked(site, names, patience_s))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print the table, write the record if asked; exit code 1 if anything was lost, paid twice or not ranked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assessments", type=int, default=N_ASSESSMENTS)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--patience", type=float, default=PATIENCE_S)
    parser.add_argument("--keep", action="store_true", help="write benchmarks/acceptance.json")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="cj-night-") as folder, running_postgres() as postgres:
        names = [member.name for member in cohort(Path(folder), given.assessments, given.seed)]
        with running_site(Path(folder), postgres, given.seed) as site:
            night = one_night(site, names, given.seed, given.patience)
    figures = {"seed": given.seed, "night": night.row()}
    if given.keep:
        write_record("acceptance", figures)
    sys.stdout.write(night_table(figures["night"]) + "\n")
    sys.stdout.writelines(f"{note}\n" for note in night.counts.notes)
    return 1 if night.is_violated else 0
