"""Ranking recorded decisions, as a program calls it."""

# ruff: noqa: D103 - the name of a test is its sentence

import json

import numpy as np
import pytest

import cj_pipeline
from cj_pipeline.engine.decision_ranking import CompatibleRanking, RankOptions, ScaleRanking, rank_comparisons
from cj_pipeline.engine.decision_summary import summary
from cj_pipeline.engine.decision_table_columns import ESSAY_COLUMNS, JUDGE_COLUMNS
from cj_pipeline.engine.decisions import gather, read_table
from cj_pipeline.errors import ConfigurationError, DisconnectedError, SeparatedError
from cj_pipeline.scaling.epsilon_adjusted import fit_epsilon_adjusted
from cj_pipeline.scaling.estimate import fit_scale
from cj_pipeline.scaling.scale_fit import ScaleOptions
from cj_pipeline_tests.support.decisions import columns, drawn_decisions, named

TABLE = columns(drawn_decisions(position_effect=1.0))


def scale(options: RankOptions = RankOptions(), table: dict[str, list[str]] = TABLE) -> ScaleRanking:  # noqa: B008 (frozen)
    """Rank on the project's own scale."""
    found = rank_comparisons(table, options)
    assert isinstance(found, ScaleRanking)
    return found


def compatible(table: dict[str, list[str]] = TABLE) -> CompatibleRanking:
    """Rank in compatibility mode."""
    found = rank_comparisons(table, RankOptions(compatible="sirt"))
    assert isinstance(found, CompatibleRanking)
    return found


def test_the_ranking_is_the_fitted_scale_best_first() -> None:
    found, fit = scale(), fit_scale(gather([read_table(TABLE)]).data, ScaleOptions())

    by_name = dict(zip(found.essays["essay_id"], found.essays["measure"], strict=True))
    assert [by_name[name] for name in found.decisions.essay_ids] == pytest.approx(fit.measures.tolist())
    assert found.essays["rank"] == list(range(1, 25))
    assert found.essays["measure"] == sorted(found.essays["measure"], reverse=True)  # type: ignore[type-var]
    assert named(0) in found.essays["essay_id"][:4]


def test_every_row_has_its_interval_and_its_counts() -> None:
    essays = scale().essays

    for low, measure, high in zip(essays["measure_low"], essays["measure"], essays["measure_high"], strict=True):
        assert low < measure < high  # type: ignore[operator]
    for low, rank, high in zip(essays["rank_low"], essays["rank"], essays["rank_high"], strict=True):
        assert low <= rank <= high  # type: ignore[operator]
    assert set(essays["n_comparisons"]) == {24}
    assert sum(map(float, map(str, essays["n_wins"]))) == 24 * 24 / 2


def test_the_position_effect_is_fitted_where_the_order_is_known_and_only_there() -> None:
    seen, silent = scale(), scale(RankOptions(position_effect=False))
    winner_first = {"won": ["a", "b", "c", "a"], "lost": ["b", "c", "a", "c"]}

    assert seen.fit.position_effect > 2 * seen.fit.position_effect_se > 0
    assert silent.fit.position_effect == 0
    assert scale(table=winner_first).fit.position_effect_se == 0
    assert summary(scale(table=winner_first))["flips"] is None


def test_judges_effects_are_columns_when_asked_for() -> None:
    plain, both = scale().judges, scale(RankOptions(judge_effects="both")).judges

    assert "position_effect" not in plain
    assert "discrimination" not in plain
    assert {"position_effect", "position_effect_se", "discrimination"} <= set(both)
    assert sorted(map(str, both["judge"])) == [f"judge-{i}" for i in range(4)]
    assert sum(map(int, map(str, both["n_comparisons"]))) == 288


