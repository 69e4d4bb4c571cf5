"""What speaks for and against anchors."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace

from cj_pipeline.engine.anchor_evidence import DirectInversion, direct_inversions
from cj_pipeline.engine.grades import grade_ranking
from cj_pipeline_tests.support.gradings import Case, nine_anchors


def found_in(*verdicts: tuple[str, str]) -> tuple[DirectInversion, ...]:
    """Return the direct inversions among anchors a, b, c of levels 0, 1, 2."""
    comparisons = Case({"a": 0.0}, verdicts=verdicts).ranking().pairs.comparisons
    return direct_inversions({"a": 0, "b": 1, "c": 2, "c2": 2}, comparisons)


def test_a_pair_whose_verdicts_favour_the_lower_grade_is_inverted() -> None:
    assert found_in(("a", "b"), ("c", "a")) == (DirectInversion("a", "b", 1, 0),)


def test_the_majority_of_the_verdicts_of_a_pair_decides_and_a_draw_does_not() -> None:
    assert found_in(("a", "c"), ("c", "a"), ("a", "c")) == (DirectInversion("a", "c", 2, 1),)
    assert found_in(("a", "c"), ("c", "a")) == ()


def test_equal_grades_and_essays_that_are_no_anchors_are_left_out() -> None:
    assert found_in(("c", "c2"), ("a", "student"), ("student", "c")) == ()


def test_the_widest_difference_of_grades_comes_first() -> None:
    assert [(x.lower, x.higher) for x in found_in(("a", "b"), ("a", "c"), ("b", "c"))] == [
        ("a", "c"),
        ("a", "b"),
        ("b", "c"),
    ]


def test_comparisons_without_a_verdict_do_not_count() -> None:
    comparisons = Case({"a": 0.0}, verdicts=[("a", "b")]).ranking().pairs.comparisons
    failed = tuple(replace(c, status="refused", winner="") for c in comparisons)

    assert direct_inversions({"a": 0, "b": 1}, failed) == ()


def test_anchors_without_a_win_are_named() -> None:
    verdicts = [("anchor-1", "anchor-0"), ("student-1", "anchor-0"), ("anchor-2", "anchor-1")]
    evidence = grade_ranking(nine_anchors(verdicts=verdicts).ranking()).evidence
    assert evidence is not None

    assert evidence.zero_wins == ("anchor-0",)


def test_anchors_foretold_more_than_one_grade_off_are_named() -> None:
    case = nine_anchors(error=0.5)
    measures = {**case.measures, "anchor-3": 1.2}
    evidence = grade_ranking(nine_anchors(error=0.9, measures=measures).ranking()).evidence
    assert evidence is not None

    assert "anchor-3" in evidence.far_off
    assert "anchor-7" not in evidence.far_off
