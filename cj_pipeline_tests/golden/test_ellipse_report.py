"""125 real essays go from the table they come in to the report, as a person would do it."""

import csv
import os
import sys
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from benchmarks.synthetic_judge import agreement
from cj_pipeline_tests.support.processes import run_cj

pytestmark = pytest.mark.reference


def test_a_table_of_real_essays_becomes_a_report(tmp_path: Path) -> None:
    """Init, plan, run, report and export; what the ranking has in common with the human scores is printed."""
    source = Path(os.environ["CJ_REFERENCE_DATA"]) / "ellipse"
    for command in (
        ("init", "ellipse", "--from", str(source), "--task", "Has technology a good or a bad effect on our lives?"),
        ("plan", "ellipse"),
        ("run", "ellipse", "--emulator"),
        ("report", "ellipse", "--texts", "--out", str(tmp_path / "report.html")),
        ("export", "ellipse", "--out", str(tmp_path / "export")),
    ):
        done = run_cj(tmp_path, *command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    page = (tmp_path / "report.html").read_text("utf-8")
    assert page.count('class="essay"') == 125
    assert "synthetic judge" in page
    book = openpyxl.load_workbook(tmp_path / "export" / "workbook.xlsx", read_only=True)
    assert len(list(book["Ranking"].iter_rows())) == 126

    ranking = pd.read_csv(tmp_path / "export" / "csv" / "ranking.csv", encoding="utf-8-sig", dtype={"essay_id": str})
    with (source / "impact_of_technology.csv").open(encoding="utf-8") as file:
        scores = {row["essay_id"]: float(row["overall"]) for row in csv.DictReader(file)}
    human = np.array([scores[essay] for essay in ranking["essay_id"]])
    found = agreement(ranking["measure"].to_numpy(dtype=float), human)
    sys.stdout.write(f"\nELLIPSE, from table to report: the synthetic judge's ranking and human scores: {found}\n")
    assert len(ranking) == 125
    # The record with other seeds lies between 0.55 and 0.58; an interval over essays is 0.23 wide.
    assert found["spearman"] > 0.45
    assert found["qwk"] > 0.4
