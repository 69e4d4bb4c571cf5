"""How every number of a result is shown: one rounding for Dagster's pages, the report, the workbook and its tables.

A number is rounded here and nowhere else, by the name of its column, so that a reader who holds two of them side by
side finds no difference in the last digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

MINUS: Final = "\u2212"
"""The minus sign, as wide as a plus."""


@dataclass(frozen=True, slots=True)
class Look:
    """How numbers of one kind look.

    Attributes:
        decimals: Decimals shown; of the per cent where `percent`.
        percent: Whether a share is shown as per cent.
        signed: Whether a plus is shown.
    """

    decimals: int
    percent: bool = False
    signed: bool = False

    @property
    def digits(self) -> int:
        """Decimals kept of the number itself."""
        return self.decimals + 2 * self.percent

    @property
    def excel_format(self) -> str:
        """The number format of a spreadsheet's cell."""
        plain = ("0." + "0" * self.decimals if self.decimals else "0") + ("%" if self.percent else "")
        return f"+{plain};-{plain};{plain}" if self.signed else plain


_PLACE, _SIZE, _WHOLE = Look(2, signed=True), Look(2), Look(0)
_SHARE, _RARE = Look(0, percent=True), Look(1, percent=True)
_LOOKS: Final[Mapping[str, Look]] = MappingProxyType(
    {
        **dict.fromkeys(("measure", "interval_low", "interval_high", "from_measure", "gap", "position_effect"), _PLACE),
        **dict.fromkeys(("measure_then", "change"), _PLACE),
        **dict.fromkeys(("correlation_with_length", "correlation_with_length_beyond_quality"), _PLACE),
        **dict.fromkeys(("agrees_with_scale", "agreement_expected", "agrees_with_others", "first_share"), _SHARE),
        **dict.fromkeys(("agrees_with_models", "agrees_with_people", "people_agree_with_models"), _SHARE),
        **dict.fromkeys(("probability", "runner_up_probability", "expected_share"), _SHARE),
        **dict.fromkeys(("foretold_probability", "own_grade_probability"), _SHARE),
        **dict.fromkeys(("chance", "flip_rate", "flip_rate_expected"), _RARE),
        **dict.fromkeys(("circular_triads_share", "circular_triads_share_expected"), _RARE),
        **dict.fromkeys(("comparisons_per_essay", "n_essays_above_band_by_chance"), Look(1)),
        **dict.fromkeys(("spent_usd", "possible_usd"), Look(4)),
        "usd_per_verdict": Look(6),
    }
)
_PER_GRADE: Final = ("p_", "at_least_")


def look(column: str) -> Look:
    """How a column's numbers look: counts (`n_...`) without decimals, what is not listed with two."""
    if column.startswith(_PER_GRADE):
        return _SHARE
    return _LOOKS.get(column, _WHOLE if column.startswith("n_") else _SIZE)


def rounded(column: str, value: float) -> float | int:
    """A number as it is shown: -0.4951 of `measure` is -0.5, 0.876 of `agrees_with_scale` is 0.88.

    Args:
        column: Name of the column or figure.
        value: Any number that is not NaN.
    """
    if isinstance(value, Integral):
        return int(value)
    digits = look(column).digits
    found = round(float(value), digits) + 0.0
    return int(found) if digits == 0 else found


def shown(column: str, value: object, language: str = "en") -> str:
    """A value as text.

    Of `measure`, 0.4951 is +0.50 (in Swedish +0,50); of a share, 0.876 is 88 %. Below zero stands a minus sign proper.

    Args:
        column: Name of the column or figure.
        value: A number, a text, a truth, or nothing (None, NaN), which is an empty text.
        language: Whose decimal sign and thousands are used, ISO 639-1.
    """
    if is_missing(value):
        return ""
    if isinstance(value, bool | np.bool_):
        return str(bool(value)).lower()
    if not isinstance(value, Real):
        return str(value)
    return _number(
        look(column), rounded(column, float(value)) if not isinstance(value, Integral) else int(value), language
    )


def _number(how: Look, value: float, language: str) -> str:
    decimals = 0 if isinstance(value, int) else how.decimals
    text = f"{abs(value) * (100 if how.percent else 1):,.{decimals}f}"
    sign = MINUS if value < 0 else "+" if how.signed and value > 0 else ""
    if language == "sv":
        text = text.replace(",", "\u00a0").replace(".", ",")
    return f"{sign}{text}\u00a0%" if how.percent else f"{sign}{text}"


def is_missing(value: object) -> bool:
    """Whether a cell is empty: None, NaN or pandas' NA."""
    return value is None or value is pd.NA or (isinstance(value, float) and bool(np.isnan(value)))


def rounded_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table with every number as it is shown; counts are whole numbers."""
    fractions = [str(name) for name in table.columns if _is_fraction(table[name])]
    kinds = {name: "float64" if look(name).digits else "Int64" for name in fractions}
    found = table.copy()
    for name in fractions:
        seen: list[object] = [None if is_missing(v) else rounded(name, v) for v in table[name]]
        found[name] = pd.Series(seen, index=table.index, dtype=object)
    return found.astype(kinds)


def _is_fraction(column: "pd.Series[float]") -> bool:
    return bool(pd.api.types.is_float_dtype(column))