def test_judges_position_effects_without_an_order_are_refused() -> None:
    winner_first = {"judge": ["x"] * 4, "won": ["a", "b", "c", "a"], "lost": ["b", "c", "a", "c"]}

    with pytest.raises(ConfigurationError, match="does not say which essay was shown first"):
        rank_comparisons(winner_first, RankOptions(judge_effects="position"))
    with pytest.raises(ConfigurationError, match="is switched off"):
        rank_comparisons(TABLE, RankOptions(judge_effects="both", position_effect=False))


def test_compatibility_mode_is_the_established_estimate() -> None:
    found, fit = compatible(), fit_epsilon_adjusted(gather([read_table(TABLE)]).data)

    by_name = dict(zip(found.essays["essay_id"], found.essays["standard_error"], strict=True))
    assert [by_name[name] for name in found.decisions.essay_ids] == pytest.approx(fit.standard_errors.tolist())
    assert "rank_low" not in found.essays
    assert len(found.judges["infit"]) == 4


@pytest.mark.parametrize("options", [{"prior_sd": 1.0}, {"judge_effects": "both"}])
def test_compatibility_mode_has_neither_prior_nor_judges_effects(options: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="neither a prior"):
        rank_comparisons(TABLE, RankOptions(compatible="sirt", **options))  # type: ignore[arg-type]


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="no compatibility mode 'elo'"):
        rank_comparisons(TABLE, RankOptions(compatible="elo"))


@pytest.mark.parametrize("mode", [None, "sirt"])
def test_groups_that_never_met_are_refused_by_name(mode: str | None) -> None:
    apart = {"won": ["a", "b", "c", "x", "y", "z"], "lost": ["b", "c", "a", "y", "x", "x"]}

    with pytest.raises(DisconnectedError, match=r"2 groups .*\n  3 essays: a, b, c\n  3 essays: x, y, z\n") as raised:
        rank_comparisons(apart, RankOptions(compatible=mode))

    assert [len(group) for group in raised.value.groups] == [3, 3]


def test_without_a_prior_essays_out_of_reach_are_named() -> None:
    table = {"won": ["top", "top", "a", "b", "c"], "lost": ["a", "b", "b", "c", "a"]}

    with pytest.raises(SeparatedError, match="1 essay: top\n  3 essays: a, b, c"):
        rank_comparisons(table, RankOptions(prior_sd=0))


def test_every_column_has_its_meaning_in_the_reference() -> None:
    both = scale(RankOptions(judge_effects="both"))

    essays, judges = ([name for name, _, _ in columns] for columns in (ESSAY_COLUMNS, JUDGE_COLUMNS))
    assert [name for name in essays if name in both.essays] == list(both.essays)
    assert [name for name in essays if name in compatible().essays] == list(compatible().essays)
    assert judges == list(both.judges)


def test_the_same_seed_gives_the_same_tables() -> None:
    one, again, other = scale(), scale(), scale(RankOptions(seed=1))

    assert one.essays == again.essays
    assert one.judges == again.judges
    assert one.essays["measure"] == other.essays["measure"]


@pytest.mark.parametrize("mode", [None, "sirt"])
def test_the_summary_is_plain_json_with_what_was_left_out(mode: str | None) -> None:
    table = columns([*drawn_decisions(), {"judge": "j", "left": "a", "right": "b", "winner": "skipped"}])

    found = summary(rank_comparisons(table, RankOptions(compatible=mode)))

    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert found["n_decisions"] == 288
    assert '"left_out": {"no verdict (skipped, refused or invalid)": [290]}' in json.dumps(found["tables"])


def test_a_fit_without_prior_reports_the_scale_separation() -> None:
    found = scale(RankOptions(prior_sd=0))

    spread, error = np.var(found.fit.measures, ddof=1), np.mean(found.fit.standard_errors**2)
    assert not found.has_prior
    assert found.reliability == pytest.approx(1 - error / spread)


def test_the_function_can_be_had_from_the_package() -> None:
    assert cj_pipeline.rank_comparisons is rank_comparisons
    assert cj_pipeline.RankOptions is RankOptions
    with pytest.raises(AttributeError, match="no attribute 'rank_all'"):
        _ = cj_pipeline.rank_all
