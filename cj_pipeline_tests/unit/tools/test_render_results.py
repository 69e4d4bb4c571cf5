"""The page of figures is rendered from its record, and a page that is not as its record would have it is found."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.record import read_record
from tools import render_results

PAGE = "synthetic-judge.md"
RECORD: dict[str, Any] = {
    "benchmark": "synthetic_judge",
    "commit": "0123456789ab",
    "machine": "Linux x86_64, 4 cores, Python 3.12.0",
    "figures": {
        "sample": [{"seed": 3, "n_anchors": 9, "n_comparisons": 54, "tau_b": 0.7, "tau_b_of_word_count": -0.1}],
        "ellipse": [
            {
                "seed": 4,
                "n_essays": 25,
                "n_comparisons": 150,
                "spearman": 0.5,
                "spearman_low": 0.25,
                "spearman_high": 0.625,
                "qwk": 0.45,
                "qwk_low": 0.2,
                "qwk_high": 0.6,
                "qwk_of_word_count": 0.25,
                "qwk_of_word_count_low": 0.0,
                "qwk_of_word_count_high": 0.5,
                "spearman_of_word_count": 0.3,
                "spearman_of_word_count_low": -0.05,
                "spearman_of_word_count_high": 0.4,
            }
        ],
    },
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the page freshly rendered."""
    assert render_results.main(["--folder", str(tmp_path)]) == 0
    return tmp_path


def test_a_fresh_page_passes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was just rendered is up to date, and nothing is said."""
    assert render_results.main(["--check", "--folder", str(folder)]) == 0
    assert capsys.readouterr().out == ""


def test_a_changed_or_missing_page_is_named_with_the_remedy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The line names the file and the command; nothing is written."""
    path = folder / PAGE
    line = f"{path}: is stale; run: {render_results.COMMAND}\n"
    path.write_text("changed", "utf-8")
    assert render_results.main(["--check", "--folder", str(folder)]) == 1
    assert (path.read_text("utf-8"), capsys.readouterr().out) == ("changed", line)
    path.unlink()
    assert render_results.main(["--check", "--folder", str(folder)]) == 1
    assert (path.exists(), capsys.readouterr().out) == (False, line)


def test_other_pages_of_the_folder_are_left_alone(folder: Path) -> None:
    """The page stands among pages that people write."""
    other = folder / "architecture.md"
    other.write_text("written by hand", "utf-8")
    assert render_results.main(["--check", "--folder", str(folder)]) == 0
    assert render_results.main(["--folder", str(folder)]) == 0
    assert other.read_text("utf-8") == "written by hand"


@pytest.mark.parametrize(
    "words",
    [
        "Measured at commit `0123456789ab` on Linux x86_64, 4 cores, Python 3.12.0, with the seeds 3, 4.",
        "| 3 | 9 | 54 | 0.700 | -0.100 |",
        "| 4 | 25 | 150 | 0.500 (0.250 to 0.625) | 0.450 (0.200 to 0.600) | 0.300 (-0.050 to 0.400) |",
        "make bench-judge CJ_REFERENCE_DATA=<folder>",
        "say nothing about real language models",
    ],
)
def test_the_page_says_what_was_measured_and_where(words: str) -> None:
    """Figures beside those of the word count, their origin, the command, and what they do not show."""
    assert words in render_results.synthetic_judge_page(RECORD)


def test_every_seed_of_the_record_has_its_row() -> None:
    """No figure is left out of the committed page."""
    text = render_results.RESULTS.renderers[PAGE]()
    figures = read_record("synthetic_judge")["figures"]
    rows = [f"| {row['seed']} | {row['n_anchors']} |" for row in figures["sample"]]
    rows += [f"| {row['seed']} | {row['n_essays']} |" for row in figures["ellipse"]]
    assert [row for row in rows if row not in text] == []


def test_the_committed_page_is_up_to_date() -> None:
    """`docs/synthetic-judge.md` is as its record has it; asked as the Makefile asks."""
    script = Path(render_results.__file__)
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
