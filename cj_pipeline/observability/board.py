"""Numbers on a board, one for every series and its labels, and how Prometheus's library wants them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, product

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.utils import floatToGoString

from cj_pipeline.observability.series import Kind, Series

Labels = tuple[str, ...]


@dataclass
class _Histogram:
    counts: list[int]
    total: int = 0


class Board:
    """Numbers by series and labels. What is declared is there from the beginning, at zero.

    A counter that appears with its first increment would hide it: Prometheus only sees what changes.

    Args:
        catalogue: What is declared.
        models: Pairs of provider and model that there are.
    """

    def __init__(self, catalogue: Sequence[Series], models: Sequence[tuple[str, str]]) -> None:
        self._numbers: dict[str, dict[Labels, float]] = {}
        self._histograms: dict[str, dict[Labels, _Histogram]] = {}
        self._catalogue = catalogue
        for series in catalogue:
            combinations = list(_combinations(series, models))
            if series.kind is Kind.HISTOGRAM:
                self._histograms[series.name] = {labels: _empty(series) for labels in combinations}
            else:
                self._numbers[series.name] = dict.fromkeys(combinations, 0)

    def add(self, series: Series, labels: Iterable[str], n: int) -> None:
        """Add to a counter or gauge, in the ledger's unit."""
        numbers, key = self._numbers[series.name], tuple(map(str, labels))
        numbers[key] = numbers.get(key, 0) + n

    def raise_to(self, series: Series, labels: Iterable[str], value: float) -> None:
        """Let a gauge show at least this."""
        numbers, key = self._numbers[series.name], tuple(map(str, labels))
        numbers[key] = max(numbers.get(key, 0), value)

    def observe(self, series: Series, labels: Iterable[str], bucket: int, n: int, total: int) -> None:
        """Add observations to a histogram.

        Args:
            series: The histogram.
            labels: Values of its labels.
            bucket: Place of the bucket they fall into; beyond the last bound they fall into the infinite one.
            n: Their number.
            total: Their sum, in the ledger's unit.
        """
        histogram = self._histograms[series.name].setdefault(tuple(map(str, labels)), _empty(series))
        histogram.counts[min(bucket, len(series.buckets))] += n
        histogram.total += total

    def families(self) -> Iterator[Metric]:
        """Everything, as the library takes it."""
        for series in self._catalogue:
            if series.kind is Kind.HISTOGRAM:
                yield self._histogram_family(series)
                continue
            kind = CounterMetricFamily if series.kind is Kind.COUNTER else GaugeMetricFamily
            family = kind(series.name, series.text, labels=series.labels)
            for labels, value in sorted(self._numbers[series.name].items()):
                family.add_metric(labels, value / series.unit)
            yield family

    def _histogram_family(self, series: Series) -> Metric:
        family = HistogramMetricFamily(series.name, series.text, labels=series.labels)
        bounds = [*map(floatToGoString, series.buckets), "+Inf"]
        for labels, histogram in sorted(self._histograms[series.name].items()):
            cumulated = zip(bounds, accumulate(histogram.counts), strict=True)
            family.add_metric(labels, list(cumulated), histogram.total / series.unit)
        return family


def _empty(series: Series) -> _Histogram:
    return _Histogram([0] * (len(series.buckets) + 1))


def _combinations(series: Series, models: Sequence[tuple[str, str]]) -> Iterator[Labels]:
    """Every combination of labels that can occur; with `model` those of the models there are."""
    has_model = "model" in series.labels
    rest = [label for label in series.labels if not (has_model and label in {"provider", "model"})]
    for fixed in product(*(series.values_of(label) for label in rest)):
        if not has_model:
            yield fixed
        for provider, model in models if has_model else ():
            known = {"provider": provider, "model": model, **dict(zip(rest, fixed, strict=True))}
            yield tuple(known[label] for label in series.labels)
