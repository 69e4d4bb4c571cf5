"""Whether a scale exists: one group of essays, and for maximum likelihood no essay out of reach.

References:
    Ford (1957), "Solution of a ranking problem from binary comparisons", Amer. Math. Monthly 64, 28-33,
    https://doi.org/10.2307/2308513.
"""

from graphlib import TopologicalSorter
from typing import TypeAlias

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from cj_pipeline.errors import DisconnectedError, SeparatedError
from cj_pipeline.scaling.arrays import Floats, Ints
from cj_pipeline.scaling.comparison_data import ComparisonData
from cj_pipeline.scaling.cut_points import cut_points
from cj_pipeline.scaling.information import Links
from cj_pipeline.scaling.posterior import Posterior

Groups: TypeAlias = tuple[tuple[int, ...], ...]


def connected_groups(data: ComparisonData, fixed: Floats | None = None) -> Groups:
    """Groups of essays that comparisons link, directly or through others, the largest first.

    Args:
        data: The comparisons.
        fixed: Measures that are known, NaN where free: essays with a known measure need no comparison to be linked.

    Returns:
        Indices of the essays of every group, ascending.
    """
    _, label = connected_components(_graph(data.first, data.second, data.n_essays, fixed), directed=False)
    return _as_groups(label.astype(np.int64))


def require_connected(data: ComparisonData, model: Posterior) -> None:
    """Refuse comparisons that leave groups of essays without a common scale.

    Args:
        data: The comparisons.
        model: The log-posterior made of them.

    Raises:
        DisconnectedError: It names the sizes, and carries the groups.
    """
    if _reaches_all(model):
        return
    require_one_group(data, None if model.free is None else np.where(model.free, np.nan, 0.0))


def require_one_group(data: ComparisonData, fixed: Floats | None = None) -> None:
    """The same without a log-posterior.

    Args:
        data: The comparisons.
        fixed: As for `connected_groups`.

    Raises:
        DisconnectedError: It names the sizes, and carries the groups.
    """
    groups = connected_groups(data, fixed)
    if len(groups) > 1:
        raise DisconnectedError(
            f"the comparisons fall into {len(groups)} groups that were never compared with each other "
            f"(sizes {', '.join(str(len(group)) for group in groups[:5])}): they have no common scale.",
            groups,
        )


def _reaches_all(model: Posterior) -> bool:
    """Whether few steps along comparisons lead from one essay to all: quicker than to find all groups."""
    links = Links(model, model.weight)
    reached = np.zeros(model.layout.n_essays)
    reached[:1] = 1.0
    for _ in range(_FEW_STEPS):
        if model.free is not None and np.any(reached[~model.free]):
            reached[~model.free] = 1.0
        if np.all(reached > 0):
            return True
        reached = np.where(links(reached) + reached > 0, 1.0, 0.0)
    return False


_FEW_STEPS = 12


def require_not_separated(data: ComparisonData, fixed: Floats | None = None) -> None:
    """Refuse comparisons for which no finite measures are most likely, whatever the common parameters are.

    Each group of essays must have won and lost against the others (Ford's condition). An answer that is not the
    outermost one bounds the distance of its essays on both sides, and so counts both ways.

    Raises:
        SeparatedError: It names the groups from the top down, and carries them.
    """
    cuts = cut_points(data)
    code = cuts.codes(data)
    up, down = cuts.lower_base[code] == 0, cuts.upper_base[code] == 0
    loser = np.concatenate([data.second[up], data.first[down]])
    winner = np.concatenate([data.first[up], data.second[down]])
    graph = _graph(loser, winner, data.n_essays, fixed)
    n_groups, label = connected_components(graph, directed=True, connection="strong")
    if n_groups > 1:
        groups = _from_the_top(label.astype(np.int64), graph)
        raise SeparatedError(
            f"maximum likelihood has no finite scale: the essays fall into {n_groups} groups, each of which won every "
            f"comparison with those below it; from the top: {_named(groups)}. Give the measures a prior "
            "(prior_sd above 0), or compare again across the groups.",
            groups,
        )


def _from_the_top(label: Ints, graph: sparse.coo_array) -> Groups:
    loser, winner = label[graph.coords[0]], label[graph.coords[1]]
    across = np.unique(np.stack([loser, winner])[:, loser != winner], axis=1)
    order: TopologicalSorter[int] = TopologicalSorter(dict.fromkeys(range(int(label.max()) + 1), ()))
    for low, high in across.T.tolist():
        order.add(low, high)
    members = {label[group[0]]: group for group in _as_groups(label)}
    return tuple(members[i] for i in order.static_order())


def _named(groups: Groups) -> str:
    shown = [
        "{" + ", ".join(map(str, group[:_SHOWN])) + (", ..." if len(group) > _SHOWN else "") + "}" for group in groups
    ]
    return " > ".join(shown[:_SHOWN]) + (" > ..." if len(groups) > _SHOWN else "")


_SHOWN = 8


def _graph(first: Ints, second: Ints, n: int, fixed: Floats | None) -> sparse.coo_array:
    known = np.zeros(0, dtype=np.int64) if fixed is None else np.flatnonzero(~np.isnan(fixed))
    # A ring through the known ones links them in both directions.
    a, b = np.concatenate([first, known]), np.concatenate([second, np.roll(known, 1)])
    return sparse.coo_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(n, n))


def _as_groups(label: Ints) -> Groups:
    order = np.argsort(label, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(label[order])) + 1)
    return tuple(tuple(map(int, part)) for part in sorted(parts, key=len, reverse=True))
