# ruff: noqa: D103 - the names of the tests say it
"""Which encoding a text is in."""

import codecs

import pytest

from cj_pipeline.errors import ConfigurationError
from cj_pipeline.intake.readers.decoding import decode

SWEDISH = "Jag tycker att skolan är bra. Vi får äta god mat på rasten, och läraren är snäll. Åke gick hem."
TYPED = "\u201cIt\u2019s a naïve idea\u201d \u2013 she said, and I don\u2019t agree\u2026 at all."
POLISH = "Myślę, że szkoła jest bardzo ważna, ponieważ uczymy się tam wielu rzeczy. Źle się czuję, gdy pada."
RUSSIAN = "Я думаю, что школа очень важна, потому что мы учимся там многому."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SWEDISH, "utf-8"),
        (SWEDISH, "utf-8-sig"),
        (SWEDISH, "utf-16"),
        (SWEDISH, "utf-16-le"),
        (SWEDISH, "utf-16-be"),
        (SWEDISH, "utf-32"),
        (SWEDISH, "latin-1"),
        (SWEDISH, "mac_roman"),
        (TYPED, "cp1252"),
        (TYPED, "utf-8"),
        (POLISH, "cp1250"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "utf-16"),
        ("Räksmörgås", "latin-1"),
        ("Förnamn;Efternamn;Personnummer\nAnna;Ek;20070512-1234\n", "latin-1"),
        ("Mielestäni koulun pitäisi alkaa myöhemmin, koska monet oppilaat väsyvät.", "cp1252"),
        ("Jeg synes skolen bør begynne senere på dagen når vi våkner, æ ø å", "cp1252"),
        ("Caf\u00e9 is nice", "cp1252"),
        ("plain", "ascii"),
    ],
)
def test_a_text_is_read_in_the_encoding_it_was_written_in(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    "data",
    [b"PK\x00\x01\x02\x03\x04\x00\x00", bytes(range(256)), b"\x00" * 100, b"\x01\x02\x03 text"],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ConfigurationError, match="holds binary data, not text; save it as plain UTF-8 text"):
        decode(data)


def test_a_mark_that_lies_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"is not whole utf-8-sig text"):
        decode(codecs.BOM_UTF8 + b"\xff\xfe")
