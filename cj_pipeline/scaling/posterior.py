"""The log-posterior of a scale: value, gradient and curvature at a point.

A point is one vector: measures (n_essays), position effects, log-discriminations, widths of the categories, and, where
measures are fixed, the mean of the prior.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from cj_pipeline.scaling.arrays import Flags, Floats, Ints, sum_by
from cj_pipeline.scaling.common_parameters import CommonParameters, common_parameters
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.cut_points import CutPoints, cut_points
from cj_pipeline.scaling.row_terms import RowTerms, row_terms
from cj_pipeline.scaling.scale_fit import ScaleOptions


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the kinds of parameters stand in a point, in this order.

    Attributes:
        n_essays: Number of measures.
        n_position: Number of position effects.
        n_discrimination: Number of log-discriminations.
        n_widths: Number of widths of categories.
        n_prior_mean: 1 where the prior's mean is fitted, else 0.
    """

    n_essays: int
    n_position: int
    n_discrimination: int
    n_widths: int
    n_prior_mean: int

    @property
    def size(self) -> int:
        """Length of a point."""
        return self.n_essays + self.n_common

    @property
    def n_common(self) -> int:
        """Number of common parameters."""
        return self.n_position + self.n_discrimination + self.n_widths + self.n_prior_mean

    @property
    def position(self) -> slice:
        """Position effects among the common parameters."""
        return slice(0, self.n_position)

    @property
    def discrimination(self) -> slice:
        """Log-discriminations among the common parameters."""
        return slice(self.n_position, self.n_position + self.n_discrimination)

    @property
    def widths(self) -> slice:
        """Widths of the categories among the common parameters."""
        return slice(self.n_position + self.n_discrimination, self.n_common - self.n_prior_mean)

    @property
    def prior_mean(self) -> slice:
        """Mean of the prior among the common parameters; empty where it is zero."""
        return slice(self.n_common - self.n_prior_mean, self.n_common)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The log-posterior at a point.

    Attributes:
        x: The point.
        value: Log-posterior but for a constant, natural log.
        gradient: Its gradient, zero for fixed measures.
        slope: Change of the advantage with the distance of the essays, shape (n_rows,); None: 1 everywhere.
        distance: Distance of the essays, same shape; None where discriminations are not fitted.
        terms: Derivatives by row.
    """

    x: Floats
    value: float
    gradient: Floats
    slope: Floats | None
    distance: Floats | None
    terms: RowTerms


@dataclass(frozen=True, slots=True)
class Posterior:
    """Comparisons and options, ready to be evaluated; made by `posterior`.

    Attributes:
        first: Index of the essay shown first, shape (n_rows,).
        second: Index of the essay shown second.
        row_start: First row of every essay in `first`, which ascends, and the number of rows; shape (n_essays + 1,).
        code: Code of every answer (`CutPoints`).
        weight: Weights of the rows.
        cuts: The free widths.
        common: Position effects and discriminations.
        layout: Where everything stands in a point.
        free: Which measures are not fixed, shape (n_essays,); None: all.
        fixed: The fixed measures, zero where free, shape (n_essays,).
        common_precision: Prior precision of the common parameters, in the order of a point, shape (n_common,).
        n_comparisons: Weighted comparisons per essay, shape (n_essays,).
    """

    first: Ints
    second: Ints
    row_start: Ints
    code: NDArray[np.int16]
    weight: Floats
    cuts: CutPoints
    common: CommonParameters
    layout: Layout
    free: Flags | None
    fixed: Floats
    common_precision: Floats
    n_comparisons: Floats

    def difference(self, v: Floats) -> Floats:
        """Value at the first essay minus value at the second, shape (n_rows,)."""
        found = v[self.first]
        found -= v[self.second]
        return found

    def spread(self, rows: Floats) -> Floats:
        """Sum over the rows of an essay, rows where it stands second with a minus; the transpose of `difference`."""
        n = self.layout.n_essays
        return sum_by(self.first, rows, n) - sum_by(self.second, rows, n)

    def scale(self) -> Floats:
        """Weighted comparisons behind every component of the gradient."""
        count = np.where(self.n_comparisons > 0, self.n_comparisons, 1.0)
        n_common = self.layout.size - self.layout.n_essays
        return np.concatenate([count, np.full(n_common, self.weight.sum())])

    def advantage(self, x: Floats) -> tuple[Floats, Floats | None, Floats | None]:
        """Advantage of the first essay; its slope and the distance where discriminations are fitted."""
        common, layout = self.common, self.layout
        measures, shared = x[: layout.n_essays], x[layout.n_essays :]
        d = self.difference(measures)
        slope = distance = None
        if common.discrimination_group is not None:
            slope = np.exp(common.discrimination @ shared[layout.discrimination])[common.discrimination_group]
            distance, d = d, slope * d
        if common.position_group is not None:
            effect = common.position @ shared[layout.position]
            d += effect[0] if len(effect) == 1 else effect[common.position_group]
        return d, slope, distance

    def at(self, x: Floats, precision: float) -> Evaluation:
        """Evaluate at a point, with a prior of the given precision (0: none) on the measures."""
        n, layout = self.layout.n_essays, self.layout
        d, slope, distance = self.advantage(x)
        terms = row_terms(d, self.code, self.weight, self.cuts, x[n:][layout.widths])
        gap = x[:n] - (x[-1] if layout.n_prior_mean else 0.0)
        own = self.common_precision
        gradient = self.spread(terms.score if slope is None else slope * terms.score) - precision * gap
        common = self._common_gradient(terms, slope, distance) - own * x[n:]
        if self.free is not None:
            gap, gradient = np.where(self.free, gap, 0.0), np.where(self.free, gradient, 0.0)
            common[layout.prior_mean] += precision * gap.sum()
        value = terms.log_likelihood - 0.5 * (precision * float(gap @ gap) + float(own @ x[n:] ** 2))
        return Evaluation(x, value, np.concatenate([gradient, common]), slope, distance, terms)

    def _common_gradient(self, terms: RowTerms, slope: Floats | None, distance: Floats | None) -> Floats:
        common, layout = self.common, self.layout
        found = np.zeros(layout.n_common)
        if common.position_group is not None:
            n_groups = len(common.position)
            single = n_groups == 1
            by_group = (
                terms.score.sum(keepdims=True) if single else sum_by(common.position_group, terms.score, n_groups)
            )
            found[layout.position] = common.position.T @ by_group
        if common.discrimination_group is not None and slope is not None and distance is not None:
            by_judge = sum_by(common.discrimination_group, terms.score * slope * distance, len(common.discrimination))
            found[layout.discrimination] = common.discrimination.T @ by_judge
        if not self.cuts.is_binary:
            rise, fall = terms.by_code[:2]
            found[layout.widths] = rise @ self.cuts.upper - fall @ self.cuts.lower
        return found

    def start(self, precision: float) -> Floats:
        """A point to start from: logits of the smoothed share of wins, stretched a little, and usual widths."""
        tops = [np.linspace(-0.5, 0.5, k) for k in self.cuts.n_categories]
        excess = self.spread(self.weight * np.concatenate(tops)[self.code])
        logit = 2 * _STRETCH * np.arctanh(2 * excess / (self.n_comparisons + 2 * _SMOOTHING))
        if precision > 0:
            logit *= 1 / (1 + 4 * precision / np.maximum(self.n_comparisons, 1.0))
        logit -= logit.mean()
        common = np.zeros(self.layout.n_common)
        common[self.layout.widths] = self.cuts.start
        return np.concatenate([logit if self.free is None else np.where(self.free, logit, self.fixed), common])


_STRETCH, _SMOOTHING = 1.2, 1.0


def posterior(data: ComparisonData, options: ScaleOptions) -> Posterior:
    """Make the log-posterior of a scale; rows are put in the order of the essay shown first, then of the second.

    Args:
        data: The comparisons.
        options: What is fitted.
    """
    cuts, order, n = cut_points(data), _by_essays(data), data.n_essays
    common = common_parameters(data, options, order)
    fixed = options.fixed_measures
    has_mean = fixed is not None and options.prior_sd != 0
    n_free = (common.position.shape[1], common.discrimination.shape[1], len(cuts.start), int(has_mean))
    own = np.concatenate([common.precision, np.zeros(len(cuts.start) + has_mean)])
    return Posterior(
        first=data.first[order],
        second=data.second[order],
        row_start=np.concatenate([[0], np.cumsum(np.bincount(data.first, minlength=n))]),
        code=cuts.codes(data).astype(np.int16)[order],
        weight=data.weight if data.weight.strides == (0,) else data.weight[order],
        cuts=cuts,
        common=common,
        layout=Layout(n, *n_free),
        free=None if fixed is None else np.isnan(fixed),
        fixed=np.zeros(n) if fixed is None else np.nan_to_num(fixed),
        common_precision=own if options.prior_sd != 0 else np.zeros(len(own)),
        n_comparisons=sum_by(data.first, data.weight, n) + sum_by(data.second, data.weight, n),
    )


def _by_essays(data: ComparisonData) -> Ints:
    """Rows in the order of the essay shown first, then of the second: two counting sorts, far quicker than lexsort."""
    rows = np.arange(len(data), dtype=np.int32)
    by_second = _counting_sort(data.second, rows, data.n_essays)
    return by_second[_counting_sort(data.first[by_second], rows, data.n_essays)]


def _counting_sort(key: Ints, rows: NDArray[np.int32], n: int) -> Ints:
    """Stable order of the rows by a key 0 to n - 1, by the conversion to compressed sparse rows."""
    table = sparse.coo_array((rows, (key, rows)), shape=(n, max(len(rows), 1)))
    return np.asarray(table.tocsr().indices, dtype=np.int64)
