"""`make bench-grades`: writes `benchmarks/grades.json`."""

import sys
from pathlib import Path

from benchmarks.grades.perfect import perfect_figures
from benchmarks.grades.sessions import session_figures
from benchmarks.grades.simulated import calibration_figures
from benchmarks.record import write_record


def main(reference: Path) -> int:
    """Measure everything and write the record; returns the exit code."""
    figures = {
        "perfect": perfect_figures(),
        "sessions": [session_figures(folder) for folder in sorted((reference / "graded_sessions").iterdir())],
        "calibration": calibration_figures(),
    }
    sys.stdout.write(write_record("grades", figures).read_text("utf-8"))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
