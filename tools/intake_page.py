"""The page on what reading essays takes, from its record."""

from collections.abc import Mapping
from typing import Any, Final

from tools.pages import mark, page, table

_FUZZED: Final = """\
Small files of all formats, as real programs write them, were broken in up to eight places each (letters changed, pieces
taken out, repeated, or put in from other files; of archives half the time a part inside) and read one after another in
one process. *Read*: some text came out. *Refused*: named with a cause. *Damaged*: named as such. Any other end would
have ended the process. What people's files are read in is bounded besides: ten seconds and a gigabyte per file
([0031](decisions/0031-reading-files.md))."""

_MIXED: Final = """\
The sixty files of the tests (Word, OpenDocument, PDF, web pages, rich text, text in six encodings, one file of 5 MB; a
dozen that cannot be used): {n_read} read, {n_named} named with a cause, in {seconds} processor seconds, child processes
included. No child took more than {peak:.0f} MB."""

_ALIKE: Final = """\
Made-up texts of 300 words, drawn as words are frequent; in {n_planted} pairs the second text begins with 170 words of
the first. Processor seconds and peak memory of a process of its own, texts included."""

_AGAIN: Final = """\
```sh
make bench-intake
make reference
```"""


def intake_page(record: Mapping[str, Any], command: str) -> str:
    """What reading essays takes.

    Args:
        record: What `benchmarks.intake` wrote.
        command: What a person runs to render the page.
    """
    figures = record["figures"]
    mixed, alike = figures["mixed"], figures["near_duplicates"]
    return page(
        mark("benchmarks/intake.json", "tools/render_results.py", command),
        "Reading essays, measured",
        f"Measured at commit `{record['commit']}` on {record['machine']}.",
        "## Broken files",
        _FUZZED,
        table(
            ("seed", "files", "read", "refused", "damaged", "slowest, s", "peak memory, MB"),
            [
                (
                    row["seed"],
                    f"{row['n_files']:,}",
                    f"{row['read']:,}",
                    f"{row['refused']:,}",
                    f"{row['damaged']:,}",
                    f"{row['slowest_s']:.1f}",
                    f"{row['peak_bytes'] / 1e6:.0f}",
                )
                for row in figures["fuzzed"]
            ],
        ),
        "## A folder as schools bring it",
        _MIXED.format(**mixed, peak=mixed["peak_bytes_of_a_child"] / 1e6),
        "## Near-duplicates",
        _ALIKE.format(n_planted=alike[0]["n_planted"]),
        table(
            ("texts", "planted pairs found", "other pairs", "seconds", "peak memory, MB"),
            [
                (
                    f"{row['n_texts']:,}",
                    f"{row['n_found']} of {row['n_planted']}",
                    row["n_others"],
                    f"{row['seconds']:.1f}",
                    f"{row['peak_bytes'] / 1e6:.0f}",
                )
                for row in alike
            ],
        ),
        "## Measuring again",
        _AGAIN,
    )
