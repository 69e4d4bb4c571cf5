"""Prometheus's collector over the ledger, and the same numbers as a table for tests and suites."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from cj_pipeline.ledger.tallies import Bounds, Tallies
from cj_pipeline.observability.catalogue import BOUNDS
from cj_pipeline.observability.counting import counted

Key = tuple[str, tuple[tuple[str, str], ...]]
"""A sample's name, and its labels with their values in alphabetical order."""

Samples = dict[Key, float]


class Tallied(Protocol):
    """The part of the ledger that metrics are made of."""

    def tallies(self, bounds: Bounds) -> Tallies:
        """The whole ledger in sums."""
        ...


class LedgerCollector(Collector):
    """Reads the ledger whenever it is asked; keeps nothing.

    Args:
        ledger: The ledger.
        now: Tells the time, for ages.
    """

    def __init__(self, ledger: Tallied, now: Callable[[], datetime]) -> None:
        self._ledger, self._now = ledger, now

    def collect(self) -> Iterable[Metric]:
        """Every declared series, as it is now."""
        return counted(self._ledger.tallies(BOUNDS), self._now()).families()


def registry_of(ledger: Tallied, now: Callable[[], datetime]) -> CollectorRegistry:
    """A registry that holds the ledger's series and nothing of this process."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(LedgerCollector(ledger, now))
    return registry


def read_samples(ledger: Tallied, now: Callable[[], datetime]) -> Samples:
    """All samples by name and labels, as a scrape would show them; for exact differences before and after.

    Args:
        ledger: The ledger.
        now: Tells the time, for ages.
    """
    families = LedgerCollector(ledger, now).collect()
    return {sample_key(s.name, **s.labels): s.value for family in families for s in family.samples}


def sample_key(name: str, /, **labels: str) -> Key:
    """The key of a sample in what `read_samples` returns."""
    return name, tuple(sorted((label, str(value)) for label, value in labels.items()))


def changes(before: Mapping[Key, float], after: Mapping[Key, float]) -> Samples:
    """What has changed between two readings, and by how much; what was not there before counts as zero."""
    differences = {key: value - before.get(key, 0.0) for key, value in after.items()}
    return {key: difference for key, difference in differences.items() if difference}
