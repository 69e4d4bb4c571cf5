"""Columns and what they rest on, as files."""

# ruff: noqa: D103 - the name of a test is its sentence

import json
from pathlib import Path

import pandas as pd
import pytest

from cj_pipeline.storage.column_files import write_columns, write_json

COLUMNS: dict[str, list[object]] = {
    "rank": [1, 2],
    "essay_id": ['Åsa, "the first"', "b\nc"],
    "measure": [0.1 + 0.2, -1.0],
    "misfit": ["", "less predictable"],
    "number_like": ["007", "1e3"],
    "n_wins": [3.0, None],
    "median_duration_s": [None, None],
}


def test_csv_and_parquet_hold_the_same(tmp_path: Path) -> None:
    csv_path, parquet_path = write_columns(tmp_path / "new", "ranking", COLUMNS)

    for table in (pd.read_csv(csv_path), pd.read_parquet(parquet_path)):
        assert list(table) == list(COLUMNS)
        for name in ("rank", "essay_id", "measure"):
            assert table[name].tolist() == COLUMNS[name]
        assert table["n_wins"].isna().tolist() == [False, True]
        assert table["median_duration_s"].isna().all()
        assert table["median_duration_s"].dtype == "float64"


def test_parquet_keeps_texts_as_texts(tmp_path: Path) -> None:
    _, parquet_path = write_columns(tmp_path, "ranking", COLUMNS)

    table = pd.read_parquet(parquet_path)

    for name in ("misfit", "number_like"):
        assert table[name].tolist() == COLUMNS[name]


def test_columns_without_rows_can_be_written(tmp_path: Path) -> None:
    csv_path, parquet_path = write_columns(tmp_path, "judges", {"judge": [], "infit": []})

    assert csv_path.read_text("utf-8") == "judge,infit\n"
    assert list(pd.read_parquet(parquet_path)) == ["judge", "infit"]


def test_writing_again_replaces_the_files_and_leaves_no_others(tmp_path: Path) -> None:
    write_columns(tmp_path, "ranking", COLUMNS)
    write_columns(tmp_path, "ranking", {"rank": [7]})

    assert pd.read_csv(tmp_path / "ranking.csv")["rank"].tolist() == [7]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ranking.csv", "ranking.parquet"]


def test_json_is_readable_and_holds_only_numbers_that_json_knows(tmp_path: Path) -> None:
    path = write_json(tmp_path, "manifest", {"name": "Åsa"})

    assert json.loads(path.read_text("utf-8")) == {"name": "Åsa"}
    assert "Åsa" in path.read_text("utf-8")
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path, "manifest", {"reliability": float("nan")})
    assert json.loads(path.read_text("utf-8")) == {"name": "Åsa"}
