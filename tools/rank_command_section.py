"""The part of the estimation page on the time that `cj rank` takes, from its record."""

from collections.abc import Mapping
from typing import Any, Final

from tools.pages import table

_WHAT: Final = """\
Seconds of `cj rank` in a fresh process, from typing to the last line: starting Python, importing, reading the file,
fitting, 399 simulated sets for the bands of misfit (fewer for large files), 200 fits for the split halves, printing.
Median of {runs} runs. Processor seconds are the fairer figure where other work shares the machine. Aim: a class of 24
in less than 1 s. A test holds that neither Dagster nor pandas, matplotlib or SQLAlchemy is imported, and pyarrow only
to write."""

RANK_AGAIN: Final = """\
```sh
make bench-rank
make reference
```"""
"""How the record behind this section is made anew."""


def rank_command_section(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Paragraphs on the time of the command, to stand on a page.

    Args:
        record: What `benchmarks.rank_command` wrote.
    """
    figures = record["figures"]
    return (
        "## `cj rank` from a cold start",
        _WHAT.format(runs=figures["runs"]),
        f"Measured at commit `{record['commit']}` on {record['machine']}, seed {figures['seed']}.",
        table(
            ("what", "essays", "decisions", "seconds", "best", "processor seconds"),
            [
                (
                    row["what"],
                    row.get("n_essays", ""),
                    row.get("n_decisions", ""),
                    f"{row['wall_s']:.2f}",
                    f"{row['best_wall_s']:.2f}",
                    f"{row['cpu_s']:.2f}",
                )
                for row in figures["rows"]
            ],
        ),
    )
