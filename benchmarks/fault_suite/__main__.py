"""The command of the fault suite; all of it is in `suite`, which worker processes can import."""

import sys

from benchmarks.fault_suite.suite import main

if __name__ == "__main__":
    sys.exit(main())
