"""Renders pages of figures from the records in `benchmarks`: `.venv/bin/python tools/render_results.py`.

With `--check` nothing is written: a page that is not as its record would have it is named, and the exit code is 1.
Nothing is measured here: the benchmarks do that, and write the records.
"""

import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from benchmarks.record import read_record
from tools.efficiency_page import efficiency_page
from tools.eng5_runbook_page import eng5_runbook_page
from tools.estimation_page import estimation_page
from tools.grades_page import grades_page
from tools.hostile_essays_page import hostile_essays_page
from tools.intake_page import intake_page
from tools.pages import DOCS, Pages, mark, page, table
from tools.reliability_page import reliability_page
from tools.runbook_page import runbook_page
from tools.running_dagster_page import running_dagster_page
from tools.two_workers_page import two_workers_page

COMMAND: Final = ".venv/bin/python tools/render_results.py"

_WHAT = """\
The [emulator](decisions/0005-emulator-at-the-socket.md) answers with a synthetic judge: a small program that weighs
surface features of writing (signs of errors, range of words, connectives, sentences, length), adds noise, and slightly
prefers the essay shown first. It reads no sense into a text. Its weights were set before any data were seen.
The size of its noise was set once, after a first look at the sample and before it was run on ELLIPSE, so that random
pairs are decided by quality about four times in five, as published model judges manage.

**These figures say nothing about real language models**: none was asked. They show what the pipeline makes of a judge
that sees some of the quality of a text and is often wrong."""

_HOW = """\
Every figure comes from a whole run over the socket: read, plan, submit, poll, collect, rank. The seed is the
synthetic judge's, so seeds differ in its noise; essays and pair sets stay the same. Beside each figure stands what the
number of words alone would give."""

_SAMPLE = """\
Kendall's tau-b between the measures and the grades of the anchors in `data/assessments/eng5-role-models`. The essays
and their grades were made up for this project: a grade is what the text was written to be."""

_ELLIPSE = """\
Agreement of the ranking with the human overall score of learner essays on one task of the ELLIPSE corpus (impact of
technology): Spearman's rank correlation with the measures, and quadratic weighted kappa (QWK). Kappa needs scores on
both sides, so the people's scores are given out in the order of the ranking. In brackets: 95 % bootstrap interval over
essays, 2,000 draws. The essays are not part of this repository."""

_AGREEMENT: Final = {
    "spearman": "Spearman",
    "qwk": "QWK",
    "spearman_of_word_count": "Spearman of word count",
    "qwk_of_word_count": "QWK of word count",
}

_AGAIN = """\
The folder holds the reference data: `ellipse/impact_of_technology.csv` with the columns `essay_id`, `text` and
`overall`. The command writes `benchmarks/synthetic_judge.json`, from which this page is rendered.

```sh
make bench-judge CJ_REFERENCE_DATA=<folder>
make reference
```"""


def synthetic_judge_page(record: Mapping[str, Any]) -> str:
    """How well the emulator's synthetic judge orders essays.

    Args:
        record: What `benchmarks.synthetic_judge` wrote.
    """
    sample, ellipse = record["figures"]["sample"], record["figures"]["ellipse"]
    return page(
        mark("benchmarks/synthetic_judge.json", "tools/render_results.py", COMMAND),
        "How well the synthetic judge orders essays",
        _WHAT,
        "## How it was measured",
        _HOW,
        _origin(record, [*sample, *ellipse]),
        "## Sample anchors",
        _SAMPLE,
        table(
            ("seed", "anchors", "comparisons", "tau-b", "tau-b of word count"),
            [
                (
                    row["seed"],
                    row["n_anchors"],
                    row["n_comparisons"],
                    _figure(row, "tau_b"),
                    _figure(row, "tau_b_of_word_count"),
                )
                for row in sample
            ],
        ),
        "## ELLIPSE",
        _ELLIPSE,
        table(
            ("seed", "essays", "comparisons", *_AGREEMENT.values()),
            [
                (
                    row["seed"],
                    row["n_essays"],
                    row["n_comparisons"],
                    *(_with_interval(row, name) for name in _AGREEMENT),
                )
                for row in ellipse
            ],
        ),
        "## Measuring again",
        _AGAIN,
    )


def _origin(record: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> str:
    seeds = ", ".join(map(str, sorted({row["seed"] for row in rows})))
    return f"Measured at commit `{record['commit']}` on {record['machine']}, with the seeds {seeds}."


def _figure(row: Mapping[str, Any], name: str) -> str:
    return f"{row[name]:.3f}"


def _with_interval(row: Mapping[str, Any], name: str) -> str:
    return f"{_figure(row, name)} ({_figure(row, f'{name}_low')} to {_figure(row, f'{name}_high')})"


def _reliability() -> str:
    return reliability_page(read_record("fault_suite"), read_record("peers"), read_record("throughput"), COMMAND)


RESULTS: Final = Pages(
    DOCS,
    {
        "synthetic-judge.md": lambda: synthetic_judge_page(read_record("synthetic_judge")),
        "reliability.md": _reliability,
        "operations/cj-assessment-runbook.md": lambda: runbook_page(COMMAND),
        "operations/eng5-np-runbook.md": lambda: eng5_runbook_page(COMMAND),
        "efficiency.md": lambda: efficiency_page(read_record("ablation"), read_record("design"), COMMAND),
        "several-workers.md": lambda: two_workers_page(read_record("two_workers"), COMMAND),
        "grades.md": lambda: grades_page(read_record("grades"), COMMAND),
        "reading-essays.md": lambda: intake_page(read_record("intake"), COMMAND),
        "estimation.md": lambda: estimation_page(COMMAND),
        "running-dagster.md": lambda: running_dagster_page(
            read_record("acceptance"), read_record("dagster_overhead"), COMMAND
        ),
        "hostile-essays.md": lambda: hostile_essays_page(read_record("hostile_essays"), COMMAND),
    },
    COMMAND,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Render or check all pages; returns the exit code."""
    return RESULTS.main(arguments, "Render pages of figures from the records in benchmarks.")


if __name__ == "__main__":
    sys.exit(main())
