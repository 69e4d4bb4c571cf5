"""Grades on a terminal: what a person reads, with grades and without."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from io import StringIO

from rich.console import Console

from cj_pipeline.cli.grades_view import print_grades
from cj_pipeline.engine.grades import grade_ranking
from cj_pipeline_tests.support.gradings import Case, nine_anchors


def printed(case: Case) -> str:
    """Return what stands on the terminal, with single spaces."""
    out = StringIO()
    print_grades(Console(file=out, width=200), grade_ranking(case.ranking()))
    return " ".join(out.getvalue().split())


def test_students_are_shown_with_their_likeliest_grades_and_anchors_are_not() -> None:
    text = printed(nine_anchors())

    assert text.startswith("Grades proposed by the anchors' grades: the likeliest and the next likeliest")
    assert "student-1 D+" in text
    assert "student-2 F+" in text
    assert "anchor-4" not in text
    assert "Grades begin at (logits, ± standard error): F+ -" in text


def test_what_speaks_for_and_against_the_anchors_is_said() -> None:
    text = printed(nine_anchors(verdicts=[("anchor-3", "anchor-4"), ("anchor-5", "anchor-3")]))

    assert "Each anchor graded by the others alone: " in text
    assert "of 9 right, 9 within one grade" in text
    assert "Pairs of anchors the wrong way round: 0 by measure" in text
    assert "1 in verdicts. Anchors without a win: anchor-4." in text


def test_an_interim_ranking_has_grades_that_are_not_final() -> None:
    assert "by the anchors' grades, not final:" in printed(nine_anchors(final=False))


def test_without_anchors_that_is_said_and_nothing_else() -> None:
    assert printed(nine_anchors(grades={})) == (
        "No grades: no anchors. Write essays of known grade into anchors.csv, or choose another grading.method."
    )


def test_withheld_grades_are_not_shown_but_the_reason_and_the_evidence_are() -> None:
    case = nine_anchors()
    text = printed(replace(case, measures={**case.measures, "anchor-8": -4.5}))

    assert text.startswith("No grades, they are withheld: anchor-7 (B) was judged better than anchor-8 (A)")
    assert "student-1" not in text
    assert "8 by measure, 7 of them by more than errors explain" in text


def test_square_brackets_in_names_are_shown_as_they_are() -> None:
    settings = {"grade_scale": ["[red]", "[/red]"], "grading": {"min_anchors": 2}}
    text = printed(Case({"a": -2.0, "b": 2.0, "c[bold]": 1.9}, {"a": "[red]", "b": "[/red]"}, settings=settings))

    assert "c[bold] [/red]" in text
