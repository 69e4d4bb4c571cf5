"""Who agrees with whom: judges with the scale, judges with one another, and groups of judges, such as people."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import sparse

from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.proportions import Share, share
from cj_pipeline.scaling.scale_fit import ScaleFit, expected_answers

_HALF = 0.5


@dataclass(frozen=True, slots=True)
class ScaleAgreement:
    """How often a judge preferred the essay that the fitted scale places higher.

    The scale was fitted to the same answers, so the share flatters, most where comparisons are few.

    Attributes:
        observed: Share of the judge's comparisons, ties counting half, with its 95 % interval.
        expected: Share that the fitted scale expects, its position effect included, 0.5 to 1 without one; NaN without
            comparisons.
    """

    observed: Share
    expected: float


def agreement_with_scale(fit: ScaleFit, data: ComparisonData) -> list[ScaleAgreement]:
    """Agreement of every judge with the scale, by judge index."""
    ahead = np.sign(fit.measures[data.first] - fit.measures[data.second])
    agrees = _HALF + _HALF * ahead * np.sign(data.share - _HALF)
    hoped = _HALF + ahead * (expected_answers(fit, data).first_wins - _HALF)
    n, observed, expected = (_by_judge(data, values) for values in (np.ones(len(data)), agrees, hoped))
    return [
        ScaleAgreement(share(o, m), e / m if m else float("nan"))
        for m, o, e in zip(n.tolist(), observed.tolist(), expected.tolist(), strict=True)
    ]


def _by_judge(data: ComparisonData, values: Floats) -> Floats:
    return np.bincount(data.judge, data.weight * values, data.n_judges).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often the judges of two groups preferred the same essay of a pair that both judged.

    Attributes:
        one: Index of a group.
        other: Index of a group; the same one where its members are compared with one another.
        same: Share of common pairs with the same preference, with its 95 % interval (pairs taken as independent).
    """

    one: int
    other: int
    same: Share


def agreement_between(data: ComparisonData, group: ArrayLike | None = None) -> list[Agreement]:
    """Agreement between every two groups of judges that judged at least one common pair.

    A judge's answers to one pair count as one preference, whatever the order; a pair on which a judge is undecided is
    left out. A common pair counts once for every two different judges who both decided it.

    Args:
        data: The comparisons.
        group: Index of every judge's group, shape (n_judges,); None: every judge is a group.
    """
    votes = _votes(data)
    groups = np.arange(data.n_judges) if group is None else np.asarray(group, dtype=np.int64)
    both, net = abs(votes).T @ abs(votes), votes.T @ votes
    return _grouped(both.tocoo(), net, groups)


def _votes(data: ComparisonData) -> "sparse.csr_array":
    """1 where a judge prefers the lower index of a pair, -1 where the higher, shape (n_pairs, n_judges)."""
    low, high = np.minimum(data.first, data.second), np.maximum(data.first, data.second)
    _, pair = np.unique(low * data.n_essays + high, return_inverse=True)
    towards = np.where(data.first < data.second, 1.0, -1.0)
    vote = data.weight * np.sign(data.share - _HALF) * towards
    shape = (int(pair.max(initial=-1)) + 1, data.n_judges)
    votes = sparse.coo_array((vote, (pair, data.judge)), shape=shape).tocsr()
    votes.data = np.sign(np.round(votes.data, 9))
    votes.eliminate_zeros()
    return votes


def _grouped(both: "sparse.coo_array", net: "sparse.csr_array", groups: Ints) -> list[Agreement]:
    a, b = both.coords
    apart = a < b
    a, b, n = a[apart], b[apart], both.data[apart]
    agree = (n + np.asarray(net[a, b]).ravel()) / 2
    one, other = np.minimum(groups[a], groups[b]), np.maximum(groups[a], groups[b])
    code, where = np.unique(one * (int(groups.max(initial=0)) + 1) + other, return_inverse=True)
    counts, same = np.bincount(where, n, len(code)), np.bincount(where, agree, len(code))
    width = int(groups.max(initial=0)) + 1
    return [
        Agreement(int(c // width), int(c % width), share(float(s), float(m)))
        for c, m, s in zip(code, counts, same, strict=True)
    ]
