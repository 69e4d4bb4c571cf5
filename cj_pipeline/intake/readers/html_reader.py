"""Web pages (.html), by lxml: blocks as paragraphs, what is not shown left out."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import html
from lxml.etree import ParserError

from cj_pipeline.intake.readers.decoding import decode
from cj_pipeline.intake.readers.paragraphs import joined

_BLOCKS: Final = {
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
}
_UNSEEN: Final = {
    "head",
    "iframe",
    "math",
    "noscript",
    "object",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
}
_BREAK: Final = "\x1d"
"""Stands for the edge of a block while the text is put together; a page cannot hold it."""

_SPACE: Final = " \t\n\r\x0c"
_DEEPEST: Final = 250


def read_html(data: bytes) -> str:
    """Text of a web page as it is shown: white space run together, `<br>` as a line end."""
    text = decode(data).replace(_BREAK, " ").replace("\x00", "")
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        page = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except ParserError:
        return ""
    return joined(_tidied(block) for block in "".join(_pieces(page, 0)).split(_BREAK))


def _pieces(element: html.HtmlElement, depth: int) -> Iterator[str]:
    if depth > _DEEPEST or element.tag in _UNSEEN or _is_hidden(element):
        return
    edge = _BREAK if element.tag in _BLOCKS else ""
    keeps = element.tag == "pre"
    yield edge
    yield _run(element.text, keeps=keeps)
    for child in element:
        if child.tag == "br":
            yield "\n"
        else:
            yield from _pieces(child, depth + 1)
        yield _run(child.tail, keeps=keeps)
    yield edge


def _is_hidden(element: html.HtmlElement) -> bool:
    style = (element.get("style") or "").replace(" ", "").lower()
    return "hidden" in element.attrib or "display:none" in style or "visibility:hidden" in style


def _run(text: str | None, *, keeps: bool) -> str:
    """White space as a browser shows it: one space for any run of it, except in preformatted text."""
    if not text or keeps:
        return text or ""
    inner = " ".join(text.split())
    return f"{' ' * (text[0] in _SPACE)}{inner}{' ' * (bool(inner) and text[-1] in _SPACE)}"


def _tidied(block: str) -> str:
    lines = block.split("\n")
    return "\n".join(re.sub(" {2,}", " ", line).strip() for line in lines)
