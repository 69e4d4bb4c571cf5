# ruff: noqa: D103 - the names of the tests say it
"""From printed lines back to paragraphs."""

from dataclasses import replace
from typing import Any

import pytest

from cj_pipeline.intake.readers.pdf_lines import Line, paragraphs_of

FULL = Line(page=0, text="a full line", left=70, right=500, baseline=700, height=14, first_word=40)


def at(baseline: float, text: str, **changes: Any) -> Line:  # noqa: ANN401 (fields of a line)
    return replace(FULL, baseline=baseline, text=text, **changes)


def test_full_lines_run_on() -> None:
    assert paragraphs_of([at(700, "one"), at(684, "two"), at(668, "three", right=200)]) == ["one two three"]


def test_a_line_with_room_for_the_next_word_was_ended_by_its_writer() -> None:
    assert paragraphs_of([at(700, "one", right=300), at(684, "two"), at(668, "three")]) == ["one\ntwo three"]


def test_a_wider_gap_begins_a_paragraph() -> None:
    lines = [at(700, "one"), at(684, "two"), at(652, "three"), at(636, "four")]

    assert paragraphs_of(lines) == ["one two", "three four"]


def test_where_most_lines_are_the_last_of_their_paragraphs_those_that_run_on_tell_the_usual_gap() -> None:
    lines = [at(700, "title", right=200), at(677, "one"), at(661, "two", right=300), at(638, "three", right=300)]

    assert paragraphs_of(lines) == ["title", "one two", "three"]


def test_an_indent_begins_a_paragraph() -> None:
    lines = [at(700, "one"), at(684, "two"), at(668, "three", left=100), at(652, "four")]

    assert paragraphs_of(lines) == ["one two", "three four"]


@pytest.mark.parametrize(("right", "expected"), [(500, ["one two"]), (200, ["one", "two"])])
def test_a_paragraph_may_go_on_over_the_page(right: float, expected: list[str]) -> None:
    lines = [at(90, "one", right=right), at(760, "two", page=1)]

    assert paragraphs_of(lines) == expected


def test_a_word_broken_by_a_hyphen_is_put_together() -> None:
    assert paragraphs_of([at(700, "compari", hyphenated=True), at(684, "son")]) == ["comparison"]


def test_no_lines_are_no_paragraphs() -> None:
    assert paragraphs_of([]) == []
