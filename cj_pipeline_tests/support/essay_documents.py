"""Essays as real programs write them: Word, OpenDocument, PDF, web page, rich text, and text in many encodings."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from fpdf import FPDF
from odfdo import Document, Header, LineBreak, Paragraph
from PIL import Image, ImageDraw

_ODT = "application/vnd.oasis.opendocument.text"
_NAMESPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"'
)
_MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{inner}'
    "</manifest:file-entry></manifest:manifest>"
)
LOCKED_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
"""The head of what Word writes when a file is given a password."""

OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(600)
"""The head of a file of Word 97."""


def word(paragraphs: Sequence[str], *, padding: int = 0) -> bytes:
    """A Word file; `padding` is the size of a picture in it, bytes."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if padding:
        document.add_picture(BytesIO(noise(padding)))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def edited_word() -> bytes:
    """A Word file with a heading, a line break, tabs, a table, tracked changes, hidden text and a link."""
    document = docx.Document()
    document.add_heading("A heading", 1)
    paragraph = document.add_paragraph("First line")
    paragraph.add_run().add_break()
    paragraph.add_run("second ")
    paragraph.add_run("line, one word in bo")
    paragraph.add_run("ld.").bold = True
    _tracked(paragraph, "w:ins", "w:t", " Added.")
    _tracked(paragraph, "w:del", "w:delText", " Taken out.")
    paragraph.add_run(" Hidden.").font.hidden = True
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left cell", "right cell"
    document.add_paragraph("")
    document.add_paragraph("Tab\there, non\u2011breaking.")
    document.sections[0].header.paragraphs[0].text = "Name: Anna Svensson"
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _tracked(paragraph: Any, kind: str, inner: str, text: str) -> None:  # noqa: ANN401 (python-docx's own)
    change, run, words = OxmlElement(kind), OxmlElement("w:r"), OxmlElement(inner)
    words.text = text
    words.set(qn("xml:space"), "preserve")
    run.append(words)
    change.append(run)
    paragraph._p.append(change)


def open_document(paragraphs: Sequence[str]) -> bytes:
    """An OpenDocument text, as a library writes it."""
    document = Document("text")
    document.body.clear()
    for paragraph in paragraphs:
        written = Paragraph()
        for i, line in enumerate(paragraph.split("\n")):
            if i:
                written.append(LineBreak())
            written.append_plain_text(line)
        document.body.append(written)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def headed_open_document(heading: str, paragraph: str) -> bytes:
    """An OpenDocument text with a heading."""
    document = Document("text")
    document.body.clear()
    document.body.append(Header(1, heading))
    document.body.append(Paragraph(paragraph))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def libre_office(body: str, *, locked: bool = False, doctype: str = "") -> bytes:
    """An OpenDocument text as LibreOffice packs it, around the XML of its body."""
    inner = '<manifest:encryption-data manifest:checksum="x"/>' if locked else ""
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{doctype}<office:document-content {_NAMESPACES}>'
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", _ODT, zipfile.ZIP_STORED)
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr("META-INF/manifest.xml", _MANIFEST.format(kind=_ODT, inner=inner), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def pdf(paragraphs: Sequence[str], *, password: str = "") -> bytes:
    """A PDF with an empty line between paragraphs; lines are broken where they have no room."""
    page = FPDF()
    page.add_page()
    page.set_font("helvetica", size=12)
    if password:
        page.set_encryption(owner_password=f"{password}-owner", user_password=password)
    page.multi_cell(0, 7, "\n\n".join(paragraphs))
    return bytes(page.output())


def scanned_pdf(n_text_pages: int = 0) -> bytes:
    """A PDF whose last page is a picture of a text."""
    picture = Image.new("RGB", (400, 560), "white")
    ImageDraw.Draw(picture).text((40, 60), "My role model is my grandmother.", fill="black")
    page = FPDF()
    page.set_font("helvetica", size=12)
    for _ in range(n_text_pages):
        page.add_page()
        page.multi_cell(0, 7, "This page has words on it.")
    page.add_page()
    page.image(picture, 0, 0, 210)
    return bytes(page.output())


def empty_pdf() -> bytes:
    """A PDF of one blank page."""
    page = FPDF()
    page.add_page()
    return bytes(page.output())


def web_page(paragraphs: Sequence[str], charset: str = "utf-8") -> bytes:
    """A web page."""
    body = "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>\n" for paragraph in paragraphs)
    head = f"<head><meta charset='{charset}'><title>Title</title><style>p {{color: red}}</style></head>"
    return f"<!DOCTYPE html>\n<html>{head}<body>{body}<script>alert(1)</script></body></html>".encode(charset)


def rich_text(paragraphs: Sequence[str]) -> bytes:
    """Rich text as Word writes it: letters beyond ASCII by their code."""
    body = "".join(rf"\pard {_escaped(paragraph)}\par" + "\n" for paragraph in paragraphs)
    fonts = r"{\fonttbl{\f0\fswiss\fcharset0 Arial;}}"
    return (r"{\rtf1\ansi\ansicpg1252\deff0" + fonts + r"{\*\generator Writer;}\f0\fs24 " + body + "}").encode("ascii")


def _escaped(text: str) -> str:
    parts = []
    for char in text.replace("\\", r"\\").replace("{", r"\{").replace("}", r"\}"):
        code = ord(char)
        parts.append(
            r"\line " if char == "\n" else char if code < 128 else rf"\'{code:02x}" if code < 256 else rf"\u{code}?"
        )
    return "".join(parts)


def bomb(name: str, size: int) -> bytes:
    """A small archive whose part `name` is huge unpacked."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(name, "w", force_zip64=True) as part:
        for _ in range(size // 1_000_000):
            part.write(b" " * 1_000_000)
    return out.getvalue()


def noise(size: int) -> bytes:
    """A picture that takes about `size` bytes."""
    side = int((size / 3) ** 0.5) + 1
    out = BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(out, "PNG", compress_level=0)
    return out.getvalue()
