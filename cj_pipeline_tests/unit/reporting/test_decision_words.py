"""What a ranking of decisions says in words, and that the words follow the figures."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace

import numpy as np
import pytest

from cj_pipeline.engine.decision_ranking import CompatibleRanking, RankOptions, ScaleRanking, rank_comparisons
from cj_pipeline.reporting.counted import counted, named, signed
from cj_pipeline.reporting.decision_fit_words import as_the_programs_print, how_well_it_fits
from cj_pipeline.reporting.decision_words import (
    grade,
    how_it_was_fitted,
    how_reliable,
    what_was_read,
    whether_place_mattered,
)
from cj_pipeline.scaling.fit_statistics import Misfit
from cj_pipeline.scaling.reliability import Separation
from cj_pipeline_tests.support.decisions import columns, drawn_decisions

ROWS = drawn_decisions(position_effect=1.0)


def ranked(rows: list[dict[str, str]] | None = None, **options: object) -> ScaleRanking:
    """Rank drawn decisions."""
    found = rank_comparisons(columns(rows or ROWS), RankOptions(**options))  # type: ignore[arg-type]
    assert isinstance(found, ScaleRanking)
    return found


def test_what_was_read_counts_and_names_what_was_left_out() -> None:
    lines = what_was_read(
        ranked([*ROWS, *({"judge": "j", "left": "a", "right": "a", "winner": "a"} for _ in range(7))]).decisions
    )

    assert lines[0] == "288 decisions on 24 essays by 4 judges; each essay was compared 24 times, 24.0 on average."
    assert lines[1] == "table: read as left, right and winner."
    assert lines[2] == "table: 7 rows left out: an essay is compared with itself (lines 290, 291, 292, 293, 294, ...)."


def test_essays_that_were_dropped_are_named() -> None:
    more = {"judge": "j", "left": "late", "right": "essay-00", "winner": "late"}

    lines = what_was_read(ranked([*ROWS, more], min_comparisons=2).decisions)

    assert lines[-1] == "1 essay left out with their decisions, compared too seldom: late."


def test_reliability_stands_first_and_what_adaptive_pairing_inflates_says_so() -> None:
    found = ranked()
    first, spread, others = how_reliable(found)

    assert f"Reliability {found.reliability:.2f} (by marginal likelihood)" in first
    assert f"{np.mean(found.fit.standard_errors):.2f}" in spread
    assert "split half by judges" in others
    assert f"{found.quality.ssr.ssr:.2f}" in others
    assert "too high, even for coin tosses, if pairs were chosen by earlier answers" in others


def test_figures_that_do_not_exist_are_not_spoken_of() -> None:
    found = ranked()
    nothing = Separation(float("nan"), float("nan"), float("nan"))
    bare = replace(found.quality, split_by_comparison=None, split_by_judge=None, ssr=nothing, reliability=0.0)

    assert len(how_reliable(replace(found, quality=bare))) == 1


@pytest.mark.parametrize(
    ("reliability", "word"), [(0.95, "high"), (0.796, "good"), (0.79, "fair"), (0.5, "low"), (-0.2, "low")]
)
def test_a_reliability_in_words(reliability: float, word: str) -> None:
    assert grade(reliability).startswith(word)


def test_the_advantage_of_being_first_is_said_or_why_there_is_none() -> None:
    found = ranked()
    unasked = ranked(position_effect=False)
    silent = rank_comparisons({"won": ["a", "b", "c", "a"], "lost": ["b", "c", "a", "c"]})
    assert isinstance(silent, ScaleRanking)

    assert "of two equal essays the first wins 7" in whether_place_mattered(found)[0]
    assert "not fitted, as asked" in whether_place_mattered(unasked)[0]
    [line] = whether_place_mattered(silent)
    assert line.startswith("No position effect: table does not say which essay was shown first")


def test_misfit_names_whom_and_how_many_chance_would_give() -> None:
    # One judge of five always prefers what the others rank lower.
    against = [
        {**row, "judge": "contrary", "winner": max(row["left"], row["right"])} for row in drawn_decisions(seed=2)[:60]
    ]
    found = ranked([*ROWS, *against])

    lines = how_well_it_fits(found)

    [judges] = [line for line in lines if "judge" in line and "chance allows" in line]
    assert judges.startswith("1 judge of 5 is less predictable than chance allows (by chance alone 0.")
    assert judges.endswith("contrary.")
    assert any(line.startswith("  essay-") and "judge contrary" in line for line in lines)


def test_judges_who_saw_the_same_pairs_are_compared_with_one_another() -> None:
    pairs = [("a", "b", "a"), ("b", "c", "b"), ("a", "c", "a")]
    rows = [dict(zip(("left", "right", "winner"), pair, strict=True)) for pair in pairs]
    one, two = ([{**row, "judge": judge} for row in rows] for judge in ("x", "y"))
    two[2] = {**two[2], "winner": "c"}

    lines = how_well_it_fits(ranked([*one, *two]))

    assert "Where two judges saw the same pair (3 times), they agreed in 67%; coin tosses would in 50%." in lines
    assert not any("Where two judges" in line for line in how_well_it_fits(ranked(one)))


def test_where_nobody_stands_out_that_is_said() -> None:
    found = ranked(drawn_decisions(seed=5))
    bands = found.quality.judge_bands
    calm = replace(found.quality, judges=Misfit(bands.infit_low, bands.outfit_low))

    lines = how_well_it_fits(replace(found, quality=calm))

    assert "No judge is less predictable than chance allows" in "\n".join(lines)


def test_the_prior_the_cut_points_and_the_certificate_are_told() -> None:
    ties = [{**row, "winner": "tie"} if i % 5 == 0 else row for i, row in enumerate(ROWS)]

    assert "estimated from the decisions. The fit converged" in how_it_was_fitted(ranked().fit)
    assert "no prior, as asked" in how_it_was_fitted(ranked(prior_sd=0).fit)
    assert "a prior spread of 1.5 logits, as asked and ordered answers (cut points -" in how_it_was_fitted(
        ranked(ties, prior_sd=1.5).fit
    )


def test_compatibility_mode_warns_and_flags_by_the_rule_of_no_more_marking() -> None:
    found = rank_comparisons(columns(ROWS), RankOptions(compatible="sirt"))
    assert isinstance(found, CompatibleRanking)
    flagged = [n for n, x in zip(found.essays["essay_id"], found.essays["infit"], strict=True) if float(str(x)) >= 1.3]

    lines = as_the_programs_print(found)

    assert "rank without --compatible" in lines[0]
    assert lines[2].startswith(f"{len(flagged)} essay")
    assert all(str(name) in lines[2] for name in flagged[:6])
    assert lines[3].startswith("0 judges with an infit of 1.3 or more.")


def test_numbers_and_names_in_sentences() -> None:
    assert [counted(n, "essay") for n in (0, 1, 1740)] == ["0 essays", "1 essay", "1,740 essays"]
    assert named(list("abcdef")) == "a, b, c, d, e, f"
    assert named(list("abcdefgh")) == "a, b, c, d, e, f and 2 more"
    assert [signed(x) for x in (-0.001, 1.0, -1.236)] == ["+0.00", "+1.00", "-1.24"]
