"""Decisions drawn from a known scale, as files and tables have them."""

import csv
import random
from math import exp
from pathlib import Path

Row = dict[str, str]


def drawn_decisions(
    n_essays: int = 24, per_essay: int = 24, *, seed: int = 1, position_effect: float = 0.0, n_judges: int = 4
) -> list[Row]:
    """Rows of left, right, winner and judge; essay-00 is truly best, measures are evenly 0.3 logits apart."""
    rng = random.Random(seed)  # noqa: S311 (no secret)
    rows = []
    for step in range(1, per_essay // 2 + 1):
        for i in range(n_essays):
            left, right = (i, (i + step) % n_essays)[:: rng.choice((1, -1))]
            wins = rng.random() < 1 / (1 + exp(-(0.3 * (right - left) + position_effect)))
            judge = f"judge-{rng.randrange(n_judges)}"
            rows.append(
                {"judge": judge, "left": named(left), "right": named(right), "winner": named((right, left)[wins])}
            )
    return rows


def named(i: int) -> str:
    """Name of an essay."""
    return f"essay-{i:02d}"


def written(path: Path, rows: list[Row]) -> Path:
    """Write rows as a CSV file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def columns(rows: list[Row]) -> dict[str, list[str]]:
    """Rows as a mapping of columns."""
    return {name: [row[name] for row in rows] for name in rows[0]}
