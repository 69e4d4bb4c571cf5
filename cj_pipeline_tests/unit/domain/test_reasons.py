"""What reasons say of either essay, by their words."""

# ruff: noqa: D103 - the name of a test is its sentence

import pytest

from cj_pipeline.domain.feedback_words import feedback_words
from cj_pipeline.domain.reasons import Side, outdone, remarks
from cj_pipeline.domain.rubric_criteria import rubric_criteria

EN, SV = feedback_words("en"), feedback_words("sv")
BUILT_IN = rubric_criteria("The better essay says more.", EN)
RUBRIC = """You compare two essays.

Content and task fulfilment: does the writer reason about role models?

Structure and coherence: can the text be followed? Look at this: paragraphs.

Grammar and spelling: how much control?

Do not reward length as such: longer is not better.
"""


def found(reason: str, winner: Side = "first", language: str = "en") -> set[tuple[str, str, bool]]:
    words = feedback_words(language)
    criteria = rubric_criteria("", words)
    return {(r.side, criteria[r.criterion].key, r.praises) for r in remarks(reason, winner, criteria, words)}


def test_criteria_are_the_headings_of_the_rubric() -> None:
    criteria = rubric_criteria(RUBRIC, EN)
    assert [c.name for c in criteria] == [
        "Content and task fulfilment",
        "Structure and coherence",
        "Grammar and spelling",
    ]
    assert criteria[2].is_meant("too many mistakes")  # a built-in word of what the heading speaks of
    assert not criteria[2].is_meant("well organised")


def test_a_rubric_without_headings_gets_the_built_in_criteria() -> None:
    assert [c.key for c in BUILT_IN] == ["content", "structure", "vocabulary", "language"]


@pytest.mark.parametrize(
    ("reason", "winner", "wanted"),
    [
        (
            "Essay A has a clearer structure, but Essay B makes fewer errors.",
            "first",
            {("first", "structure", True), ("second", "language", True)},
        ),
        ("B's vocabulary is limited.", "first", {("second", "vocabulary", False)}),
        ("It is stronger in vocabulary.", "second", {("second", "vocabulary", True)}),
        (
            "Essay A develops its ideas more fully than Essay B.",
            "first",
            {("first", "content", True), ("second", "content", False)},
        ),
        ("A clear structure decided.", "second", {("second", "structure", True)}),
        ("Both are pleasant to read.", "first", set()),
        ("", "first", set()),
    ],
)
def test_what_english_reasons_say(reason: str, winner: Side, wanted: set[tuple[str, str, bool]]) -> None:
    assert found(reason, winner) == wanted


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("Text A har ett rikare ordförråd, medan text B har många fel i grammatik.",
         {("first", "vocabulary", True), ("second", "language", False)}),
        ("Text B saknar tydlig struktur i sina stycken.", {("second", "structure", True)}),
    ],
)  # fmt: skip
def test_what_swedish_reasons_say(reason: str, wanted: set[tuple[str, str, bool]]) -> None:
    got = found(reason, "first", "sv")
    if "saknar" in reason:  # a word of praise and one of blame: undecided, so by the verdict, which was against B
        wanted = {(side, key, False) for side, key, _ in wanted}
    assert got == wanted


def test_every_remark_carries_the_clause_it_was_read_from() -> None:
    [remark] = remarks("Essay B has weak grammar. Nothing else.", "first", BUILT_IN, EN)
    assert remark.clause == "Essay B has weak grammar."


def test_the_other_essay_is_outdone_in_what_is_said_of_the_preferred_one_alone() -> None:
    said = remarks(
        "It has a richer vocabulary, but Essay B makes fewer errors. Its grammar is good.", "first", BUILT_IN, EN
    )
    assert [BUILT_IN[i].key for i in outdone(said, "first")] == ["vocabulary"]
