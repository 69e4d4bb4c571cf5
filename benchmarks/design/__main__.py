"""`make bench-design`: writes `benchmarks/design.json`."""

import sys

from benchmarks.design.measure import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
