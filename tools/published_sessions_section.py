"""The part of the estimation page on published sessions, from its record."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.pages import table

_WHAT: Final = """\
No More Marking and the R package sirt, in which most published studies of comparative judgement were estimated, move
every score away from the ends by 0.3 and print errors from the diagonal of the information alone. `cj rank --compatible
sirt` estimates as they do, to reproduce a study. Below, the {n} sessions of Kinnear, Jones and Davies (2025,
<https://doi.org/10.31219/osf.io/c9q3b_v1>) that are among the reference data, with the largest difference from the
published figures over all their essays. Allowed are 0.005 logits for a measure, 0.001 for an error and 0.0005 for the
reliability (SSR); `make golden` holds every session to these."""

_READING: Final = """\
Worst of all: measure {theta[0]:.4f} ({theta[1]}), error {error[0]:.4f} ({error[1]}), SSR {ssr[0]:.5f} ({ssr[1]}), infit
{infit[0]:.4f} ({infit[1]}), outfit {outfit[0]:.2%} of its value ({outfit[1]}), separation {separation[0]:.4f}
({separation[1]}). sirt stops when no measure changes by more than 0.0001 in a step; where its steps are small, a
measure can still be some thousandths from where it would end. Our figures carry a certificate: at most
{certificate:.0e} wins per comparison.

*Split half* is the median correlation between the measures from one random half of the judges and from the other, over
100 splits. Each side drew its own splits, so medians agree up to chance; they are furthest apart, by {half[0]:.3f}, in
{half[1]}. Splits in which a half does not determine a scale are left out; the last column says how many count.
Measures, errors, both mean squares, adjusted scores, SSR and separation agree in every session.

These figures are here to show that we reproduce them, not that they are right. The errors leave out what is unknown
about the opponents, and SSR is too high where pairs followed earlier answers. Bramley2018_1a was such a session,
Bramley2018_2 of the same study was not: SSR {adaptive:.2f} and {random:.2f}."""

SESSIONS_AGAIN: Final = """\
```sh
make sessions CJ_REFERENCE_DATA=<folder>
make reference
make golden CJ_REFERENCE_DATA=<folder>
```"""
"""How the record behind this section is made anew, and held."""


def published_sessions_section(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Paragraphs on how closely published sessions are reproduced, to stand on a page.

    Args:
        record: What `benchmarks.published_sessions` wrote.
    """
    rows, seed = record["figures"]["sessions"], record["figures"]["seed"]
    return (
        "## Published sessions, reproduced",
        _WHAT.format(n=len(rows)),
        f"Measured at commit `{record['commit']}` on {record['machine']}; splits with seed {seed}.",
        _differences(rows),
        _READING.format(
            theta=_worst(rows, "worst_theta"),
            error=_worst(rows, "worst_se.theta"),
            ssr=_worst(rows, "worst_ssr"),
            infit=_worst(rows, "worst_infit"),
            outfit=_worst(rows, "worst_relative_outfit"),
            separation=_worst(rows, "worst_separation"),
            certificate=max(row["scaled_gradient"] for row in rows),
            adaptive=next(row["ssr"] for row in rows if row["session"] == "Bramley2018_1a"),
            random=next(row["ssr"] for row in rows if row["session"] == "Bramley2018_2"),
            half=max((abs(row["split_half"] - row["published_split_half"]), row["session"]) for row in rows),
        ),
    )


def _differences(rows: Sequence[Mapping[str, Any]]) -> str:
    header = (
        "session",
        "essays",
        "decisions",
        "judges",
        "measure",
        "error",
        "infit",
        "outfit, relative",
        "SSR",
        "split half: published",
        "ours",
        "splits",
    )
    return table(header, [_row(row) for row in rows])


def _row(row: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        row["session"],
        row["n_essays"],
        row["n_decisions"],
        row["n_judges"],
        f"{row['worst_theta']:.5f}",
        f"{row['worst_se.theta']:.5f}",
        f"{row['worst_infit']:.5f}",
        f"{row['worst_relative_outfit']:.3%}",
        f"{row['worst_ssr']:.6f}",
        f"{row['published_split_half']:.3f}",
        f"{row['split_half']:.3f}",
        row["n_usable_splits"],
    )


def _worst(rows: Sequence[Mapping[str, Any]], name: str) -> tuple[float, str]:
    row = max(rows, key=lambda row: float(row[name]))
    return row[name], row["session"]
