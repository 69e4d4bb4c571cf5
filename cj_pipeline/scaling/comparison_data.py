"""Comparisons as plain arrays: what every estimate and statistic of this room is computed from.

An answer is a category of its response format, ordered from "the second essay is much better" to "the first essay is
much better". Two categories are a plain winner (0: second, 1: first); three are a winner or a tie; six are a winner
and how clearly, in three steps.

What does not belong here: essays' names and files (intake, engine).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from cj_pipeline.errors import EstimationError
from cj_pipeline.scaling.arrays import Floats, Ints

FEWEST_CATEGORIES: Final = 2
MOST_CATEGORIES: Final = 10
"""Most ordered categories an answer may have."""


@dataclass(frozen=True, slots=True)
class ComparisonData:
    """Comparisons, one per row; made and checked by `comparison_data`.

    Attributes:
        first: Index of the essay shown first, shape (n_rows,), values 0 to n_essays - 1.
        second: Index of the essay shown second, same shape, never equal to `first` in a row.
        category: Answer, same shape, values 0 to K - 1 of the row's response format, higher in favour of the first.
        weight: How often the row counts, same shape, above 0.
        response_format: Index of the row's response format, same shape.
        judge: Index of the row's judge, same shape, values 0 to n_judges - 1.
        n_essays: Number of essays.
        n_categories: Categories K of every response format, each 2 to `MOST_CATEGORIES`.
        n_judges: Number of judges.
    """

    first: Ints
    second: Ints
    category: Ints
    weight: Floats
    response_format: Ints
    judge: Ints
    n_essays: int
    n_categories: tuple[int, ...]
    n_judges: int

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.first)

    @property
    def share(self) -> Floats:
        """Answer as a share of a win for the first essay, 0 to 1 in equal steps; 0.5 is a tie. Shape (n_rows,)."""
        top = np.asarray(self.n_categories, dtype=np.float64)[self.response_format] - 1.0
        return self.category / top

    def rows(self, index: ArrayLike) -> "ComparisonData":
        """The same essays and judges with some of the rows: an index array or a mask."""
        i = np.asarray(index)
        parts = (self.first[i], self.second[i], self.category[i], self.weight[i], self.response_format[i])
        return ComparisonData(*parts, self.judge[i], self.n_essays, self.n_categories, self.n_judges)


def comparison_data(
    first: ArrayLike,
    second: ArrayLike,
    category: ArrayLike,
    n_essays: int,
    *,
    n_categories: tuple[int, ...] = (2,),
    response_format: ArrayLike | None = None,
    judge: ArrayLike | None = None,
    n_judges: int | None = None,
    weight: ArrayLike | None = None,
) -> ComparisonData:
    """Check arrays and fill in what is left out (one response format, one judge, weight 1).

    Args:
        first: Index of the essay shown first, shape (n_rows,).
        second: Index of the essay shown second.
        category: Answer, 0 to K - 1, higher in favour of the first.
        n_essays: Number of essays.
        n_categories: Categories K of every response format.
        response_format: Index of every row's response format.
        judge: Index of every row's judge.
        n_judges: Number of judges; left out: one more than the largest index.
        weight: How often every row counts.

    Raises:
        EstimationError: Shapes differ, an index or category is out of range, a weight is not above 0, or an essay is
            compared with itself.
    """
    a, b, c = (np.ascontiguousarray(x, dtype=np.int64) for x in (first, second, category))
    # What is the same in every row takes no room.
    zeros = np.broadcast_to(np.int64(0), len(a))
    kind = zeros if response_format is None else np.ascontiguousarray(response_format, dtype=np.int64)
    who = zeros if judge is None else np.ascontiguousarray(judge, dtype=np.int64)
    w = np.broadcast_to(1.0, len(a)) if weight is None else np.ascontiguousarray(weight, dtype=np.float64)
    judges = n_judges if n_judges is not None else int(who.max(initial=0)) + 1
    data = ComparisonData(a, b, c, w, kind, who, n_essays, n_categories, judges)
    fault = _fault(data)
    if fault:
        raise EstimationError(f"the comparisons cannot be used: {fault}.")
    return data


def binary_data(
    first: ArrayLike,
    second: ArrayLike,
    share: ArrayLike,
    n_essays: int,
    *,
    judge: ArrayLike | None = None,
    n_judges: int | None = None,
    weight: ArrayLike | None = None,
) -> ComparisonData:
    """Comparisons whose answer is a share of a win for the first essay: 1, 0, or 0.5 for a half-win each.

    A share between counts as two rows, a win and a loss, with the shares as weights; this is the weighted
    log-likelihood share * log(p) + (1 - share) * log(1 - p).

    Raises:
        EstimationError: As `comparison_data`, or a share is not between 0 and 1.
    """
    a, b, s = np.asarray(first), np.asarray(second), np.asarray(share, dtype=np.float64)
    if not np.all((s >= 0) & (s <= 1)):
        raise EstimationError("the comparisons cannot be used: a share of a win is not between 0 and 1.")
    w = np.ones(len(s)) if weight is None else np.asarray(weight, dtype=np.float64)
    who = np.zeros(len(s), dtype=np.int64) if judge is None else np.asarray(judge)
    won, lost = np.flatnonzero(s > 0), np.flatnonzero(s < 1)
    both = np.concatenate([won, lost])
    category = np.concatenate([np.ones(len(won), dtype=np.int64), np.zeros(len(lost), dtype=np.int64)])
    parts = np.concatenate([(w * s)[won], (w * (1 - s))[lost]])
    return comparison_data(a[both], b[both], category, n_essays, judge=who[both], n_judges=n_judges, weight=parts)


def _fault(data: ComparisonData) -> str:
    """The first thing that is wrong, or nothing; later tests rely on earlier ones."""
    tests: tuple[tuple[str, Callable[[], object]], ...] = (
        ("the arrays differ in length", lambda: len({len(column) for column in _columns(data)}) > 1),
        (
            f"a response format has fewer than {FEWEST_CATEGORIES} or more than {MOST_CATEGORIES} categories",
            lambda: any(not FEWEST_CATEGORIES <= k <= MOST_CATEGORIES for k in data.n_categories),
        ),
        ("a row names no response format", lambda: _outside(data.response_format, len(data.n_categories))),
        (f"a row names an essay outside 0 to {data.n_essays - 1}", lambda: _strange_essay(data)),
        (f"a row names a judge outside 0 to {data.n_judges - 1}", lambda: _outside(data.judge, data.n_judges)),
        ("an essay is compared with itself", lambda: np.any(data.first == data.second)),
        ("an answer is no category of its response format", lambda: _strange_answer(data)),
        ("a weight is not above 0", lambda: not np.all((data.weight > 0) & np.isfinite(data.weight))),
    )
    return next((what for what, holds in tests if holds()), "")


def _columns(data: ComparisonData) -> tuple[Ints | Floats, ...]:
    return data.first, data.second, data.category, data.weight, data.response_format, data.judge


def _strange_essay(data: ComparisonData) -> bool:
    return _outside(data.first, data.n_essays) or _outside(data.second, data.n_essays)


def _strange_answer(data: ComparisonData) -> bool:
    highest = np.asarray(data.n_categories)[data.response_format] - 1
    return bool(np.any((data.category < 0) | (data.category > highest)))


def _outside(index: Ints, n: int) -> bool:
    return len(index) > 0 and (int(index.min()) < 0 or int(index.max()) >= n)
