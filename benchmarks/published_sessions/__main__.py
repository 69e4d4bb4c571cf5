"""`make sessions CJ_REFERENCE_DATA=<folder>`: writes `benchmarks/published_sessions.json`."""

import os
import sys
from pathlib import Path

from benchmarks.published_sessions.measure import measure
from benchmarks.record import write_record

if __name__ == "__main__":
    path = write_record("published_sessions", measure(Path(os.environ["CJ_REFERENCE_DATA"])))
    sys.stdout.write(f"{path}\n")
