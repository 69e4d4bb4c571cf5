"""Sections about the estimator on the page on estimation, each made from one record."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from tools.pages import table

Record = Mapping[str, Any]

_WHAT: Final = """\
Verdicts become a scale by one function, `cj_pipeline.scaling.estimate.fit_scale`: arrays in, measures with errors out,
numpy and scipy only. Measures, position effect, judges' effects and cut points are those with the highest posterior
density; the prior's spread is the one with the highest marginal likelihood. Every fit carries a certificate (no
component of the gradient above 1e-9 per comparison) or is refused, with the groups of essays named that have no common
scale. Why it is built so: [0017](decisions/0017-estimator.md)."""

_PEERS: Final = """\
The same comparisons for everyone, binary but for our last row: measures uniform between plus and minus {spread} logits,
random rings through all essays. Median of several runs after a first one, every contestant in a process of its own, in
one session of the machine (load {load} when it started, so processor seconds are the fairer figure). *Error* is the
largest difference from the optimum, which was computed apart (gradient below {gradient:.0e}). Memory is the peak of the
process with the data. Our row *as shipped* estimates more from other answers, so it has no error against that optimum;
its certificate is the scaled gradient. Standard errors of our rows are exact up to 3,000 essays; above, their own
Monte-Carlo error is named. Aims, with errors: 2 ms, 60 ms, 0.3 s, 2 s; error at most 1e-6; under 400 MB."""

_COVERAGE: Final = """\
Share of the true measures inside 95 % intervals, over {sets} simulated sets each, {per_essay} comparisons per essay,
position effect included. *Naive* are intervals around the fit itself, with its own errors, in the top and bottom
twelfth: a prior draws the ends of the scale inwards, and its errors do not know it. The intervals that are shown come
from a second fit with a weak prior (`cj_pipeline.scaling.intervals`)."""

_STRENGTH: Final = """\
Spearman's rank correlation with the truth (standard error of the mean), {repetitions} repetitions, spread {spread}
logits, one wave of regular pairs, by comparisons per essay. The same answers are fitted with their strength, without
it, and with strengths that are partly drawn at random. Where half of them are noise, six categories break even with the
winner alone; where all are, they lose. The judges here answer by the model that is fitted: whether a language
model's strengths carry as much is for real data to say."""

ESTIMATOR_AGAIN: Final = """\
```sh
make bench-estimation
make reference
```"""


def peers_section(record: Record) -> str:
    """The estimator beside its peers, one table per size."""
    figures = record["figures"]
    gradient = max(case["gradient"] for case in figures["cases"])
    parts = [_PEERS.format(**figures, gradient=max(gradient, 1e-15)), _origin(record)]
    for case in figures["cases"]:
        parts.append(f"### {case['n']:,} essays, {case['m']:,} comparisons")
        parts.append(_peers(row for row in figures["rows"] if row["n"] == case["n"]))
    return "\n\n".join(parts)


def _peers(rows: Any) -> str:  # noqa: ANN401 (rows of a record)
    head = ("what", "seconds", "processor seconds", "error", "standard errors", "peak MiB")
    return table(head, [_peer(row) for row in rows])


def _peer(row: Record) -> tuple[str, ...]:
    if "not_run" in row:
        return row["contestant"], "not run", "", "", row["not_run"], ""
    shipped = row.get("prior_sd", 0) > 0
    off = f"certificate {row['scaled_gradient']:.0e}" if shipped else f"{row['error']:.0e}"
    errors = row["standard_errors"]
    if row.get("errors") == "probe":
        errors = f"yes, within {row['monte_carlo']:.2%}"
    return row["contestant"], _seconds(row["wall_s"]), _seconds(row["cpu_s"]), off, errors, str(row["peak_mib"])


def _seconds(value: float) -> str:
    """Three digits that count."""
    return f"{value:.3g}"


def coverage_section(record: Record) -> str:
    """How often intervals hold the truth."""
    figures = record["figures"]
    head = ("essays", "spread", "categories", "all essays", "top twelfth", "bottom twelfth", "naive at the ends")
    cells = [
        (row["n"], row["sd"], row["categories"], *(f"{row[k]:.3f}" for k in ("pooled", "top", "bottom", "naive_ends")))
        for row in figures["rows"]
    ]
    return "\n\n".join([_COVERAGE.format(**figures), _origin(record), table(head, cells)])


def strength_section(record: Record) -> str:
    """What strengths bring."""
    figures, parts = record["figures"], []
    for n in sorted({row["n"] for row in figures["rows"]}):
        rows = [row for row in figures["rows"] if row["n"] == n]
        per_essay = sorted({row["c"] for row in rows})
        found = {(row["kind"], row["c"]): f"{row['spearman']:.3f} ({row['standard_error']:.3f})" for row in rows}
        kinds = list(dict.fromkeys(row["kind"] for row in rows))
        cells = [(kind, *(found[kind, c] for c in per_essay)) for kind in kinds]
        parts += [f"### Strength, {n} essays", table(("fitted", *(f"c = {c}" for c in per_essay)), cells)]
    return "\n\n".join([_STRENGTH.format(**figures), _origin(record), *parts])


SECTIONS: Final[Sequence[tuple[str, str, Callable[[Record], str]]]] = (
    ("Beside other software", "estimation", peers_section),
    ("Intervals", "coverage", coverage_section),
    ("What the strength of verdicts brings", "strength", strength_section),
)
"""Title, name of the record, and what renders it; in the order of the page."""


def estimator_sections(read: Callable[[str], Record]) -> list[str]:
    """The sections, with their headings.

    Args:
        read: Reads what a benchmark wrote, by the record's name.
    """
    return [_WHAT, *(part for title, name, render in SECTIONS for part in (f"## {title}", render(read(name))))]


def _origin(record: Record) -> str:
    return f"Measured at commit `{record['commit']}` on {record['machine']}."
