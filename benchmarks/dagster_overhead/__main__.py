"""The command of this benchmark."""

import sys

from benchmarks.dagster_overhead.suite import main

if __name__ == "__main__":
    sys.exit(main())
