"""`make bench-reliability`: writes `coin_toss.json`, `known_truth.json` and `misfit_bands.json`."""

import sys

from benchmarks.quality import bands, coin_toss

if __name__ == "__main__":
    coin_toss.main()
    bands.main()
    sys.exit(0)
