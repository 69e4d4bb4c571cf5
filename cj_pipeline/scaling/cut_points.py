"""Cut points of every response format as few free numbers: the widths of the categories that answers used.

A category and its mirror (the same answer with the essays swapped) are used together. If neither was ever given, the
most likely width of both is nothing: between used categories their cut points coincide, beyond the outermost used one
they are infinite. What remains always has a most likely width above 0, so the fit has no boundary to run into.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cj_pipeline.scaling.arrays import Floats, Ints, sum_by
from cj_pipeline.scaling.comparison_data import ComparisonData

_EVEN_START = 1.5
"""How much wider than for equal essays the categories start out: most essays differ."""


@dataclass(frozen=True, slots=True)
class CutPoints:
    """How free widths make the cut points around every answer.

    An answer's code is its place among the categories of all response formats, one format after the other.

    Attributes:
        offset: First code of every response format, shape (n_formats,).
        n_categories: Categories of every response format.
        lower_base: -inf where a code has no lower cut point, else 0, shape (n_codes,).
        upper_base: inf where a code has no upper cut point, else 0, same shape.
        lower: Widths that sum to the lower cut point, with their signs, shape (n_codes, n_widths).
        upper: The same for the upper cut point.
        start: Widths to start from, shape (n_widths,).
        is_binary: Whether no format has more than a winner in use, so that the model is Bradley-Terry's.
    """

    offset: Ints
    n_categories: tuple[int, ...]
    lower_base: Floats
    upper_base: Floats
    lower: Floats
    upper: Floats
    start: Floats
    is_binary: bool

    def codes(self, data: ComparisonData) -> Ints:
        """Code of every answer, shape (n_rows,)."""
        return data.category if len(self.offset) == 1 else self.offset[data.response_format] + data.category

    def around(self, widths: Floats) -> tuple[Floats, Floats]:
        """Lower and upper cut point of every code, each of shape (n_codes,)."""
        return self.lower_base + self.lower @ widths, self.upper_base + self.upper @ widths

    def of_formats(self, widths: Floats) -> tuple[Floats, ...]:
        """Cut points of every response format, ascending, K - 1 each."""
        _, upper = self.around(widths)
        return tuple(
            upper[start : start + k - 1] + 0.0 for start, k in zip(self.offset, self.n_categories, strict=True)
        )


def cut_points(data: ComparisonData) -> CutPoints:
    """The free widths that a set of answers determines."""
    offset = np.concatenate([[0], np.cumsum(data.n_categories)[:-1]]).astype(np.int64)
    code = offset[data.response_format] + data.category
    count = sum_by(code, data.weight, sum(data.n_categories))
    parts = [_Widths(count[o : o + k]) for o, k in zip(offset, data.n_categories, strict=True)]
    n_widths = sum(len(part.pairs) for part in parts)
    edges, column = [], 0
    for part in parts:
        edges.append(part.edges(column, n_widths))
        column += len(part.pairs)
    base, coefficient = (np.concatenate([edge[i] for edge in edges]) for i in (0, 1))
    lower, upper = _sides(data.n_categories)
    return CutPoints(
        offset=offset,
        n_categories=data.n_categories,
        lower_base=base[lower],
        upper_base=base[upper],
        lower=coefficient[lower],
        upper=coefficient[upper],
        start=np.concatenate([part.start() for part in parts]),
        is_binary=all(part.is_binary for part in parts),
    )


def _sides(n_categories: Sequence[int]) -> tuple[Ints, Ints]:
    """Where the edges below and above every code stand: K + 1 edges per format, one format after the other."""
    first = np.cumsum([0, *(k + 1 for k in n_categories[:-1])])
    lower = np.concatenate([start + np.arange(k) for start, k in zip(first, n_categories, strict=True)])
    return lower, lower + 1


class _Widths:
    """The free widths of one response format.

    Pair 0 is the middle category, or the two beside the middle; pair j are the two categories j steps further out.
    """

    def __init__(self, count: Floats) -> None:
        self.k = len(count)
        used = np.flatnonzero((count + count[::-1])[self.k // 2 :] > 0)
        self.outermost = int(used[-1]) if len(used) else 0
        self.pairs = used[used < self.outermost]
        self.count = (count + count[::-1])[self.k // 2 :]
        self.count[0] *= 1.0 if self.k % 2 == 0 else 0.5

    @property
    def is_binary(self) -> bool:
        return self.k % 2 == 0 and self.outermost == 0

    def edges(self, column: int, n_widths: int) -> tuple[Floats, Floats]:
        """Every edge, -inf and inf included, as a base and coefficients of all widths: shapes (K + 1,), (K + 1, n)."""
        n_half = (self.k + 1) // 2
        base, coefficient = np.zeros(n_half), np.zeros((n_half, n_widths))
        base[self.outermost :] = np.inf
        for i, pair in enumerate(self.pairs):
            coefficient[pair : self.outermost, column + i] = 1.0
        middle = (np.zeros(1), np.zeros((1, n_widths))) if self.k % 2 == 0 else (np.zeros(0), np.zeros((0, n_widths)))
        return (
            np.concatenate([-base[::-1], middle[0], base]),
            np.concatenate([-coefficient[::-1], middle[1], coefficient]),
        )

    def start(self) -> Floats:
        """Widths that would give the observed shares if the essays were nearly equal."""
        below = np.cumsum(self.count)[self.pairs] / self.count.sum()
        edge = _EVEN_START * 2 * np.arctanh(below)
        return np.diff(edge, prepend=0.0)
