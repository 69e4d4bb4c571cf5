"""Adding to a pair set that has been paid for: new essays get their own pairs, nothing old is drawn again.

What does not belong here: the first draw for a new assessment (pairing).
"""

from collections.abc import Iterable, Sequence

import numpy as np

from cj_pipeline.domain.pairing import Pair, components

_SAMPLE = 8
"""Partners looked at before the one with the fewest comparisons is taken: cheap, and nearly as even as all."""


def extend_pairs(
    degrees: Sequence[int],
    taken: set[Pair],
    *,
    target_degree: int | None,
    max_new: int,
    rng: np.random.Generator,
) -> list[Pair]:
    """Choose new pairs, the essays with the fewest comparisons first.

    Args:
        degrees: Comparisons each essay has already, by essay index.
        taken: Pairs that may not be drawn again.
        target_degree: Stop when every essay has at least this many; None: use all of `max_new`.
        max_new: Most pairs to add.
        rng: Source of randomness.

    Returns:
        New pairs `(low, high)`, none of them in `taken`, none twice.
    """
    builder = _Extension(list(degrees), set(taken), rng)
    new: list[Pair] = []
    while len(new) < max_new:
        pair = builder.next_pair(target_degree)
        if pair is None:
            break
        new.append(pair)
    return new


def link_pairs(degrees: Sequence[int], pairs: Iterable[Pair], *, max_new: int, rng: np.random.Generator) -> list[Pair]:
    """Choose the fewest pairs that connect groups of essays never compared with each other.

    Each smaller group is joined to the largest one, by the essays with the fewest comparisons on both sides.

    Args:
        degrees: Comparisons each essay has already, by essay index.
        pairs: Pairs there are already.
        max_new: Most pairs to add.
        rng: Breaks ties.
    """
    main, *others = components(len(degrees), pairs)
    count = list(degrees)
    links: list[Pair] = []
    for group in others[:max_new]:
        a, b = (_least(side, count, rng) for side in (main, group))
        count[a] += 1
        count[b] += 1
        main += group
        links.append((min(a, b), max(a, b)))
    return links


def _least(essays: Sequence[int], count: Sequence[int], rng: np.random.Generator) -> int:
    fewest = min(count[i] for i in essays)
    return int(rng.choice([i for i in essays if count[i] == fewest]))


class _Extension:
    def __init__(self, degrees: list[int], taken: set[Pair], rng: np.random.Generator) -> None:
        self._degrees, self._taken, self._rng = degrees, taken, rng
        self._full: set[int] = set()

    def next_pair(self, target: int | None) -> Pair | None:
        """The next pair, or None when every essay has its target or no pair is left."""
        while (essay := self._neediest(target)) is not None:
            partner = self._partner(essay)
            if partner is None:
                self._full.add(essay)
                continue
            pair = (essay, partner) if essay < partner else (partner, essay)
            self._taken.add(pair)
            self._degrees[essay] += 1
            self._degrees[partner] += 1
            return pair
        return None

    def _neediest(self, target: int | None) -> int | None:
        open_essays = [
            (degree, i)
            for i, degree in enumerate(self._degrees)
            if i not in self._full and (target is None or degree < target)
        ]
        return min(open_essays)[1] if open_essays else None

    def _partner(self, essay: int) -> int | None:
        """One of a few random partners not met before, the one with the fewest comparisons."""
        order = self._rng.permutation(len(self._degrees))
        met = (int(i) for i in order if i != essay and (min(i, essay), max(i, essay)) not in self._taken)
        sample = [i for i, _ in zip(met, range(_SAMPLE), strict=False)]
        return min(sample, key=lambda i: self._degrees[i]) if sample else None
