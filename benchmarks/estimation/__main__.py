"""`make bench-estimation`: the peers (`suite`), then `coverage` and `strength`, each alone where it is named."""

import sys

from benchmarks.estimation import suite


def main(arguments: list[str]) -> int:
    """Run what is named first, or the peers."""
    if arguments[:1] == ["coverage"]:
        from benchmarks.estimation import coverage  # noqa: PLC0415 (peers run this file in environments of their own)

        return coverage.main(arguments[1:])
    if arguments[:1] == ["strength"]:
        from benchmarks.estimation import strength  # noqa: PLC0415 (as above)

        return strength.main()
    return suite.main(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
