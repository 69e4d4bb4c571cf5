"""The parts of the reference page about metrics, from the declared series."""

from cj_pipeline.observability.catalogue import CATALOGUE
from cj_pipeline.observability.series import LABEL_VALUES
from tools.pages import table

_ABOUT = (
    "What `cj metrics serve` and `cj metrics write` show. Every number is counted from the ledger whenever it is asked "
    "for: it survives restarts, and every process says the same. What can be known beforehand is there at zero. What "
    "is done with it: [monitoring](../operations/monitoring.md)."
)


def metrics_parts() -> list[str]:
    """Series, labels and buckets, in paragraphs."""
    series = [(f"`{s.name}`", s.kind.value, _code(s.labels), s.text) for s in CATALOGUE]
    labels = [(f"`{label}`", _code(values)) for label, values in LABEL_VALUES.items()]
    labels.append(("`model`", "models that were asked, by the names of [the model table](models.md)"))
    others = [(f"`{s.name}`", f"`{label}`", _code(values)) for s in CATALOGUE for label, values in s.values.items()]
    buckets = [(f"`{s.name}`", ", ".join(f"{bound:g}" for bound in s.buckets)) for s in CATALOGUE if s.buckets]
    return [
        _ABOUT,
        table(("series", "kind", "labels", "what it counts"), series),
        "## Labels",
        table(("label", "values"), labels),
        "In some series a label takes other values:",
        table(("series", "label", "values"), others),
        "## Buckets",
        "Upper bounds, without the infinite one.",
        table(("histogram", "bounds"), buckets),
    ]


def _code(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)
