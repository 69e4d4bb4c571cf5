"""Numbers are rounded in one place, and look the same wherever they are shown."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pandas as pd
import pytest

from cj_pipeline.reporting.shown_numbers import look, rounded, rounded_table, shown


@pytest.mark.parametrize(
    ("column", "value", "english", "swedish"),
    [
        ("measure", -0.4951, "\u22120.50", "\u22120,50"),
        ("measure", 1.0, "+1.00", "+1,00"),
        ("measure", -0.001, "0.00", "0,00"),
        ("standard_error", 0.345, "0.34", "0,34"),
        ("agrees_with_scale", 0.876, "88\u00a0%", "88\u00a0%"),
        ("p_C+", 0.125, "12\u00a0%", "12\u00a0%"),
        ("chance", 0.0449, "4.5\u00a0%", "4,5\u00a0%"),
        ("n_wins", 12.0, "12", "12"),
        ("input_tokens", 1234567, "1,234,567", "1\u00a0234\u00a0567"),
        ("spent_usd", 0.123456, "0.1235", "0,1235"),
        ("rank", np.int64(7), "7", "7"),
        ("judge", "Anna", "Anna", "Anna"),
        ("near_boundary", np.array([True])[0], "true", "true"),
        ("measure", float("nan"), "", ""),
        ("anchor_grade", None, "", ""),
    ],
)
def test_how_values_look(column: str, value: object, english: str, swedish: str) -> None:
    assert shown(column, value) == english
    assert shown(column, value, "sv") == swedish


def test_a_rounded_number_is_the_one_that_is_shown() -> None:
    rng = np.random.default_rng(3)
    for column in ("measure", "standard_error", "p_A", "chance", "spent_usd"):
        for value in rng.normal(0, 2, 500).tolist():
            kept = rounded(column, value)
            assert shown(column, kept) == shown(column, value)
            assert kept == round(kept, look(column).digits)


def test_a_table_is_rounded_by_its_columns_and_keeps_the_rest() -> None:
    table = pd.DataFrame({"essay_id": ["a", "b"], "measure": [0.125, np.nan], "rank": [1, 2], "n_wins": [3.0, np.nan]})
    found = rounded_table(table)
    assert found["n_wins"].astype(object).tolist() == [3, pd.NA]
    assert list(found.columns) == list(table.columns)
    assert rounded_table(pd.DataFrame()).empty
    assert found["measure"].tolist()[0] == 0.12
    assert pd.isna(found["measure"].iloc[1])
    assert found["rank"].tolist() == [1, 2]
    assert found["essay_id"].tolist() == ["a", "b"]


def test_formats_of_a_spreadsheet_have_as_many_decimals() -> None:
    assert look("measure").excel_format == "+0.00;-0.00;0.00"
    assert look("p_A").excel_format == "0%"
    assert look("chance").excel_format == "0.0%"
    assert look("n_wins").excel_format == "0"
