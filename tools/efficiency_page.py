"""The page on what pair designs bring and what planning takes, from their records."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.pages import mark, page, table

_WHAT: Final = """\
Comparisons cost money. Which essays should meet, and in how many steps? Both questions are answered here by simulation:
the judge is a formula, so the truth is known. Real judges are partly deterministic, intransitive and bound to a topic;
the tables compare designs with one another, and say nothing about a model."""

_ABLATION: Final = """\
Spearman's rank correlation of the fitted measures with the truth, mean over repetitions (standard error of the mean),
by comparisons per essay. P(first wins) = 1 / (1 + exp(-(theta_first - theta_second + {position}))), theta drawn from
N(0, {spread}^2); {repetitions} repetitions, the same essays for every plan; winners alone are fitted, with a prior of
2 logits. *Waves* divide the comparisons equally; the first one is regular."""

_READING: Final = """\
Read it with the standard errors: differences within two of them are chance. At few comparisons per essay, a design
that spreads them evenly and repeats no pair beats chance draws; at many, all sensible designs meet. Reversed repeats,
which measure the position effect, cost a little where comparisons are few. Waves that pair neighbours help, more so in
the larger class. The reference system's matching (`optimal_graph`) is no better than `nearest_neighbour`, and costs far
more time (below). Orientation moves ranks little, because the position effect is estimated; balance is for what the
model of that effect misses."""

_SPEED: Final = """\
Processor seconds and peak memory of planning in one process, {c} comparisons per essay. *Spread* is the largest minus
the smallest number of comparisons of an essay; *surplus* the largest difference of times first and second. Aims: 1,000
essays in less than 1 s, 100,000 essays with 1,000,000 comparisons in less than 60 s and 2 GiB."""

_AGAIN: Final = """\
```sh
make ablation
make bench-design
make reference
```"""


def efficiency_page(ablation: Mapping[str, Any], design: Mapping[str, Any], command: str) -> str:
    """What pair designs bring, and what planning takes.

    Args:
        ablation: What `benchmarks.ablation` wrote.
        design: What `benchmarks.design` wrote.
        command: What a person runs to render the page.
    """
    figures = ablation["figures"]
    sizes = sorted({row["n"] for row in figures["rows"]})
    tables = [part for n in sizes for part in (f"### {n} essays", _by_plan(figures["rows"], n))]
    return page(
        mark("benchmarks/ablation.json and design.json", "tools/render_results.py", command),
        "Efficiency, measured",
        _WHAT,
        "## What designs bring",
        _ABLATION.format(**figures),
        _origin(ablation),
        *tables,
        _READING,
        "## What planning takes",
        _SPEED.format(c=design["figures"]["comparisons_per_essay"]),
        _origin(design),
        _speeds(design["figures"]["rows"]),
        "## Measuring again",
        _AGAIN,
    )


def _by_plan(rows: Sequence[Mapping[str, Any]], n: int) -> str:
    per_essay = sorted({row["c"] for row in rows})
    found = {(row["plan"], row["c"]): row for row in rows if row["n"] == n}
    plans = list(dict.fromkeys(row["plan"] for row in rows))
    cells = [(plan, *(_figure(found[plan, c]) for c in per_essay)) for plan in plans]
    return table(("plan", *(f"c = {c}" for c in per_essay)), cells)


def _figure(row: Mapping[str, Any]) -> str:
    return f"{row['spearman']:.3f} ({row['standard_error']:.3f})"


def _speeds(rows: Sequence[Mapping[str, Any]]) -> str:
    head = ("what", "essays", "comparisons", "seconds", "peak MiB", "spread", "surplus")
    cells = [
        (
            row["case"],
            f"{row['n']:,}",
            f"{row['n_pairs']:,}",
            f"{row['cpu_s']:.2f}",
            row["peak_mib"],
            row.get("degree_spread", ""),
            row.get("largest_surplus", ""),
        )
        for row in rows
    ]
    return table(head, cells)


def _origin(record: Mapping[str, Any]) -> str:
    return f"Measured at commit `{record['commit']}` on {record['machine']}, seed {record['figures']['seed']}."
