# ruff: noqa: D103 - the names of the tests say it
"""The alignment report says what the figures say, and lets nobody's text pass for Markdown."""

from typing import Any

import pytest

from cj_pipeline.harness.eng5.alignment_report import alignment_picture, alignment_report
from cj_pipeline.harness.eng5.markdown import code, count, fenced, plain
from cj_pipeline.harness.eng5.schema import Artefact
from cj_pipeline_tests.unit.harness.artefacts import content, measure

RATE = {"k": 3, "n": 4, "rate": 0.75, "low": 0.3, "high": 0.95}
NONE = {"k": 0, "n": 0, "rate": None, "low": None, "high": None}
FIGURE = {"value": 0.91, "low": 0.7, "high": 0.99}


def placed(essay_id: str, grade: str, place: str, off: int, wins: int) -> dict[str, Any]:
    figures = {"steps_off": off, "n_wins": wins, "n_comparisons": 4, "foretold_grade": None}
    return {"essay_id": essay_id, "grade": grade, "place_grade": place, **figures}


def inversion(reason: str, **changes: Any) -> dict[str, Any]:  # noqa: ANN401 (any key)
    grades = {"higher_id": "a", "lower_id": "b", "higher_grade": "D", "lower_grade": "F", "steps": 2}
    counts = {"n_for_lower": 2, "n_verdicts": 2, "strength": 2.6, "beyond_error": True, "reasons": [reason]}
    return {**grades, **counts, **changes}


def made(**changes: Any) -> Artefact:  # noqa: ANN401 (any key of the alignment)
    raw = content()
    alignment = {
        "n_anchors": 2,
        "n_pairs": 1,
        "split_pairs": [],
        "direct_inversions": [],
        "n_measure_inversions": 0,
        "zero_win_anchors": [],
        "tau_b": FIGURE,
        "within_one": RATE,
        "exact": RATE,
        "qwk": FIGURE,
        "foretold_within_one": NONE,
        "foretold_exact": NONE,
        "foretold_qwk": {"value": None, "low": None, "high": None},
        "order_flips": RATE,
        "first_shown": RATE,
        "agreement_by_steps": {"1": NONE | RATE, "2": {"k": 9, "n": 9, "rate": 1.0, "low": 0.7, "high": 1.0}},
        "agreement_from_steps": {"1": RATE, "2": {"k": 9, "n": 9, "rate": 1.0, "low": 0.7, "high": 1.0}},
        "anchors": [placed("a", "D", "D", 0, 4), placed("b", "F", "F", 0, 1)],
        **changes,
    }
    raw["alignment"] = alignment
    raw["metadata"]["runner_mode"] = "anchor-align"
    raw["inputs"]["anchors"].append({**raw["inputs"]["students"][0], "grade": "F"})
    raw["inputs"]["students"] = []
    raw["bt_summary"] = [measure("a", 0.4, 1, grade="D"), measure("b", -0.4, 2, grade="F")]
    return Artefact.model_validate(raw)


def report(artefact: Artefact, before: Artefact | None = None) -> str:
    return alignment_report(artefact, artefact_file="a.json", picture_file="a.png", before=before)


def test_the_page_names_prompt_model_and_mode() -> None:
    page = report(made())

    for said in ("`openai/gpt-6.1-terra` at emulator; reasoning effort low", "`per_request` (chosen by: run_override)"):
        assert said in page
    assert "version 1, `abababababababab`, from `default:en`" in page
    assert "`cj eng5 execute one`" in page
    assert "synthetic judge" in page
    assert "```text\nWrite.\n```" in page


def test_good_figures_meet_their_targets() -> None:
    page = report(made())

    assert "| direct inversions | 0 | at most 1: met | 5 |" in page
    assert "| Kendall's tau-b | 0.91 (0.70 to 0.99) | at least 0.90: met | 0.82 |" in page
    assert "no pair of anchors of different grade was decided against the grades" in page
    assert "Every anchor won at least once." in page
    assert "not met" not in page


def test_poor_figures_are_named_with_the_judges_reasons() -> None:
    found = made(
        direct_inversions=[inversion("It | has *more* to say.\n# Heading"), inversion("", reasons=[], lower_id="c")],
        zero_win_anchors=["a"],
        tau_b={"value": 0.2, "low": -0.1, "high": 0.5},
        anchors=[placed("b", "F", "D", 2, 4), placed("a", "D", "F", -2, 0)],
    )
    page = report(found)

    assert "2 | at most 1: **not met**" in page
    assert "at least 0.90: **not met**" in page
    assert "**b (F) over a (D)**, two steps: 2 of 2 verdicts, on average much better" in page
    assert "> It \\| has \\*more\\* to say. \\# Heading" in page
    assert "two of them by more than the errors" in page
    assert "farthest off: b (F), two steps too high; a (D), two steps too low" in page
    assert "a (D) won nothing, which its grade does not explain." in page


def test_a_lowest_anchor_without_a_win_is_as_expected() -> None:
    assert "b (F) won nothing, as the lowest grade may." in report(made(zero_win_anchors=["b"]))


def test_the_distance_from_which_verdicts_follow_grades_is_said() -> None:
    page = report(made())

    assert (
        "At one step the judge cannot be told from a coin. From two steps on, verdicts follow the grades: 9 of 9"
        in page
    )
    nowhere = made(agreement_by_steps={"1": RATE}, agreement_from_steps={"1": RATE})
    assert "At no distance between grades" in report(nowhere)


def test_an_earlier_run_stands_beside() -> None:
    page = report(made(), before=made(direct_inversions=[inversion("x")] * 4))

    assert "| figure | this run | before (2026-11-25 08:00) | target | reference system |" in page
    assert "| direct inversions | 0 | 4 | at most 1: met | 5 |" in page


def test_an_unfinished_run_says_so_and_shows_no_figures() -> None:
    raw = content()
    raw["alignment"], raw["bt_summary"] = None, []
    raw["validation"]["runner_status"] |= {"state": "partial", "reason": "1 of 2 is being judged.", "exit_code": 3}
    page = report(Artefact.model_validate(raw))

    assert "**No result yet (partial).** 1 of 2 is being judged." in page
    assert "Kendall" not in page


def test_the_picture_is_a_png() -> None:
    assert alignment_picture(made()).startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("text", "shown"), [("a_b", "a\\_b"), ("<b>|x", "\\<b\\>\\|x"), ("two\nlines", "two lines"), ("`", "\\`")]
)
def test_text_from_outside_means_itself(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_fences_are_longer_than_what_they_hold() -> None:
    assert fenced("a ````\nb").startswith("`````text\n")
    assert code("a`b|c\nd") == "`a'b/c d`"


def test_counts_in_words() -> None:
    assert [count(n, "step") for n in (0, 1, 2, 12, 13)] == [
        "no steps",
        "one step",
        "two steps",
        "twelve steps",
        "13 steps",
    ]
