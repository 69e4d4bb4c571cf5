"""Simulated comparisons with known truths."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cj_pipeline.domain.orientation import orient_eulerian
from cj_pipeline.domain.pairing import regular_pairs
from cj_pipeline.scaling.arrays import Floats
from cj_pipeline.scaling.comparison_data import ComparisonData, comparison_data
from cj_pipeline.scaling.ordinal import category_probabilities

BINARY: Floats = np.zeros(1)
SIX: Floats = np.array([-2.5, -1.0, 0.0, 1.0, 2.5])
"""Cut points of six categories: about a third of the answers between essays two logits apart are the outermost."""


@dataclass(frozen=True)
class Simulated:
    """Comparisons with the measures they were drawn from.

    Attributes:
        truth: Measures, logits, mean zero.
        data: The comparisons.
    """

    truth: Floats
    data: ComparisonData


def regular_design(n: int, per_essay: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return ordered pairs, each essay in about so many, shape (2, n_pairs)."""
    pairs = orient_eulerian(n, regular_pairs(n, n * per_essay // 2, rng), rng)
    return np.array(pairs, dtype=np.int64).T


def ring_design(n: int, per_essay: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return ordered pairs from random rings through all essays: quick for any number of them, repeats possible."""
    rings = [rng.permutation(n) for _ in range(per_essay // 2)]
    pairs = np.concatenate([np.stack([ring, np.roll(ring, 1)]) for ring in rings], axis=1)
    flip = rng.random(pairs.shape[1]) < 0.5
    return np.where(flip, pairs[::-1], pairs)


def chain_design(n: int, reach: int) -> NDArray[np.int64]:
    """Return ordered pairs of essays at most so many places apart: a band, on which what is far apart hardly meets."""
    return np.concatenate([np.stack([np.arange(n - k), np.arange(k, n)]) for k in range(1, reach + 1)], axis=1)


def answered(advantage: Floats, cuts: Floats, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return answers drawn from the model."""
    below = np.cumsum(category_probabilities(advantage, cuts), axis=1)
    return np.asarray((rng.random(len(advantage))[:, None] > below[:, :-1]).sum(axis=1), dtype=np.int64)


def simulated(
    pairs: NDArray[np.int64],
    truth: Floats,
    rng: np.random.Generator,
    *,
    cuts: Floats = BINARY,
    position: float = 0.0,
) -> Simulated:
    """Return answers to pairs of essays with known measures."""
    first, second = pairs
    answers = answered(truth[first] - truth[second] + position, cuts, rng)
    data = comparison_data(first, second, answers, len(truth), n_categories=(len(cuts) + 1,))
    return Simulated(truth - truth.mean(), data)
