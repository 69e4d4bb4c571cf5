"""Correlation with the number of words."""

import math

import numpy as np
import pytest
from scipy import stats

from cj_pipeline.scaling.text_length import correlation_beyond_quality, correlation_with_length


def test_the_correlation_and_its_interval_are_scipys() -> None:
    """Pearson with Fisher's interval."""
    rng = np.random.default_rng(1)
    words = rng.integers(100, 400, 30)
    measures = words / 100 + rng.normal(0, 1, 30)
    found, oracle = correlation_with_length(measures, words), stats.pearsonr(measures, words)
    assert found.value == pytest.approx(oracle.statistic)
    assert (found.low, found.high) == pytest.approx(tuple(oracle.confidence_interval()), abs=1e-6)
    assert found.n == 30


def test_what_quality_explains_is_taken_out() -> None:
    """The partial correlation is that of the residuals."""
    rng = np.random.default_rng(2)
    quality = rng.normal(0, 1, 40)
    words, measures = quality * 50 + rng.normal(250, 20, 40), quality + rng.normal(0, 0.5, 40)
    quality[:10] = np.nan
    found, known = correlation_beyond_quality(measures, words, quality), slice(10, None)
    left = [y[known] - np.polyval(np.polyfit(quality[known], y[known], 1), quality[known]) for y in (measures, words)]
    assert found.value == pytest.approx(np.corrcoef(left[0], left[1])[0, 1])
    assert found.n == 30
    assert abs(found.value) < correlation_with_length(measures, words).value


@pytest.mark.parametrize("words", [[100, 200, 300], [100] * 8])
def test_too_few_essays_or_one_length_say_nothing(words: list[int]) -> None:
    """No figure rather than a wild one."""
    found = correlation_with_length(np.arange(len(words), dtype=np.float64), words)
    assert math.isnan(found.value)
    assert math.isnan(found.low)


def test_length_that_is_quality_leaves_nothing_over() -> None:
    """A denominator of zero."""
    same = np.arange(8, dtype=np.float64)
    assert math.isnan(correlation_beyond_quality(same, same, same).value)
