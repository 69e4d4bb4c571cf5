"""`make bench`: seconds and memory for a large cohort, on SQLite and PostgreSQL, beside a bare loop."""

import json
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks.record import write_record
from cj_pipeline_tests.support.postgres import running_postgres
from tools.throughput_table import render

N = 100_000
LARGE_MIB = 200


def measured(*arguments: str) -> dict[str, Any]:
    """Run one measurement in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.throughput.measure", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 (our own module)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    sys.stdout.write(f"{arguments[0]}: {found}\n")
    sys.stdout.flush()
    return found


def main() -> int:
    """Measure, keep the record, print the table."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else N
    rows, large = [], []
    with running_postgres() as server:
        for name in ("SQLite", "PostgreSQL"):
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite:///{folder}/ledger.db" if name == "SQLite" else server.new_database()
                found = measured("whole_way", folder, url, str(n))
                loop = measured("bare", folder, str(n))
                rows.append({"ledger": name, **found, "bare_s": loop["bare_s"], "bare_bytes": loop["request_bytes"]})
            with tempfile.TemporaryDirectory() as folder:
                url = f"sqlite:///{folder}/ledger.db" if name == "SQLite" else server.new_database()
                measured("large_job", folder, url)
                large.append({"ledger": name, **measured("large_file", folder, url, str(LARGE_MIB))})
    figures = {"seed": 1, "whole_way": rows, "large_file": large}
    if n == N:
        write_record("throughput", figures)
    sys.stdout.write(render({"figures": figures}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
