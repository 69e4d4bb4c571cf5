"""Faults for a night that nobody watches: drawn by seed from those of the fault suite that pass by themselves."""

import random
from typing import Final

from benchmarks.fault_suite.scenarios import BATCH_FAULTS, SYNC_FAULTS, Fault

_LONGEST_S: Final = 8.0
_MOST_SPARED: Final = 6

NEEDS_A_PERSON: Final = {
    "no credit at the create call",
    "rows without credit",
    "no credit",
    "input file denied",
    "late validation failure",
}
"""An assessment is paused then, and a person has to look."""

COSTS_VERDICTS: Final = {"a share fails, 400", "400 for one", "refusals", "answers that are no verdict"}
"""Too few verdicts may be left for a ranking of five essays."""

NEEDS_A_DAY: Final = {"partial expiry", "stuck until it expires"}
"""They pass when a job expires."""


def drawn_faults(n: int, seed: int) -> list[Fault]:
    """Draw kinds of faults, each after some requests that go well.

    Args:
        n: How many kinds.
        seed: Decides which, and when they strike.
    """
    chance = random.Random(seed)  # noqa: S311 (a draw that must repeat by its seed)
    tables = [*BATCH_FAULTS.items(), *SYNC_FAULTS.items()]
    left_out = NEEDS_A_PERSON | COSTS_VERDICTS | NEEDS_A_DAY
    possible = [faults for name, faults in tables if name not in left_out]
    drawn = [fault for faults in chance.sample(possible, n) for fault in faults]
    return [{**_shortened(fault), "skip": chance.randint(0, _MOST_SPARED)} for fault in drawn]


def _shortened(fault: Fault) -> Fault:
    """The same fault on a clock that nobody moves."""
    waits: Fault = {key: min(fault[key], _LONGEST_S) for key in ("seconds", "retry_after") if key in fault}
    # Said three times, with the pauses between a step's retries, it would outlast the settle period and be believed.
    once: Fault = {"times": 1} if fault["kind"] == "expired_file_404" else {}
    return {**fault, **waits, **once}
