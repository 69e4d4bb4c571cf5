"""When two files are the same essay."""

# ruff: noqa: D103 - the name of a test is its sentence

import hashlib

import pytest

from cj_pipeline.domain.essays import Essay, normalise_text, text_digest

TEXT = "Café life.\n\nA second\tparagraph."


@pytest.mark.parametrize(
    "variant",
    [
        "Cafe\u0301 life.\n\nA second\tparagraph.",
        "Café life.\r\n\r\nA second\tparagraph.",
        "Café life.\r\rA second\tparagraph.",
        "Café life.  \n\t\nA second\tparagraph. ",
        "Café life.\u00a0\n\nA second\tparagraph.",
        "\n\n" + TEXT + "\n\n\n",
        " \n" + TEXT + "\n ",
    ],
    ids=["decomposed", "crlf", "cr", "spaces at line ends", "no-break space", "blank lines around", "blank spaces"],
)
def test_files_that_differ_only_in_form_are_the_same_essay(variant: str) -> None:
    assert normalise_text(variant) == TEXT
    assert text_digest(normalise_text(variant)) == text_digest(TEXT)


@pytest.mark.parametrize(
    "variant",
    [
        TEXT.replace("\n\n", "\n"),
        TEXT.replace("\n\n", "\n\n\n"),
        TEXT.replace("\t", " "),
        TEXT.replace("life", "Life"),
        " " + TEXT,
        TEXT + "!",
    ],
    ids=["one paragraph", "a wider gap", "a space for a tab", "a capital", "an indent", "one character more"],
)
def test_every_other_difference_makes_another_essay(variant: str) -> None:
    assert text_digest(normalise_text(variant)) != text_digest(TEXT)


def test_a_blank_text_becomes_empty() -> None:
    assert normalise_text(" \r\n\t\n") == ""


def test_the_digest_is_sha256_of_the_text_in_utf8() -> None:
    assert Essay("x", "Åre").digest == hashlib.sha256(b"\xc3\x85re").hexdigest()


def test_the_digest_is_of_the_text_alone() -> None:
    assert Essay("a", TEXT).digest == Essay("b", TEXT, "B").digest


def test_words_are_counted_at_white_space() -> None:
    assert Essay("x", TEXT).n_words == 5
    assert Essay("x", "").n_words == 0


def test_an_essay_with_a_grade_is_an_anchor() -> None:
    assert Essay("x", TEXT, "B").is_anchor
    assert not Essay("x", TEXT).is_anchor
