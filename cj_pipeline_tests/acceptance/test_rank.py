# ruff: noqa: D103 - the names of the tests say it
"""`cj rank` as a researcher meets it: in a process of its own, on files from elsewhere."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from cj_pipeline_tests.support.decisions import drawn_decisions, written
from cj_pipeline_tests.support.processes import child_environment, run_cj

HEAVY = (
    "dagster",
    "pandas",
    "matplotlib",
    "pyarrow",
    "networkx",
    "sqlalchemy",
    "pydantic",
    "openai",
    "anthropic",
    "scipy.stats",
    "scipy.optimize",
)
"""Modules that take longer to import than a class takes to rank; a second is all there is."""

LOADED = """
import json, sys
from cj_pipeline.cli import main
main(sys.argv[1:], standalone_mode=False)
print("LOADED", json.dumps(sorted(sys.modules)))
"""


@pytest.fixture
def decisions(tmp_path: Path) -> Path:
    """A class of 24 with a skipped row."""
    rows = drawn_decisions(position_effect=0.6)
    return written(tmp_path / "decisions.csv", [*rows, {**rows[0], "winner": ""}])


def loaded(root: Path, *arguments: str) -> set[str]:
    """The modules that a command imports."""
    run = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env=child_environment(root, {}),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return set(json.loads(run.stdout.rsplit("LOADED", 1)[1]))


def test_a_file_of_decisions_is_ranked_with_its_reliability_and_fit(tmp_path: Path, decisions: Path) -> None:
    result = run_cj(tmp_path, "rank", str(decisions))

    assert result.returncode == 0, result.stderr
    assert "288 decisions on 24 essays by 4 judges" in result.stdout
    words = " ".join(result.stdout.split())
    assert "read as left, right and winner" in words
    assert "1 row left out: no verdict" in words
    assert all(f"essay-{i:02d}" in result.stdout for i in range(24))
    for said in ("rank, 90 %", "Reliability 0.", "Advantage of being shown first: +", "circular", "converged"):
        assert said in words
    assert result.stderr == ""


def test_tables_are_written_with_what_they_rest_on(tmp_path: Path, decisions: Path) -> None:
    out = tmp_path / "results"

    result = run_cj(tmp_path, "rank", str(decisions), "--out", str(out), "--judge-effects", "both", "--seed", "3")

    assert result.returncode == 0, result.stderr
    names = ["judges.csv", "judges.parquet", "manifest.json", "ranking.csv", "ranking.parquet"]
    assert sorted(path.name for path in out.iterdir()) == names
    ranking, judges = pd.read_csv(out / "ranking.csv"), pd.read_parquet(out / "judges.parquet")
    assert ranking["rank"].tolist() == list(range(1, 25))
    assert pd.read_parquet(out / "ranking.parquet")["measure"].tolist() == ranking["measure"].tolist()
    assert {"judge", "infit", "infit_low", "infit_high", "discrimination"} <= set(judges)
    manifest = json.loads((out / "manifest.json").read_text("utf-8"))
    digest = hashlib.sha256(decisions.read_bytes()).hexdigest()
    assert manifest["inputs"] == [{"file": "decisions.csv", "sha256": digest, "encoding": "utf-8"}]
    assert manifest["options"]["seed"] == 3
    assert manifest["options"]["judge_effects"] == "both"
    assert manifest["versions"]["cj_pipeline"]
    assert manifest["fit"]["scaled_gradient"] < 1e-8


def test_several_files_are_one_scale_and_rows_can_be_chosen(tmp_path: Path) -> None:
    rows = drawn_decisions()
    one = written(tmp_path / "one.csv", [{**row, "task": "narrative"} for row in rows[:150]])
    two = written(tmp_path / "two.csv", [{**row, "task": f"t{i % 2}"} for i, row in enumerate(rows[150:])])

    both = run_cj(tmp_path, "rank", str(one), str(two))
    some = run_cj(tmp_path, "rank", str(one), "--only", "task=narrative")
    none = run_cj(tmp_path, "rank", str(two), "--only", "task=narrative")

    assert "288 decisions" in both.stdout
    assert "150 decisions" in some.stdout
    assert none.returncode == 2
    assert "two.csv: holds no decision that counts" in none.stderr


def test_compatibility_mode_prints_what_the_established_programs_print(tmp_path: Path, decisions: Path) -> None:
    result = run_cj(tmp_path, "rank", str(decisions), "--compatible", "sirt")

    assert result.returncode == 0, result.stderr
    assert "SSR 0." in result.stdout
    assert "Reliability" not in result.stdout
    assert "rank, 90 %" not in result.stdout


def test_unusable_files_are_all_named_and_nothing_is_written(tmp_path: Path, decisions: Path) -> None:
    other = tmp_path / "grades.csv"
    other.write_text("essay,grade\nx,A\n", "utf-8")

    result = run_cj(
        tmp_path, "rank", str(other), str(tmp_path / "none.csv"), str(decisions), "--out", str(tmp_path / "o")
    )

    assert result.returncode == 2
    assert "grades.csv:1: these columns are no decisions" in result.stderr
    assert "candidate_chosen,candidate_not_chosen" in result.stderr
    assert "none.csv: the file is missing" in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "o").exists()


def test_groups_without_a_link_are_refused_with_their_names(tmp_path: Path) -> None:
    far = [
        {**row, "left": f"x{row['left']}", "right": f"x{row['right']}", "winner": f"x{row['winner']}"}
        for row in drawn_decisions(6, 4)
    ]
    path = written(tmp_path / "apart.csv", [*drawn_decisions(8, 6), *far])

    result = run_cj(tmp_path, "rank", str(path))

    assert result.returncode == 1
    assert "2 groups that were never compared with each other" in result.stderr
    assert "8 essays: essay-00, essay-01" in result.stderr
    assert "6 essays: xessay-00" in result.stderr
    assert "Traceback" not in result.stderr


def test_names_that_look_like_markup_are_shown_as_they_are(tmp_path: Path) -> None:
    rows = [{k: v.replace("essay-00", "[red]x[/red]") for k, v in row.items()} for row in drawn_decisions(6, 4)]

    result = run_cj(tmp_path, "rank", str(written(tmp_path / "decisions.csv", rows)))

    assert "[red]x[/red]" in result.stdout


def test_a_long_ranking_shows_its_ends(tmp_path: Path) -> None:
    result = run_cj(tmp_path, "rank", str(written(tmp_path / "d.csv", drawn_decisions(90, 10))))

    shown = [line for line in result.stdout.splitlines() if "essay-" in line and " of 10" in line]
    assert len(shown) == 30
    assert "..." in result.stdout


def test_nothing_heavy_is_imported(tmp_path: Path, decisions: Path) -> None:
    reading, writing = (
        loaded(tmp_path, "rank", str(decisions)),
        loaded(tmp_path, "rank", str(decisions), "--out", str(tmp_path / "out")),
    )

    assert not reading.intersection(HEAVY)
    assert writing.intersection(HEAVY) == {"pyarrow"}
