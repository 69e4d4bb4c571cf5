"""From recorded decisions to arrays: names, categories, and what is known of the order."""

# ruff: noqa: D103 - the name of a test is its sentence

import numpy as np
import pandas as pd
import pytest

from cj_pipeline.engine.decisions import Decisions, gather, read_table
from cj_pipeline.errors import ConfigurationError, TooFewVerdictsError

PLAIN = {"left": ["b", "a"], "right": ["a", "c"], "winner": ["a", "a"], "judge": ["x", "y"]}


def gathered(*tables: dict[str, list[object]], min_comparisons: int = 0) -> Decisions:
    """Gather tables in memory."""
    return gather([read_table(table) for table in tables], min_comparisons=min_comparisons)


def test_names_are_sorted_and_rows_keep_their_order() -> None:
    found = gather([read_table(PLAIN)])

    assert found.essay_ids == ("a", "b", "c")
    assert found.judges == ("x", "y")
    assert (found.data.first.tolist(), found.data.second.tolist()) == ([1, 0], [0, 2])
    assert found.data.category.tolist() == [0, 1]
    assert found.data.judge.tolist() == [0, 1]
    assert [row.line for row in found.rows] == [2, 3]
    assert found.order_unknown == ""


@pytest.mark.parametrize(
    ("winner", "strength", "n_categories", "category"),
    [
        (["x", "y"], None, (2,), [1, 0]),
        (["x", "y", "tie"], None, (3,), [2, 0, 1]),
        (["x", "x", "x", "y", "y", "y"], ["1", "2", "3"] * 2, (6,), [3, 4, 5, 2, 1, 0]),
        (["x", "x", "x", "y", "y", "y", "tie"], [*["1", "2", "3"] * 2, ""], (7,), [4, 5, 6, 2, 1, 0, 3]),
        (["x", "y", "x"], ["1", "", ""], (2, 6), [3, 0, 1]),
        (["x", "y", "tie"], ["1", "", ""], (2, 7), [4, 0, 3]),
    ],
)
def test_an_answer_is_a_category_of_what_its_table_can_say(
    winner: list[str], strength: list[str] | None, n_categories: tuple[int, ...], category: list[int]
) -> None:
    n = len(winner)
    table: dict[str, list[object]] = {"left": ["x"] * n, "right": ["y"] * n, "winner": list(winner)}
    if strength is not None:
        table["strength"] = list(strength)

    data = gathered(table).data

    assert data.n_categories == n_categories
    assert data.category.tolist() == category


def test_a_swapped_row_says_the_mirror_image() -> None:
    for winner, strength in (("x", "1"), ("x", "3"), ("y", "2"), ("tie", "")):
        ties = {"left": ["p"], "right": ["q"], "winner": ["tie"], "strength": [""]}
        both = [
            gathered({k: [*ties[k], v] for k, v in zip(ties, (*pair, winner, strength), strict=True)}).data
            for pair in (("x", "y"), ("y", "x"))
        ]
        assert both[0].share[1] == pytest.approx(1 - both[1].share[1])


def test_tables_that_can_say_the_same_share_their_response_format() -> None:
    ties: dict[str, list[object]] = {"left": ["a", "a"], "right": ["b", "b"], "winner": ["a", "tie"]}
    plain: dict[str, list[object]] = {"left": ["a"], "right": ["b"], "winner": ["b"]}

    data = gathered(ties, plain, ties).data

    assert data.n_categories == (2, 3)
    assert data.response_format.tolist() == [1, 1, 0, 1, 1]


def test_the_same_name_is_the_same_essay_and_judge_in_all_tables() -> None:
    found = gathered(
        {"left": ["a"], "right": ["b"], "winner": ["a"], "judge": ["x"]},
        {"chosen": ["b"], "notChosen": ["c"], "judgeName": ["x"]},
    )

    assert found.essay_ids == ("a", "b", "c")
    assert found.judges == ("x",)
    assert "does not say which essay was shown first" in found.order_unknown


def test_a_first_column_that_always_wins_is_no_order() -> None:
    few = {"id1": ["a"] * 19, "id2": ["b"] * 19, "result": [1] * 19}
    many = {"id1": ["a"] * 20, "id2": ["b"] * 20, "result": [1] * 20}

    assert gathered(few).order_unknown == ""  # type: ignore[arg-type]
    assert "that column is for winners" in gathered(many).order_unknown  # type: ignore[arg-type]


def test_essays_compared_too_seldom_are_left_out_until_none_is_left() -> None:
    # a, b and c met three times each; d met c once, e met d once: d falls only after e has.
    pairs = [("a", "b"), ("b", "c"), ("a", "c"), ("a", "b"), ("b", "c"), ("a", "c"), ("c", "d"), ("d", "e")]
    table: dict[str, list[object]] = {"left": [p[0] for p in pairs], "right": [p[1] for p in pairs]}
    table["winner"] = table["left"]

    found = gathered(table, min_comparisons=2)

    assert found.essay_ids == ("a", "b", "c")
    assert found.dropped == ("d", "e")
    assert len(found.rows) == 6
    with pytest.raises(TooFewVerdictsError, match="no essays have 5 comparisons"):
        gathered(table, min_comparisons=5)


def test_a_data_frame_is_read_as_a_file_would_be() -> None:
    frame = pd.DataFrame({"left": [1, 2, 3, 1], "right": [2, 3, 1, 3], "winner": [1.0, np.nan, 1.0, 3.0]})
    nullable = frame.astype("Int64")

    for table in (frame, nullable):
        found = read_table(table)  # type: ignore[arg-type]
        assert [(d.first, d.second, d.answer.winner) for d in found.decisions] == [
            ("1", "2", "first"),
            ("3", "1", "second"),
            ("1", "3", "second"),
        ]
        assert found.n_left_out == 1


def test_tables_in_which_no_decision_counts_say_why() -> None:
    with pytest.raises(TooFewVerdictsError, match="no decision counts: 2: no verdict"):
        gathered({"left": ["a", "b"], "right": ["b", "a"], "winner": ["", "skipped"]})
    with pytest.raises(TooFewVerdictsError, match="there are no rows"):
        gathered({"left": [], "right": [], "winner": []})


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ConfigurationError, match="differ in length"):
        read_table({"left": ["a"], "right": ["b", "c"], "winner": ["a"]})
