"""The tables of the throughput benchmark, from its record."""

from collections.abc import Mapping
from typing import Any

from tools.pages import table

_MB = 1e6


def render(record: Mapping[str, Any]) -> str:
    """The whole way beside the bare loop, and the memory that one large file takes."""
    rows = record["figures"]["whole_way"]
    whole = table(
        (
            "ledger",
            "comparisons",
            "requests, MB",
            "results, MB",
            "plan, s",
            "record and send, s",
            "collect, s",
            "bare loop, s",
            "ratio",
            "peak memory, MiB",
        ),
        [_whole_way(row) for row in rows],
    )
    large = table(
        ("ledger", "rows", "result file, MB", "collect, s", "memory before, MiB", "peak, MiB", "growth, MiB"),
        [_large_file(row) for row in record["figures"]["large_file"]],
    )
    return f"{whole}\n\n{large}"


def _whole_way(row: Mapping[str, Any]) -> tuple[object, ...]:
    ratio = (row["record_s"] + row["collect_s"]) / row["bare_s"]
    return (
        row["ledger"],
        f"{row['n_comparisons']:,}",
        round(row["request_bytes"] / _MB),
        round(row["result_bytes"] / _MB),
        row["plan_s"],
        row["record_s"],
        row["collect_s"],
        row["bare_s"],
        f"{ratio:.1f}",
        round(row["peak_mib"]),
    )


def _large_file(row: Mapping[str, Any]) -> tuple[object, ...]:
    return (
        row["ledger"],
        f"{row['n_rows']:,}",
        round(row["file_bytes"] / _MB),
        row["collect_s"],
        round(row["rss_before_mib"]),
        round(row["peak_mib"]),
        round(row["peak_mib"] - row["rss_before_mib"]),
    )
