"""What the checks of a ranking find, on classes that are healthy or have one thing wrong."""

# ruff: noqa: D103 - the name of a test is its sentence

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from cj_pipeline.domain.continuation import Decided, Decision
from cj_pipeline.domain.essays import Essay
from cj_pipeline.engine.finding import Finding, shown
from cj_pipeline.engine.options import QualityOptions
from cj_pipeline.engine.rank import Ranking
from cj_pipeline.engine.ranking_findings import FINDERS
from cj_pipeline.scaling.reliability import ADAPTIVE_WARNING
from cj_pipeline_tests.support.rankings import ClassRoom, ranked, without_verdicts

OPTIONS = QualityOptions()


@cache
def healthy() -> Ranking:
    """A class in which nothing is wrong."""
    return ranked(ClassRoom().pairs())


def find(name: str, ranking: Ranking, options: QualityOptions = OPTIONS) -> Finding:
    """Ask one question."""
    return FINDERS[name](ranking, options)


@pytest.mark.parametrize("name", list(FINDERS))
def test_a_healthy_class_passes_with_evidence(name: str) -> None:
    found = find(name, healthy())

    assert found.holds
    assert found.words == ""
    assert found.numbers
    assert all(len(row) == len(found.header) for row in found.rows)
    assert FINDERS[name].__doc__


def test_a_fit_that_stopped_short_is_no_scale() -> None:
    stopped = replace(healthy().fit, scaled_gradient=1e-3)
    found = find("ranking_has_converged", replace(healthy(), scale=replace(healthy().scale, fit=stopped)))

    assert not found.holds
    assert "not to be used" in found.words


def test_essays_that_nothing_links_are_named() -> None:
    ranking = healthy()
    cut = without_verdicts(ranking.pairs, "essay-05", keep=0)
    found = find("ranking_is_connected", replace(ranking, pairs=cut))

    assert not found.holds
    assert "Cut off from the rest: essay-05. Raise max_pairs_cap" in found.words
    assert found.numbers == {"n_groups": 2, "fewest_partners_of_an_essay": 0}
    assert found.rows[0] == ("essay-05", 0)


def test_errors_are_compared_with_the_plan_and_not_with_a_fixed_limit() -> None:
    found = find("errors_are_as_expected", healthy())

    assert found.numbers["ratio"] == pytest.approx(1, abs=0.15)
    assert found.numbers["bt_se_inflated"] == "true"
    assert found.numbers["has_isolated_items"] == "false"


def test_lost_verdicts_make_errors_larger_than_the_plan_lets_expect() -> None:
    pairs = ClassRoom(per_essay=20).pairs()
    third = tuple(
        c if k % 3 == 0 else replace(c, status="errored", winner="", strength=0)
        for k, c in enumerate(pairs.comparisons)
    )
    found = find("errors_are_as_expected", ranked(replace(pairs, comparisons=third)))

    assert not found.holds
    assert "160 of 240 comparisons have no verdict" in found.words
    assert found.rows[0][1] == found.numbers["largest_standard_error"]


@pytest.mark.parametrize(("target", "holds"), [(None, True), (0.5, True), (0.99, False)])
def test_reliability_is_held_against_the_target_where_there_is_one(target: float | None, holds: bool) -> None:  # noqa: FBT001 - a parameter
    found = find("reliability_meets_target", ranked(ClassRoom(settings={"target_reliability": target}).pairs()))

    assert found.holds is holds
    assert ("More comparisons raise it" in found.words) is not holds
    assert found.numbers["target_reliability"] == ("none" if target is None else target)
    assert [row[0] for row in found.rows][-2:] == ["split half by comparison", "split half by judge"]


def test_before_the_last_wave_a_low_reliability_is_no_surprise() -> None:
    more = Decided(Decision.REQUEST_MORE_COMPARISONS, "wave 1 is complete")
    found = find("reliability_meets_target", ranked(ClassRoom(settings={"target_reliability": 0.99}).pairs(), more))

    assert "More waves follow by themselves" in found.words


@pytest.mark.parametrize(
    ("waves", "max_waves", "design", "warned"),
    [
        (1, None, "nearest_neighbour", False),
        (3, None, "nearest_neighbour", True),
        (3, 3, "optimal_graph", True),
        (3, 3, "regular", False),
        (2, 1, "nearest_neighbour", False),
    ],
)
def test_adaptive_pairing_is_warned_of(waves: int, max_waves: int | None, design: str, warned: bool) -> None:  # noqa: FBT001 - a parameter
    pairs = ClassRoom(waves=waves, settings={"next_wave_design": design}).pairs()
    found = find("reliability_meets_target", ranked(pairs, max_waves=max_waves))

    assert (ADAPTIVE_WARNING in found.words) is warned
    assert found.holds


@pytest.mark.parametrize("position", [2.5, -2.5])
def test_a_strong_position_effect_is_warned_of_either_way(position: float) -> None:
    found = find("position_effect_is_bounded", ranked(ClassRoom(position=position, per_essay=20).pairs()))

    assert not found.holds
    assert "which essay is shown first" in found.words
    assert np.sign(found.numbers["position_effect"]) == np.sign(position)
    assert [row[0] for row in found.rows] == ["one", "three", "two"]


def test_what_its_error_explains_is_not_held_against_a_position_effect() -> None:
    strong = ranked(ClassRoom(position=2.5, per_essay=20).pairs())
    unsure = replace(strong.fit, position_effect_se=2.0)

    assert find("position_effect_is_bounded", replace(strong, scale=replace(strong.scale, fit=unsure))).holds


def test_a_bound_can_be_moved() -> None:
    strong = ranked(ClassRoom(position=2.5, per_essay=20).pairs())

    assert find("position_effect_is_bounded", strong, QualityOptions(max_position_effect=9.0)).holds


def test_a_careless_judge_is_named() -> None:
    found = find("judges_fit_the_scale", ranked(ClassRoom(per_essay=20, careless=("two",)).pairs()))

    assert not found.holds
    assert "Outside its band: two (above)." in found.words
    assert found.numbers["n_outside"] == 1
    assert found.rows[0][0] in {"one", "two", "three"}


def test_strange_missing_and_doubled_essays_are_named() -> None:
    ranking = healthy()
    essays = ranking.pairs.snapshot.essays
    ids = ranking.table["essay_id"].tolist()
    table = ranking.table.assign(essay_id=["stranger", ids[2], *ids[2:]])
    twin = replace(ranking.pairs.snapshot, essays=(*essays[:-1], Essay(essays[-1].essay_id, essays[0].text)))
    found = find("essays_are_ranked_once", replace(ranking, table=table, pairs=replace(ranking.pairs, snapshot=twin)))

    assert not found.holds
    faults = {fault for _, fault in found.rows}
    assert faults == {
        "missing from the ranking",
        "not in the folder",
        "ranked more than once",
        "same text as another essay",
    }
    assert "stranger: not in the folder" in found.words


@pytest.mark.parametrize(("value", "seen"), [(0.123456, 0.1235), (float("nan"), "none"), (7, 7), ("x", "x")])
def test_numbers_are_shown_rounded(value: float | str, seen: object) -> None:
    assert shown(value) == seen
