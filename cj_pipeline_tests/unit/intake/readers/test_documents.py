# ruff: noqa: D103 - the names of the tests say it
"""Every format gives its paragraphs and line breaks, or says what is wrong and what to do."""

import time
from pathlib import Path

import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.dispatch import MOST_CHARS, read_document
from cj_pipeline_tests.support import essay_documents as written

LONG = "My role model is my grandmother, who came to Sweden in 1975 with nothing but a suitcase. " * 6
PARAGRAPHS = ("Åsa's café: a title", LONG.strip(), "Roses are red\nViolets are blue", "The end, naïvely.")
WHOLE = "\n\n".join(PARAGRAPHS)


def fault(suffix: str, data: bytes) -> str:
    """Return what is said of a file."""
    with pytest.raises(ConfigurationError) as caught:
        read_document(suffix, data)
    return str(caught.value)


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".docx", written.word(PARAGRAPHS)),
        (".odt", written.open_document(PARAGRAPHS)),
        (".html", written.web_page(PARAGRAPHS)),
        (".htm", written.web_page(PARAGRAPHS, "latin-1")),
        (".rtf", written.rich_text(PARAGRAPHS)),
        (".txt", WHOLE.encode()),
        (".md", WHOLE.encode("utf-16")),
    ],
    ids=["docx", "odt", "html", "htm in latin-1", "rtf", "txt", "md in utf-16"],
)
def test_paragraphs_and_line_breaks_are_kept(suffix: str, data: bytes) -> None:
    assert read_document(suffix, data) == WHOLE


def test_a_pdf_is_read_back_into_its_paragraphs() -> None:
    assert read_document(".pdf", written.pdf(PARAGRAPHS)) == WHOLE


def test_a_word_file_is_read_as_a_reader_sees_it() -> None:
    assert read_document(".docx", written.edited_word()) == (
        "A heading\n\nFirst line\nsecond line, one word in bold. Added.\n\nleft cell\n\nright cell\n\n"
        "Tab\there, non\u2011breaking."
    )


def test_an_open_document_is_read_as_a_reader_sees_it() -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>gone</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:h text:outline-level="1">A <text:span>heading</text:span></text:h>'
        '<text:p>Two<text:s text:c="2"/>spaces<text:tab/>tab<text:line-break/>line'
        "<text:note><text:note-body><text:p>foot</text:p></text:note-body></text:note>.</text:p>"
        "<text:p/><text:list><text:list-item><text:p>one</text:p></text:list-item></text:list>"
        "<text:p>said<office:annotation><dc:creator>T</dc:creator><text:p>good</text:p></office:annotation>!</text:p>"
    )

    assert read_document(".odt", written.libre_office(body)) == ("A heading\n\nTwo  spaces\ttab\nline.\n\none\n\nsaid!")
    assert read_document(".odt", written.headed_open_document("Head", "Text.")) == "Head\n\nText."


def test_a_web_page_is_read_as_it_is_shown() -> None:
    page = (
        b"\xef\xbb\xbf  <html><head><title>x</title></head><body><!-- no --><h1>Head</h1>  one\n two<b> bold</b>ly"
        b"<div>in<div>ner</div></div><p hidden>unseen</p><p style='display: none'>unseen</p><pre>a  b\nc</pre>"
        b"<ul><li>1</li><li>2</li></ul>&amp; &aring;</body></html>"
    )

    assert read_document(".html", page) == "Head\n\none two boldly\n\nin\n\nner\n\na b\nc\n\n1\n\n2\n\n& å"


def test_rich_text_keeps_letters_beyond_its_code_page() -> None:
    assert (
        read_document(".rtf", written.rich_text(["Zażółć \u2014 łódź {x} \\", "ö"])) == "Zażółć \u2014 łódź {x} \\\n\nö"
    )


