"""The command of this benchmark."""

import sys

from benchmarks.acceptance.suite import main

if __name__ == "__main__":
    sys.exit(main())
