"""Word files (.docx), by python-docx: paragraphs as they are read, also in tables, text boxes and tracked changes."""

from collections.abc import Iterator
from io import BytesIO
from typing import Final

import docx
from docx.oxml.ns import qn
from lxml import etree

from cj_pipeline.intake.readers.archives import require_harmless
from cj_pipeline.intake.readers.paragraphs import joined

_PARAGRAPH: Final = qn("w:p")
_TEXT: Final = qn("w:t")
_SIGNS: Final = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_PASSED_OVER: Final = {
    qn("w:del"),
    qn("w:moveFrom"),
    # A tab in the properties of a paragraph is a tab stop, not a character.
    qn("w:pPr"),
    # A text box stands twice: as it is drawn now, and as older programs draw it.
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_HIDDEN: Final = f"{qn('w:rPr')}/{qn('w:vanish')}"
_OFF: Final = {"0", "false", "off"}


def read_docx(data: bytes) -> str:
    """Text of a Word file: what a reader sees, without deleted and hidden text, notes, headers and footers."""
    require_harmless(data)
    body = docx.Document(BytesIO(data)).element.body
    return joined(_paragraphs(body))


def _paragraphs(body: etree._Element) -> Iterator[str]:
    """Every paragraph by itself, also one inside another (a text box), in the order of the file."""
    for paragraph in body.iter(_PARAGRAPH):
        if not any(parent.tag in _PASSED_OVER for parent in paragraph.iterancestors()):
            yield "".join(_pieces(paragraph))


def _pieces(element: etree._Element) -> Iterator[str]:
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag != _PARAGRAPH and child.tag not in _PASSED_OVER and not _is_hidden(child):
            yield from _pieces(child)


def _is_hidden(element: etree._Element) -> bool:
    mark = element.find(_HIDDEN)
    return mark is not None and mark.get(qn("w:val")) not in _OFF
