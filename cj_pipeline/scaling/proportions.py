"""A share with its interval.

References:
    Wilson (1927), "Probable inference, the law of succession, and statistical inference", Journal of the American
    Statistical Association 22, 209-212, https://doi.org/10.1080/01621459.1927.10502953.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

Z95: Final = 1.959964
"""97.5th percentile of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share with its 95 % Wilson interval.

    Attributes:
        n: Number of cases, ties and weights counting as parts.
        value: Share of them, 0 to 1; NaN where n is 0.
        low: Lower limit; 0 where n is 0.
        high: Upper limit; 1 where n is 0.
    """

    n: float
    value: float
    low: float
    high: float


def share(count: float, n: float) -> Share:
    """The share count / n with its interval; 8 of 10 is 0.8 (0.49 to 0.94)."""
    if n <= 0:
        return Share(0.0, float("nan"), 0.0, 1.0)
    p, z2 = count / n, Z95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * np.sqrt(p * (1 - p) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    return Share(float(n), float(p), float(max(0.0, middle - half)), float(min(1.0, middle + half)))
