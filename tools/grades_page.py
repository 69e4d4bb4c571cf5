"""The page about grades: how they come about, what each table says, and how good they are, from the record."""

from collections.abc import Mapping, Sequence
from typing import Any

from tools import grades_prose
from tools.pages import mark, page, table


def grades_page(record: Mapping[str, Any], command: str) -> str:
    """How grades come about and how good they are.

    Args:
        record: What `benchmarks.grades` wrote.
        command: What a person runs to render the page.
    """
    figures = record["figures"]
    calibration = figures["calibration"]
    return page(
        mark("benchmarks/grades.json", "tools/render_results.py", command),
        "Grades",
        grades_prose.WHAT,
        "## How grades come about",
        grades_prose.HOW,
        "## What happens with few, missing or contradicting anchors",
        table(("anchors", "what happens"), grades_prose.CASES),
        "## Other ways to set boundaries",
        grades_prose.OTHER,
        "## How far to trust them",
        grades_prose.TRUST,
        "## What each table says",
        grades_prose.TABLES,
        "## How good they are",
        f"Measured at commit `{record['commit']}` on {record['machine']}.",
        "### Perfect anchors",
        grades_prose.PERFECT,
        _perfect(figures["perfect"]),
        *(part for session in figures["sessions"] for part in _session(session)),
        "### Do probabilities come true?",
        grades_prose.CALIBRATION.format(**calibration, alone=_pooled(calibration, told=False)["one_cohort_alone"]),
        _bins(calibration),
        grades_prose.CALIBRATION_READING.format(
            untold=_pooled(calibration, told=False)["expected_calibration_error"],
            told=_pooled(calibration, told=True)["expected_calibration_error"],
            worst=max(row["expected_calibration_error"] for row in calibration["rows"]),
        ),
        _cells(calibration["rows"]),
        "## Measuring again",
        grades_prose.AGAIN,
    )


def _perfect(rows: Sequence[Mapping[str, Any]]) -> str:
    return table(
        ("scale", "below the lowest", "given their own grade", "mean probability of it"),
        [
            (
                f"`{row['scale']}`",
                f"`{row['below_lowest']}`" if row["below_lowest"] else "left out",
                f"{row['n_recovered']} of {row['n_anchors']}",
                f"{row['mean_probability']:.2f}",
            )
            for row in rows
        ],
    )


def _session(found: Mapping[str, Any]) -> list[str]:
    words = {**found, "grades": ", ".join(found["grades"])}
    header = ("anchors a grade", "QWK", "exact", "within one")
    return [
        "### A published session",
        grades_prose.SESSION.format(**words),
        table(header, [_scores(row, "ours") for row in found["rows"]]),
        "Isotonic means with midpoint cuts, on the same draws:",
        table(header, [_scores(row, "isotonic") for row in found["rows"]]),
        "With the shares of the grades told:",
        table(header, [_scores(row, "ours_with_shares") for row in found["rows"]]),
        table(
            ("anchors a grade", "calibration", "would be withheld"),
            [
                (
                    row["per_grade"],
                    f"{row['expected_calibration_error']:.3f}",
                    f"{row['share_inverted_beyond_errors']:.0%}",
                )
                for row in found["rows"]
            ],
        ),
        grades_prose.SESSION_MORE,
    ]


def _scores(row: Mapping[str, Any], way: str) -> tuple[object, ...]:
    return row["per_grade"], *(_with_interval(row[way], score) for score in ("qwk", "exact", "within_one"))


def _with_interval(scores: Mapping[str, Any], name: str) -> str:
    return f"{scores[name]:.3f} ({scores[f'{name}_low']:.2f} to {scores[f'{name}_high']:.2f})"


def _pooled(calibration: Mapping[str, Any], *, told: bool) -> Mapping[str, Any]:
    (found,) = [row for row in calibration["pooled"] if row["told"] is told]
    return dict(found)


def _bins(calibration: Mapping[str, Any]) -> str:
    untold, told = (_pooled(calibration, told=known)["bins"] for known in (False, True))
    rows = [
        (f"{row['stated']:.2f}", f"{row['came_true']:.2f}", row["n"], which)
        for which, bins in (("not told", untold), ("told", told))
        for row in bins
    ]
    return table(("stated probability of the likeliest grade", "came true", "grades", "shares"), rows)


def _cells(rows: Sequence[Mapping[str, Any]]) -> str:
    return table(
        ("population", "noise", "shares", "calibration", "stated", "right", "QWK", "QWK, isotonic"),
        [
            (
                row["population"],
                row["noise"],
                "told" if row["told"] else "not told",
                f"{row['expected_calibration_error']:.3f}",
                f"{row['stated']:.2f}",
                f"{row['right']:.2f}",
                f"{row['ours']['qwk']:.3f}",
                f"{row['isotonic']['qwk']:.3f}",
            )
            for row in rows
        ],
    )
