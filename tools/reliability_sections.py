"""Sections of docs/estimation.md: what reliabilities make of coin tosses, and whether bands of misfit hold."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from tools.pages import table

_COINS: Final = """\
Judges who toss coins know nothing, so an honest reliability is near 0. {n_essays} essays, 10 comparisons per essay
unless said otherwise, planned and fitted as the engine does; {coin_sets} sets for every design. Mean over the sets
(standard error of the mean), and the 95th percentile: how high a single class of coin tossers comes out at worst but
one time in twenty. *Marginal likelihood* is this project's headline, var(posterior means) / (var(posterior means) +
mean posterior variance), the prior's spread estimated with the scale. *SSR* is the scale separation reliability as No
More Marking and `sirt` print it. *Split half* divides the comparisons at random and steps up by Spearman and Brown."""

_COINS_READ: Final = """\
Where later pairs follow earlier answers, the SSR and the split halves call coin tosses half-way reliable, more so the
more waves there are: pairing like with like by chance makes chance look like order, and both halves inherit it. (With
20 comparisons per essay nearly all pairs of so small a class are put, and there is nothing left to choose.) The
headline's mean stays at or below {highest:.2f} under every design. Its 95th percentile shows that a single small class
can still fool it: with so few comparisons, chance at times looks like a real difference. Read it with the number of
comparisons in mind."""

_TRUE: Final = """\
A low figure is not honest by being low. The same designs with judges who know the truth and are often wrong (position
effect {position}, {true_sets} sets): *true* is the squared correlation of the measures with the truth, which a
reliability should meet. In so small classes the headline lies some hundredths below it. Where pairs follow answers,
the SSR lies well above it."""

_BANDS: Final = """\
Share of essays and judges outside their bands, {sets} classes each, judged by {n_judges} judges, true spread
{spread:.0f} logits. *Healthy*: everybody answers as the model says. A band of infit is to hold 95 %, so 2.5 % may lie
above and 2.5 % below; *outside* counts infit or outfit, *said* is what the program tells the reader to expect of that
by chance. A judge's band is to hold 99 %. *Troubled*: one essay seen far above all others by half of its comparisons
and far below by the other half, and one judge whose answers were dealt to its comparisons at random: how often each is
found. Beside it, the fixed rule "infit above {rule}"."""

_BANDS_READ: Final = """\
Infit lies well below 1 in healthy classes, because measures are fitted to the answers they are tested on, and by how
much depends on answers and comparisons. So one fixed limit finds too little in one class and flags too much in another,
while with bands there are about as many false alarms as said, or fewer. With 10 plain answers per essay little can be
found by any rule: a trouble has to show in some answers to be seen. Asking how clearly the better essay is better shows
far more."""

RELIABILITY_AGAIN: Final = """\
```sh
make bench-reliability
make reference
```"""
"""How the records behind these sections are made anew."""


def reliability_sections(coins: Mapping[str, Any], truths: Mapping[str, Any], bands: Mapping[str, Any]) -> list[str]:
    """Headings, words and tables, in order.

    Args:
        coins: What `benchmarks.quality.coin_toss` wrote about coin tosses.
        truths: What it wrote about judges who know.
        bands: What `benchmarks.quality.bands` wrote.
    """
    tossed = coins["figures"]["rows"]
    known = truths["figures"]["rows"]
    spreads = sorted({row["spread"] for row in known})
    return [
        "## Reliability of coin tosses",
        _COINS.format(coin_sets=tossed[0]["n_sets"], **coins["figures"]),
        _origin(coins),
        _coin_table(tossed),
        _COINS_READ.format(highest=max(row["marginal"] for row in tossed)),
        "## Reliability of judges who know",
        _TRUE.format(true_sets=known[0]["n_sets"], **truths["figures"]),
        _origin(truths),
        *(part for spread in spreads for part in _truth(known, spread)),
        "## Bands of infit and outfit",
        _BANDS.format(**bands["figures"]),
        _origin(bands),
        _band_table(bands["figures"]["rows"]),
        _BANDS_READ,
    ]


def _coin_table(rows: Sequence[Mapping[str, Any]]) -> str:
    head = ("design", "pairs follow answers", "marginal likelihood", "95th percentile", "SSR", "split half")
    cells = [
        (
            row["design"],
            "yes" if row["adaptive"] else "no",
            _mean(row, "marginal"),
            f"{row['marginal_95']:.2f}",
            _mean(row, "ssr"),
            _mean(row, "split_half"),
        )
        for row in rows
    ]
    return table(head, cells)


def _truth(rows: Sequence[Mapping[str, Any]], spread: float) -> list[str]:
    keys = ("true", "marginal", "ssr", "split_half")
    cells = [(row["design"], *(_mean(row, key) for key in keys)) for row in rows if row["spread"] == spread]
    head = ("design", "true", "marginal likelihood", "SSR", "split half")
    return [f"### True spread {spread:.0f} logit{'' if spread == 1 else 's'}", table(head, cells)]


def _band_table(rows: Sequence[Mapping[str, Any]]) -> str:
    head = (
        "essays",
        "per essay",
        "categories",
        "mean infit",
        "healthy essays: infit above / below",
        "outside / said",
        "infit above 1.3",
        "healthy judges outside",
        "troubled essay found / by rule",
        "troubled judge found / by rule",
    )
    cells = [
        (
            row["n"],
            row["per_essay"],
            row["categories"],
            f"{row['infit_mean']:.2f}",
            _percents(row, "infit_above", "infit_below"),
            _percents(row, "essays_outside", "outside_expected"),
            _percents(row, "above_by_rule"),
            f"{row['judges_above'] + row['judges_below']:.1%}",
            _percents(row, "essay_found", "essay_found_by_rule"),
            _percents(row, "judge_found", "judge_found_by_rule"),
        )
        for row in rows
    ]
    return table(head, cells)


def _percents(row: Mapping[str, Any], *keys: str) -> str:
    return " / ".join(f"{row[key]:.1%}" for key in keys)


def _mean(row: Mapping[str, Any], key: str) -> str:
    return f"{row[key]:.2f} ({row[f'{key}_se']:.2f})"


def _origin(record: Mapping[str, Any]) -> str:
    return f"Measured at commit `{record['commit']}` on {record['machine']}, seed {record['figures']['seed']}."
