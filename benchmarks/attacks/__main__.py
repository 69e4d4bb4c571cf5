"""`make attacks`: writes `benchmarks/hostile_essays.json`."""

import sys

from benchmarks.attacks.suite import main

if __name__ == "__main__":
    sys.exit(main())
