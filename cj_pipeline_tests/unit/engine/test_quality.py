"""The tables of a ranking, and what its quality says in words."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace

import numpy as np
import pytest

from cj_pipeline.domain.verdicts import STRENGTHS
from cj_pipeline.engine.quality import surprising_comparisons
from cj_pipeline.reporting.quality_words import fit_words, reliability_words
from cj_pipeline.scaling.reliability import ADAPTIVE_WARNING
from cj_pipeline_tests.support.rankings import ClassRoom, ranked
from cj_pipeline_tests.support.reports import Judged


def test_the_ranking_has_infit_and_outfit_with_their_bands() -> None:
    table = ranked(ClassRoom().pairs()).table

    assert (table["infit_low"] < table["infit_high"]).all()
    inside = table["infit"].between(table["infit_low"], table["infit_high"])
    inside &= table["outfit"].between(table["outfit_low"], table["outfit_high"])
    assert ((table["misfit"] == "") == inside).all()


def test_the_judges_table_tells_careful_judges_from_careless_ones() -> None:
    table = ranked(ClassRoom(per_essay=20, careless=("two",)).pairs()).judges.set_index("judge")

    assert list(table.index) == ["one", "three", "two"]
    assert table.loc["two", "misfit"] == "above"
    assert table["agrees_with_scale"].idxmin() == "two"
    assert table["n_comparisons"].sum() == 240
    assert (table["first_share"] > 0.4).all()
    assert (table["position_effect"] != 0).all()
    assert (table["n_common_pairs"] == 0).all()
    assert table["agrees_with_others"].isna().all()


def test_judges_of_the_same_pairs_are_compared() -> None:
    pairs = ClassRoom(n=6, per_essay=5).pairs()
    again = ClassRoom(n=6, per_essay=5, judges=("four",)).pairs().comparisons
    both = ranked(replace(pairs, comparisons=(*pairs.comparisons, *again))).judges

    assert both.set_index("judge").loc["four", "n_common_pairs"] == 15
    assert both["agrees_with_others"].between(0.3, 1).all()


def test_length_is_correlated_with_the_measures_and_beyond_known_grades() -> None:
    quality = ranked(ClassRoom(words_per_logit=8, per_essay=20).pairs()).quality

    assert quality.length.value > 0.7
    assert quality.length_beyond_quality.n == 8
    assert abs(quality.length_beyond_quality.value) < quality.length.value


def test_surprises_name_the_essays_the_judge_and_the_chance() -> None:
    ranking = ranked(ClassRoom().pairs())
    found = surprising_comparisons(ranking.quality, ranking.scale, ranking.pairs.snapshot)

    assert found["residual"].is_monotonic_decreasing
    assert (found["chance"] < 0.2).all()
    measure = ranking.table.set_index("essay_id")["measure"]
    apart = (measure[found["preferred"]].to_numpy() - measure[found["other"]].to_numpy()).tolist()
    assert found["distance"].tolist() == pytest.approx(np.abs(apart))
    given = {(c.winner, c.first_id, c.second_id, c.judge, STRENGTHS[c.strength - 1]) for c in ranking.pairs.comparisons}
    for row in found.itertuples():
        ways = {("first", row.preferred, row.other), ("second", row.other, row.preferred)}
        assert any((*way, row.judge, row.strength) in given for way in ways)


def test_words_say_what_a_reliability_can_bear_and_whom_to_look_at() -> None:
    quality = ranked(ClassRoom(per_essay=20, careless=("two",), waves=3).pairs(), max_waves=3).quality

    assert "not whether they are right" in reliability_words(quality)
    assert ADAPTIVE_WARNING in reliability_words(quality)
    assert f"{quality.scale.reliability:.2f}" in reliability_words(quality)
    assert "Judges outside their bands: two (above)" in fit_words(quality)
    assert "of 24 essays lie above" in fit_words(quality)


def test_the_same_assessment_is_always_judged_alike() -> None:
    one, other = (ranked(ClassRoom().pairs()).table for _ in range(2))

    assert np.array_equal(one["infit_high"], other["infit_high"])


def test_people_who_say_only_which_do_not_make_larger_errors_expected() -> None:
    alone, with_people = (Judged(n_people=n).ranking().quality.expected.mean for n in (0, 12))

    assert with_people == pytest.approx(alone, rel=0.1)
