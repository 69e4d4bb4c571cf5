"""`make ablation`: writes `benchmarks/ablation.json`."""

import sys

from benchmarks.ablation.suite import main

if __name__ == "__main__":
    sys.exit(main())
