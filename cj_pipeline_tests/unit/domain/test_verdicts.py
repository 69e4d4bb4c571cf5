"""Reading answers: a verdict or a plain statement, never a guess."""

# ruff: noqa: D103 - the name of a test is its sentence

import json

import pytest

from cj_pipeline.domain.verdicts import REASON_MAX_CHARS, STRENGTHS, Unreadable, Verdict, read_verdict

NOT_JSON = "the answer is not JSON"
NOT_OBJECT = "the answer is not a JSON object"
NO_SIDE = '"better_essay" is neither "A" nor "B"'
NO_STRENGTH = '"strength" is none of slightly, clearly, much'
NO_REASON = '"reason" is missing'


def answer(**changes: object) -> str:
    """Return a readable answer with these changes; None leaves a field out."""
    fields = {"reason": "Clearer.", "better_essay": "A", "strength": "clearly"} | changes
    return json.dumps({name: value for name, value in fields.items() if value is not None})


@pytest.mark.parametrize(("side", "winner"), [("A", "first"), ("B", "second")])
@pytest.mark.parametrize(("word", "strength"), [("slightly", 1), ("clearly", 2), ("much", 3)])
def test_side_and_strength_are_read(side: str, winner: str, word: str, strength: int) -> None:
    verdict = read_verdict(answer(better_essay=side, strength=word))

    assert isinstance(verdict, Verdict)
    assert (verdict.winner, verdict.strength, verdict.reason) == (winner, strength, "Clearer.")


def test_white_space_around_and_further_fields_do_no_harm() -> None:
    assert read_verdict(" \n" + answer(confidence=0.3) + "\n") == Verdict("first", 2, "Clearer.")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", NOT_JSON),
        ("A", NOT_JSON),
        ("Essay A is better.", NOT_JSON),
        ("```json\n" + answer() + "\n```", NOT_JSON),
        (answer()[:-1], NOT_JSON),
        (answer() + answer(), NOT_JSON),
        ('"A"', NOT_OBJECT),
        ("[" + answer() + "]", NOT_OBJECT),
        ("null", NOT_OBJECT),
        ("3", NOT_OBJECT),
        ("{}", NO_SIDE),
        (answer(better_essay=None), NO_SIDE),
        (answer(better_essay="a"), NO_SIDE),
        (answer(better_essay="A "), NO_SIDE),
        (answer(better_essay="Essay A"), NO_SIDE),
        (answer(better_essay="C"), NO_SIDE),
        (answer(better_essay=""), NO_SIDE),
        (answer(better_essay="tie"), NO_SIDE),
        (answer(better_essay=1), NO_SIDE),
        (answer(better_essay=True), NO_SIDE),
        (answer(better_essay=["A"]), NO_SIDE),
        (answer(better_essay={"A": 1}), NO_SIDE),
        ('{"better_essay": null, "strength": "much", "reason": ""}', NO_SIDE),
        (answer(strength=None), NO_STRENGTH),
        (answer(strength="Much"), NO_STRENGTH),
        (answer(strength="very"), NO_STRENGTH),
        (answer(strength=2), NO_STRENGTH),
        (answer(strength=["much"]), NO_STRENGTH),
        (answer(reason=None), NO_REASON),
        (answer(reason=3), NO_REASON),
        (answer(reason=["Clearer."]), NO_REASON),
    ],
)
def test_what_cannot_be_read_is_named_and_counts_for_no_side(text: str, cause: str) -> None:
    assert read_verdict(text) == Unreadable(cause)


@pytest.mark.parametrize(
    ("length", "kept"),
    [
        (0, 0),
        (REASON_MAX_CHARS - 1, REASON_MAX_CHARS - 1),
        (REASON_MAX_CHARS, REASON_MAX_CHARS),
        (REASON_MAX_CHARS + 1, REASON_MAX_CHARS),
        (10 * REASON_MAX_CHARS, REASON_MAX_CHARS),
    ],
)
def test_a_long_reason_is_cut(length: int, kept: int) -> None:
    verdict = read_verdict(answer(reason="å" * length))

    assert verdict == Verdict("first", 2, "å" * kept)


def test_strengths_run_from_weakest_to_strongest() -> None:
    assert STRENGTHS == ("slightly", "clearly", "much")
