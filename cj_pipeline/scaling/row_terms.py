"""What one answer says: log-likelihood and its derivatives, row by row, in blocks that fit the processor's cache.

With d the logit advantage of the first essay, l and u the cut points around the answer, and F the logistic function
(f its derivative), P = F(u - d) - F(l - d) = F(u - d) F(d - l) (1 - exp(l - u)). The last form keeps its digits in
both tails. Then dlogP/dd = F(u - d) + F(l - d) - 1 and -d2logP/dd2 = f(u - d) + f(l - d). logP is concave in d and
the cut points together.

References:
    Pratt (1981), "Concavity of the log likelihood", JASA 76, 103-106, https://doi.org/10.2307/2287052.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.cut_points import CutPoints

BLOCK_ROWS: Final = 1 << 15
"""Rows worked on at once: some arrays of 256 KiB."""


@dataclass(frozen=True, slots=True)
class RowTerms:
    """Weighted terms of all rows.

    Attributes:
        log_likelihood: Sum over the rows, natural log.
        score: dlogP/dd, shape (n_rows,).
        curvature: -d2logP/dd2, same shape.
        at_upper: f(u - d), same shape; None for two categories.
        at_lower: f(l - d), same shape; None for two categories.
        by_code: Sums over the rows of every code, shape (5, n_codes): dlogP/du, -dlogP/dl, -d2logP/du2, -d2logP/dl2,
            d2logP/dudl; zeros for two categories.
    """

    log_likelihood: float
    score: Floats
    curvature: Floats
    at_upper: Floats | None
    at_lower: Floats | None
    by_code: Floats


def row_terms(advantage: Floats, code: NDArray[np.int16], weight: Floats, cuts: CutPoints, widths: Floats) -> RowTerms:
    """Terms of every row at its advantage, for the given widths of the categories."""
    if cuts.is_binary:
        return _binary(advantage, code, weight)
    return _ordinal(advantage, code, weight, cuts, widths)


def blocks(n_rows: int) -> Iterator[slice]:
    """Rows in blocks."""
    return (slice(i, i + BLOCK_ROWS) for i in range(0, n_rows, BLOCK_ROWS))


def _binary(advantage: Floats, code: NDArray[np.int16], weight: Floats) -> RowTerms:
    """Two categories: the code is odd where the first essay won."""
    score, curvature, total = np.empty_like(advantage), np.empty_like(advantage), 0.0
    for rows in blocks(len(advantage)):
        d, w = advantage[rows], weight[rows]
        won = code[rows] & 1
        far = np.exp(-np.abs(d))
        near = 1.0 / (1.0 + far)
        p = np.where(d >= 0, near, far * near)
        np.multiply(w, won - p, out=score[rows])
        np.multiply(w, far * near * near, out=curvature[rows])
        # log P = -max(-d or d, 0) - log(1 + exp(-|d|)): the part that grows is what the less likely answer costs.
        total -= float(w @ (np.log1p(far) + np.maximum(np.where(won, -d, d), 0.0)))
    return RowTerms(total, score, curvature, None, None, np.zeros((5, 0)))


def _ordinal(advantage: Floats, code: NDArray[np.int16], weight: Floats, cuts: CutPoints, widths: Floats) -> RowTerms:
    lower, upper = cuts.around(widths)
    with np.errstate(invalid="ignore"):  # a code that no answer has may lie between inf and inf
        room = np.nan_to_num(-np.expm1(lower - upper))
    n_codes = len(lower)
    score, curvature, at_upper, at_lower = (np.empty_like(advantage) for _ in range(4))
    total, by_code = 0.0, np.zeros((5, n_codes))
    for rows in blocks(len(advantage)):
        d, c, w = advantage[rows], code[rows], weight[rows]
        f_u, one_less_f_u = _logistic(upper[c] - d)
        f_l, one_less_f_l = _logistic(d - lower[c])  # F(d - l) and F(l - d)
        slope_u, slope_l, p = f_u * one_less_f_u, f_l * one_less_f_l, f_u * f_l * room[c]
        np.multiply(w, f_u - f_l, out=score[rows])
        np.multiply(w, slope_u, out=at_upper[rows])
        np.multiply(w, slope_l, out=at_lower[rows])
        total += float(w @ np.log(p))
        rise, fall = slope_u / p, slope_l / p
        weighted_rise, weighted_fall = w * rise, w * fall
        sums = (
            weighted_rise,
            weighted_fall,
            weighted_rise * (rise - one_less_f_u + f_u),
            weighted_fall * (fall - one_less_f_l + f_l),
            weighted_rise * fall,
        )
        for k, term in enumerate(sums):
            by_code[k] += np.bincount(c, term, n_codes)
    np.add(at_upper, at_lower, out=curvature)
    return RowTerms(total, score, curvature, at_upper, at_lower, by_code)


_FURTHEST: Final = -340.0
"""Beyond so many logits on the wrong side an answer's probability, below 1e-147, stays as it is: products of two keep
above the smallest number there is."""


def _logistic(x: Floats) -> tuple[Floats, Floats]:
    """F(x) and 1 - F(x), either to its last digits."""
    odds_against = np.exp(-np.maximum(x, _FURTHEST))
    f = 1.0 / (1.0 + odds_against)
    return f, odds_against * f
