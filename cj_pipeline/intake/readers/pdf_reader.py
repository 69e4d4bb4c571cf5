"""PDF files, by PDFium (the engine of Chrome)."""

from collections.abc import Iterator, Sequence
from ctypes import c_double
from itertools import pairwise
from statistics import median
from typing import Final

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.paragraphs import joined
from cj_pipeline.intake.readers.pdf_lines import Line, paragraphs_of

_MOST_PAGES: Final = 200
_MOST_UNREADABLE: Final = 0.1
_LINE_ENDS: Final = "\r\n"
_HYPHEN: Final = "\x02"
"""What PDFium gives for a hyphen that only breaks a word at the end of a line."""


def read_pdf(data: bytes) -> str:
    """Text of a PDF.

    Raises:
        ConfigurationError: It is locked with a password, or pages of it are pictures, or its letters cannot be told.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium_c.FPDF_ERR_PASSWORD:
            raise ConfigurationError("is locked with a password; save it without one.") from error
        raise
    try:
        return _text(document)
    finally:
        document.close()


def _text(document: pdfium.PdfDocument) -> str:
    if len(document) > _MOST_PAGES:
        raise ConfigurationError(f"has {len(document)} pages; an essay has {_MOST_PAGES} at most.")
    lines: list[Line] = []
    pictures: list[int] = []
    for number in range(len(document)):
        page = document[number]
        found = list(_lines(page, number))
        lines += found
        if not found and any(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])):
            pictures.append(number + 1)
    if pictures:
        raise ConfigurationError(
            f"is scanned: page {', '.join(map(str, pictures))} is a picture without text; run text recognition (OCR) "
            "over it, or ask for the file it was printed from."
        )
    return _require_letters(joined(paragraphs_of(lines)))


def _require_letters(text: str) -> str:
    unreadable = sum(char == "\ufffd" or "\ue000" <= char <= "\uf8ff" for char in text)
    if unreadable > len(text) * _MOST_UNREADABLE:
        raise ConfigurationError("does not say which letters it prints; ask for the file it was printed from.")
    return text


def _lines(page: pdfium.PdfPage, number: int) -> Iterator[Line]:
    text_page = page.get_textpage()
    begun: list[int] = []
    chars = [pdfium_c.FPDFText_GetUnicode(text_page, i) for i in range(text_page.count_chars())]
    for i, code in enumerate([*chars, ord("\n")]):
        if chr(code) not in _LINE_ENDS:
            begun.append(i)
        elif begun:
            line = _line(text_page, chars, begun, number)
            if line is not None:
                yield line
            begun = []


def _line(text_page: pdfium.PdfTextPage, chars: Sequence[int], places: Sequence[int], page: int) -> Line | None:
    text = _decoded([chars[i] for i in places])
    inked = [i for i in places if chars[i] not in (0, *b" \xa0\t")]
    if not text.strip(f" \t\xa0{_HYPHEN}") or not inked:
        return None
    boxes = [text_page.get_charbox(i, loose=True) for i in inked]
    apart = (k for k, (i, j) in enumerate(pairwise(inked), 1) if j != i + 1)
    word = next(apart, len(inked))
    height = max(top - bottom for _, bottom, _, top in boxes)
    return Line(
        page=page,
        text=text.replace(_HYPHEN, "").strip(),
        left=min(box[0] for box in boxes),
        right=max(box[2] for box in boxes),
        baseline=median(_baseline(text_page, i) for i in inked),
        height=height,
        first_word=boxes[word - 1][2] - boxes[0][0] + height / 4,
        hyphenated=text.rstrip().endswith(_HYPHEN),
    )


def _baseline(text_page: pdfium.PdfTextPage, place: int) -> float:
    x, y = c_double(), c_double()
    pdfium_c.FPDFText_GetCharOrigin(text_page, place, x, y)
    return y.value


def _decoded(codes: Sequence[int]) -> str:
    """Letters of code units; what is half a character is replaced."""
    raw = b"".join(chr(code).encode("utf-16-le", "surrogatepass") for code in codes if code)
    return raw.decode("utf-16-le", "replace")
