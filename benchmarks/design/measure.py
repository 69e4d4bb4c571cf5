"""Every case in a process of its own: processor seconds and peak memory."""

import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from benchmarks.record import write_record
from cj_pipeline.domain.designs import DesignRequest, draw
from cj_pipeline.domain.later_waves import Evidence, next_wave
from cj_pipeline.domain.pair_set import PlannedComparison, PlanRules, first_wave

PER_ESSAY: Final = 20
CASES: Final = (
    *(("first wave, regular and eulerian", n) for n in (24, 1_000, 10_000, 100_000)),
    *(("next wave, nearest_neighbour", n) for n in (24, 1_000, 10_000, 100_000)),
    *(("one blossom matching (optimal_graph)", n) for n in (24, 100, 200, 300)),
)
SEED: Final = 1


def measure(name: str, n: int) -> dict[str, Any]:
    """Run one case in this process."""
    rng = np.random.default_rng(SEED)
    c = min(PER_ESSAY, n - 1)
    before = first_wave(n, n * c // 2, PlanRules(seed=SEED)) if name.startswith("next") else []
    measures = rng.normal(size=n).tolist()
    started = time.process_time()
    made: Sequence[object]
    if name.startswith("first"):
        made = first_wave(n, n * c // 2, PlanRules(seed=SEED))
    elif name.startswith("next"):
        more = min(n, n * (n - 1) // 2 - len(before))
        made = next_wave(n, before, max(more, n // 2), PlanRules(seed=SEED), Evidence(_linked(before), measures))
    else:
        made = draw("optimal_graph", DesignRequest(n, n // 2, [0] * n, measures=measures, must_connect=False), rng)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    spread = _spread(made) if name.startswith("first") else None
    return {
        "case": name,
        "n": n,
        "n_pairs": len(made),
        "cpu_s": round(seconds, 3),
        "peak_mib": round(peak),
        **(spread or {}),
    }


def _linked(plan: Sequence[PlannedComparison]) -> frozenset[tuple[int, int]]:
    return frozenset(c.pair for c in plan)


def _spread(made: Sequence[Any]) -> dict[str, int]:
    """How far comparisons per essay, and times first and second, lie apart."""
    first, second = Counter(c.first for c in made), Counter(c.second for c in made)
    essays = first.keys() | second.keys()
    degrees = [first[i] + second[i] for i in essays]
    return {
        "degree_spread": max(degrees) - min(degrees),
        "largest_surplus": max(abs(first[i] - second[i]) for i in essays),
    }


def main(arguments: Sequence[str]) -> int:
    """Without arguments: all cases, written to the record. With name and size: one case, printed."""
    if arguments:
        sys.stdout.write(json.dumps(measure(arguments[0], int(arguments[1]))))
        return 0
    rows = []
    for name, n in CASES:
        command = [sys.executable, "-m", "benchmarks.design", name, str(n)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (our own module)
        rows.append(json.loads(done.stdout))
        sys.stdout.write(f"{rows[-1]}\n")
        sys.stdout.flush()
    write_record("design", {"seed": SEED, "comparisons_per_essay": PER_ESSAY, "rows": rows})
    return 0
