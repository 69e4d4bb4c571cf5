"""Files that are broken in a thousand ways, read one after another: `python -m cj_pipeline_tests.support.fuzzing`.

A process of its own, because a library in C may take the whole process with it, and that is to be seen from outside.
"""

import json
import random
import resource
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import openpyxl
import pandas as pd

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.dispatch import read_document, read_rows
from cj_pipeline.intake.reading_child import MOST_MEMORY
from cj_pipeline_tests.support import essay_documents as written
from cj_pipeline_tests.support.memory import peak_bytes

PARAGRAPHS = ("A title", "Åsa writes about her role model, and about much else besides.\nOn two lines.", "The end.")
ROWS = pd.DataFrame({"id": ["a", "b"], "text": ["One; two", "Three, åäö"], "grade": ["B", ""]})
_BROKEN = b"\x00\xff\xfe<>&{}()[]\\\"';:/%\r\n \x80"
_MOST_PIECES = 8


def corpus() -> list[tuple[str, bytes]]:
    """One small file of every format, as real programs write it, with the ending it is read under."""
    plain = "\n\n".join(PARAGRAPHS)
    return [
        (".docx", written.word(PARAGRAPHS)),
        (".docx", written.edited_word()),
        (".odt", written.open_document(PARAGRAPHS)),
        (".odt", written.libre_office("<text:p>One<text:s text:c='3'/>two<text:line-break/>x</text:p>")),
        (".pdf", written.pdf(PARAGRAPHS)),
        (".pdf", written.scanned_pdf(1)),
        (".html", written.web_page(PARAGRAPHS)),
        (".rtf", written.rich_text(PARAGRAPHS)),
        (".txt", plain.encode("utf-16")),
        (".md", plain.encode("latin-1")),
        (".csv", ROWS.to_csv(index=False, sep=";").encode()),
        (".xlsx", _table(lambda out: _workbook().save(out))),
        (".jsonl", str(ROWS.to_json(orient="records", lines=True)).encode()),
        (".parquet", _table(ROWS.to_parquet)),
    ]


def _workbook() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    page = book.create_sheet("Essays", 0)
    for row in (list(ROWS.columns), *ROWS.to_numpy().tolist()):
        page.append(row)
    return book


def _table(write: Callable[[BytesIO], object]) -> bytes:
    out = BytesIO()
    write(out)
    return out.getvalue()


def mutated(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    """A file broken in a few places; of an archive half the time a part inside, packed again."""
    if data[:2] == b"PK" and rng.random() < 0.5:
        return _repacked(data, rng, others)
    return _broken(data, rng, others)


def _broken(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    for _ in range(rng.randint(1, _MOST_PIECES)):
        at, size = rng.randrange(len(data) + 1), min(rng.choice((1, 2, 4, 16, 64, 1024)), len(data))
        other = rng.choice(others)
        start = rng.randrange(len(other) + 1)
        piece = rng.choice(
            (
                rng.randbytes(size),
                bytes(rng.choices(_BROKEN, k=size)),
                data[at : at + size] * rng.choice((2, 100)),
                other[start : start + size],
                b"",
            )
        )
        data = data[:at] + piece + data[at + rng.choice((0, len(piece), size)) :]
    return data[: rng.randrange(len(data) + 1)] if rng.random() < 0.1 else data


def _repacked(data: bytes, rng: random.Random, others: Sequence[bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = rng.choice([name for name in names if name.endswith((".xml", ".rels"))] or names)
        for name in names:
            content = old.read(name)
            new.writestr(name, _broken(content, rng, others) if name == chosen else content)
    return out.getvalue()


def read(suffix: str, data: bytes) -> str:
    """Read a file as an essay, and as a table where it is one; returns how that ended."""
    try:
        if suffix in {".csv", ".xlsx", ".jsonl", ".parquet"}:
            read_rows(suffix, data)
        else:
            read_document(suffix, data)
    except ConfigurationError as error:
        return "damaged" if "is damaged" in str(error) else "refused"
    return "read"


def fuzz(n_files: int, seed: int) -> dict[str, object]:
    """Read broken files, all formats in turn, and say how it went."""
    rng = random.Random(seed)  # noqa: S311 (not for secrets)
    seeds = corpus()
    others = [data for _, data in seeds]
    ended: Counter[str] = Counter()
    slowest, of = 0.0, ""
    for n in range(n_files):
        suffix, data = seeds[n % len(seeds)]
        broken = mutated(data, rng, others)
        began = time.perf_counter()
        ended[read(suffix, broken)] += 1
        took = time.perf_counter() - began
        slowest, of = max((slowest, of), (took, f"{n}{suffix}"))
    return {"n_files": n_files, **ended, "slowest_s": round(slowest, 3), "slowest": of, "peak_bytes": peak_bytes()}


def main() -> None:
    """Fuzz with a gigabyte to spare over what the writers' libraries have taken, and print how it went."""
    corpus()
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MOST_MEMORY, taken + MOST_MEMORY))
    sys.stdout.write(json.dumps(fuzz(int(sys.argv[1]), int(sys.argv[2]))))


if __name__ == "__main__":
    main()
