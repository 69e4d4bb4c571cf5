# ruff: noqa: D103 - the names of the tests say it
"""In which language a text is written."""

import pytest

from cj_pipeline.intake.languages import FEWEST_WORDS, language_of

ENGLISH = (
    "My favorite person is my mother becouse she work hard and alwys help me when i have problem in school or home."
)
SWEDISH = (
    "Jag tycker att skolan borde börja senare på morgonen eftersom många elever är trötta, och vi är inte glada då."
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        (SWEDISH, "sv"),
        (
            "Ich finde, dass die Schule später anfangen sollte, weil viele Schüler müde sind und nicht zuhören können."
            * 2,
            "de",
        ),
        (
            "Je pense que l'école devrait commencer plus tard le matin parce que beaucoup d'élèves sont fatigués." * 2,
            "fr",
        ),
        ("asdf qwer zxcv uiop hjkl " * 8, ""),
        (" ".join(SWEDISH.split()[: FEWEST_WORDS - 1]), ""),
        ("", ""),
    ],
)
def test_a_language_is_told_where_it_is_clear(text: str, code: str) -> None:
    found = language_of(text)

    assert found.code == code
    assert 0 <= found.probability <= 1
