"""The page about several workers on one PostgreSQL, from the record of the benchmark."""

from collections.abc import Mapping
from typing import Any

from tools.pages import mark, page, table

_HEADER = {
    "worked_by": "worked by",
    "assessments": "assessments",
    "ranked": "ranked",
    "deaths_by_timer": "killed at any moment",
    "deaths_by_step": "killed at a write or call",
    "comparisons": "comparisons",
    "lost": "lost",
    "paid_twice": "paid twice",
    "left_open": "left open",
    "live_duplicates": "live duplicates",
    "possibly_paid": "possibly paid",
    "most_extra": "most in vain",
    "seconds": "seconds",
}

_WHAT = """\
What happens when several processes work on the same assessments, on one PostgreSQL server, and are killed again and
again? Two ways of working are measured, on the [loopback emulator](decisions/0005-emulator-at-the-socket.md) with its
clock running; its jobs take some seconds.

- **Two engine workers** do what the sensors do, both on all assessments: read, plan, submit, poll, collect, rank, go
  on. Each lives for about five seconds and is then ended by `kill -9`: half of them at any moment, the others there or,
  if that comes first, just before or after one of their writes and calls. Another takes its place.
- **Dagster runs**: the real daemon and web server. Submissions are launched as the UI does it; run workers are killed
  with `kill -9` while they run, and so is the daemon, twice. Dagster's own retries and the sensors do the rest.

Three assessments in five are asked in batch jobs, the others at once, at both providers. Each has five essays and ten
comparisons."""

_COUNTED = """\
The counting is that of the [fault suite](reliability.md#what-faults-cost): from the emulator's journal, the providers'
own lists and result files, and the ledger read by plain SQL. *Ranked*: brought to the final decision. *Possibly paid*:
calls that were billed and whose answer was lost with the process that had made them, which calls at once cannot
exclude; *most in vain* is the largest number of those for one comparison, and must not be above one."""

_AGAIN = """\
```sh
make two-workers
make reference
```

A shorter form runs in `make test-slow`. The command fails if anything is lost, paid twice or left open."""


def two_workers_page(record: Mapping[str, Any], command: str) -> str:
    """What is lost and paid twice when workers that share a ledger are killed.

    Args:
        record: What `benchmarks.two_workers` wrote.
        command: What a person runs to render the page.
    """
    seed = record["figures"]["seed"]
    return page(
        mark("benchmarks/two_workers.json", "tools/render_results.py", command),
        "Several workers, measured",
        _WHAT,
        _COUNTED,
        f"Measured at commit `{record['commit']}` on {record['machine']}: seed {seed}.",
        rows_table(record["figures"]),
        "## Measuring again",
        _AGAIN,
    )


def rows_table(figures: Mapping[str, Any]) -> str:
    """One row for each way of working."""
    return table(tuple(_HEADER.values()), [[row.get(name, "") for name in _HEADER] for row in figures["rows"]])
