"""`make bench-reliability`: writes `benchmarks/coin_toss.json`."""

import sys

from benchmarks.coin_toss.suite import main

if __name__ == "__main__":
    sys.exit(main())
