"""The command; see `suite`."""

import sys

from benchmarks.peers.suite import main

if __name__ == "__main__":
    sys.exit(main())
