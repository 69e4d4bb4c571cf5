# ruff: noqa: D103 - the names of the tests say it
"""What looks like personal data, and what essays are full of and does not."""

import pytest

from cj_pipeline.domain.personal_data import find_personal


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("Write to kim.k+x@mail.example.se!", "e-mail", "kim.k+x@mail.example.se"),
        ("My number is 811218-9876.", "personal number", "811218-9876"),
        ("Mitt nummer: 198112189876", "personal number", "198112189876"),
        ("Samordningsnummer 811278-9873", "personal number", "811278-9873"),
        ("Call 070-123 45 67 now", "phone", "070-123 45 67"),
        ("Call +46 70 123 45 67.", "phone", "+46 70 123 45 67"),
        ("Account no. 1234567", "number", "1234567"),
        ("Student id AB123456", "number", "AB123456"),
        ("Follow @some_body99 there", "account", "@some_body99"),
        ("Hello, my name is Maja Ek and", "name", "Maja Ek"),
        ("Hej! Jag heter Åke.", "name", "Åke"),
    ],
)
def test_what_looks_personal_is_found(text: str, kind: str, value: str) -> None:
    [found] = find_personal(text)

    assert (found.kind, found.text) == (kind, value)


@pytest.mark.parametrize(
    "text",
    [
        "In 2025, on 2025-11-25 and 25/11/2025, at 10.30-11.45",
        "It costs 1,000,000 or 1 000 000 kr, 12345 people, 3.141592653, 0.12345678",
        "811218-9877 has the wrong check digit, and 811318-9876 no month",
        "World War 2, 1939-1945, COVID-19, 9/11, 24/7, iPhone 15, B2, 100%",
        "my name is on the list; a name is a name. I am called often.",
        "user@ or @ home; 50-60-70",
    ],
)
def test_what_essays_are_full_of_is_not(text: str) -> None:
    assert find_personal(text) == []


def test_the_place_is_told_without_the_value() -> None:
    [found] = find_personal("One.\n\nTwo.\n\nWrite to kim@mail.example")

    assert found.paragraph == 3
    assert found.masked == f"k{'•' * 14}e"
