"""Names of the array types in this room, and sums over groups of rows."""

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Bools: TypeAlias = NDArray[np.bool_]


def sum_by(index: NDArray[Any], values: Floats, n: int) -> Floats:
    """Sum of the values of every index 0 to n - 1, shape (n,)."""
    return np.bincount(index, values, n).astype(np.float64, copy=False)
