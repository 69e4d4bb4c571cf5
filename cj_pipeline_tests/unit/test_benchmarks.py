# ruff: noqa: D103 - the names of the tests say it
"""The benchmarks' own parts: what they measure must be the real thing, and done in full. No time is asserted."""

import ast
from pathlib import Path

from benchmarks import count_payments
from benchmarks.throughput.measure import bare, large_file, large_job, whole_way


def test_the_whole_way_plans_sends_and_collects_everything(tmp_path: Path) -> None:
    found = whole_way(tmp_path, f"sqlite:///{tmp_path}/ledger.db", 3000)
    loop = bare(tmp_path, 3000)

    assert found["n_comparisons"] == found["n_verdicts"] == loop["n_verdicts"] == 3000
    assert abs(found["request_bytes"] / loop["request_bytes"] - 1) < 0.1
    assert found["request_bytes"] / 3000 > 8000


def test_a_large_file_is_collected_whole(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/ledger.db"
    prepared = large_job(tmp_path, url, n=3000)

    found = large_file(tmp_path, url, size_mib=4, n=3000)

    assert prepared == {"n_jobs": 1}
    assert found["n_rows"] == 3000
    assert 3e6 < found["file_bytes"] < 6e6


def test_the_counting_script_imports_nothing_of_the_project() -> None:
    source = Path(count_payments.__file__).read_text("utf-8")
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert not imported & {"cj_pipeline", "cj_pipeline_tests", "benchmarks", "tools", ""}
