"""What a file is: by its first bytes where they tell, else by its name."""

from enum import StrEnum
from typing import Final

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.archives import names_in


class Kind(StrEnum):
    """A format that is read."""

    PLAIN = "plain text"
    DOCX = "Word"
    ODT = "OpenDocument"
    PDF = "PDF"
    HTML = "web page"
    RTF = "rich text"
    CSV = "CSV"
    XLSX = "Excel"
    JSONL = "JSON lines"
    PARQUET = "Parquet"


ESSAY_SUFFIXES: Final = {
    ".txt": Kind.PLAIN,
    ".md": Kind.PLAIN,
    ".docx": Kind.DOCX,
    ".odt": Kind.ODT,
    ".pdf": Kind.PDF,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".rtf": Kind.RTF,
}
"""Formats that hold one essay per file."""

TABLE_SUFFIXES: Final = {
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".xlsx": Kind.XLSX,
    ".jsonl": Kind.JSONL,
    ".parquet": Kind.PARQUET,
}
"""Formats that hold a table."""

KNOWN_ESSAYS: Final = ", ".join(ESSAY_SUFFIXES)
KNOWN_TABLES: Final = ", ".join(TABLE_SUFFIXES)

_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_OFFICE: Final = "EncryptedPackage".encode("utf-16-le")
_SIGNATURES: Final = ((b"%PDF-", Kind.PDF), (b"{\\rtf", Kind.RTF), (b"PAR1", Kind.PARQUET))
_PARTS: Final = (("word/document.xml", Kind.DOCX), ("xl/workbook.xml", Kind.XLSX))
_ODT: Final = b"mimetypeapplication/vnd.oasis.opendocument.text"
_PAGES: Final = (b"<!doctype html", b"<html")
_PICTURES: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")
_HEAD: Final = 2048


def kind_of(suffix: str, data: bytes) -> Kind:
    """The format of a file; a wrong ending does not matter where the first bytes tell what it is.

    Args:
        suffix: Ending of its name, small letters, with the dot.
        data: The whole file.

    Raises:
        ConfigurationError: It is in a format that is not read. The message is a clause without a subject.
    """
    found = _signed(data)
    if found is not None:
        return found
    named = ESSAY_SUFFIXES.get(suffix) or TABLE_SUFFIXES.get(suffix)
    if named is None:
        raise ConfigurationError(f"not an essay file; expected one of {KNOWN_ESSAYS}. Convert or remove it.")
    return _without_signature(named, data)


def _without_signature(named: Kind, data: bytes) -> Kind:
    """A document that lacks its first bytes: text under a wrong name, which harms nobody, or a broken file."""
    is_document = named in {Kind.DOCX, Kind.ODT, Kind.PDF}
    broken = not data.strip() or data[:2] == b"PK" or b"\x00" in data[:_HEAD] or b"%PDF" in data[:_HEAD]
    return Kind.PLAIN if is_document and not broken else named


def _signed(data: bytes) -> Kind | None:
    head = data[:_HEAD]
    if head.startswith(_OLD_OFFICE):
        if _LOCKED_OFFICE in data:
            raise ConfigurationError("is locked with a password; save it without one.")
        raise ConfigurationError("is in an old format of Office; open it and save it as .docx or .xlsx.")
    if head.startswith(_PICTURES):
        raise ConfigurationError("is a picture; run text recognition (OCR) over it, or ask for the text.")
    for start, kind in _SIGNATURES:
        if head.startswith(start):
            return kind
    if head.startswith(b"PK"):
        return _packed(data)
    return Kind.HTML if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_PAGES) else None


def _packed(data: bytes) -> Kind | None:
    if _ODT in data[:200]:
        return Kind.ODT
    names = names_in(data)
    return next((kind for part, kind in _PARTS if part in names), None)