def test_rich_text_is_read_in_the_character_sets_of_its_fonts() -> None:
    fonts = rb"{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fnil\fcharset204{\*\fname Arial;}Arial CYR;}}"
    link = rb"{\field{\*\fldinst{HYPERLINK \"http://x.example\"}}{\fldrslt{ a link}}}"
    source = rb"{\rtf1\ansi\ansicpg1252\deff0" + fonts + rb"\f0 caf\'e9, \f1\'e4\'e0\f0 ," + link + rb"\par}"

    assert read_document(".rtf", source) == "café, да, a link"


def test_rich_text_that_would_take_for_ever_does_not() -> None:
    began = time.monotonic()
    links = b"{\\rtf1 " + b"{\\field{\\*\\fldinst{ HYPERLINK " * 3_000
    fonts = b"{\\rtf1 {\\fonttbl" + b"\\f1\\fcharset0 " * 3_000 + b"}}"

    assert fault(".rtf", links)
    assert fault(".rtf", fonts)
    assert fault(".rtf", fonts[:-2]).startswith("is damaged (fonts)")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    ("suffix", "data"),
    [
        (".txt", written.word(["A word file."])),
        (".pdf", written.word(["A word file."])),
        (".doc", written.word(["A word file."])),
        (".docx", written.pdf(["A word file."])),
        (".doc", written.rich_text(["A word file."])),
        (".txt", written.web_page(["A word file."])),
        (".docx", b"A word file."),
    ],
)
def test_a_wrong_ending_does_not_matter_where_the_bytes_tell(suffix: str, data: bytes) -> None:
    assert read_document(suffix, data) == "A word file."


@pytest.mark.parametrize(
    ("suffix", "data", "said"),
    [
        (".pdf", written.pdf(["x"], password="secret"), "is locked with a password; save it without one."),
        (".docx", written.LOCKED_OFFICE, "is locked with a password; save it without one."),
        (".odt", written.libre_office("<text:p>x</text:p>", locked=True), "is locked with a password"),
        (".doc", written.OLD_WORD, "is in an old format of Office; open it and save it as .docx or .xlsx."),
        (".pdf", written.scanned_pdf(), "is scanned: page 1 is a picture without text; run text recognition (OCR)"),
        (".pdf", written.scanned_pdf(2), "is scanned: page 3 is a picture without text"),
        (".pdf", written.empty_pdf(), "the essay is empty; add its text or remove the file."),
        (".docx", written.word([]), "the essay is empty; add its text or remove the file."),
        (".docx", b"", "the essay is empty; add its text or remove the file."),
        (".html", b"<html><body> </body></html>", "the essay is empty"),
        (".jpg", b"\xff\xd8\xff\xe0" + bytes(100), "is a picture; run text recognition (OCR) over it"),
        (".txt", bytes(range(256)) * 4, "holds binary data, not text"),
        (".docx", written.word(["x"])[:-200], "is damaged (BadZipFile); open it in the program it was made with"),
        (".pdf", b"%PDF-1.7 and no more", "is damaged (PdfiumError)"),
        (".rtf", b"{\\rtx no}", "is not rich text; open it in Word or LibreOffice and save it as .docx."),
        (".docx", written.bomb("word/document.xml", 60_000_000), "would take far more room unpacked than an essay can"),
        (".txt", b"x" * (MOST_CHARS + 1), "holds 200,001 characters; an essay has 200,000 at most."),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_what_cannot_be_read_is_named_with_a_remedy(suffix: str, data: bytes, said: str) -> None:
    assert fault(suffix, data).startswith(said)


def test_entities_that_grow_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    data = written.libre_office("<text:p>&l9;</text:p>", doctype=f'<!DOCTYPE x [<!ENTITY l0 "lol">{laughs}]>')

    assert fault(".odt", data).startswith(("is damaged", "the essay is empty"))


def test_no_file_outside_is_read_for_an_entity(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret")
    doctype = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
    page = f"{doctype}<html><body><p>a&s;b</p></body></html>".encode()
    text = written.libre_office("<text:p>a&s;b</text:p>", doctype=doctype)

    assert "the secret" not in read_document(".html", page)
    assert fault(".odt", text).startswith("is damaged")
