"""Every kind of decisions file that is read, and what is done with rows that say nothing."""

# ruff: noqa: D103 - the name of a test is its sentence

import csv
from io import StringIO

import pytest

from cj_pipeline.domain.decision_answers import (
    ITSELF,
    NAMELESS,
    NEITHER,
    NO_VERDICT,
    NOT_UNDERSTOOD,
    Answer,
)
from cj_pipeline.domain.decision_conventions import CONVENTIONS
from cj_pipeline.domain.decision_rows import TOO_MANY_CELLS, DecisionRows, read_rows
from cj_pipeline.errors import ConfigurationError

ONE, TWO, TIE = Answer("first"), Answer("second"), Answer("tie")


def read(text: str) -> DecisionRows:
    """Read a table as it would stand in a file."""
    header, *rows = csv.reader(StringIO(text.strip("\n")))
    return read_rows(header, [(i + 2, row) for i, row in enumerate(rows)], "decisions.csv")


def answers(rows: DecisionRows) -> list[tuple[str, str, Answer]]:
    """What each row says."""
    return [(d.first, d.second, d.answer) for d in rows.decisions]


NO_MORE_MARKING = """
judgeName,timeTaken(ms),chosen,notChosen,createdAt
j1@school.uk,9120,HSY7UV,MRQA6D,2020-01-26 13:02:48
"""
WHEADON = """
id,timeTaken,createdAt,judgeId,chosen,notChosen,task,person_chosen,person_not_chosen
1,9120,2020-01-26 13:02:48,j1,HSY7UV,MRQA6D,Year 1,p1,p2
"""
KINNEAR = """
study,judge,candidate_chosen,candidate_not_chosen,time_taken
s,j1,HSY7UV,MRQA6D,9.12
"""
MARSHALL = """
"Judge","Time.Taken","Internal","Candidate.Chosen","Candidate.Not.Chosen","Date.Created"
"j1","9.12","TRUE","HSY7UV","MRQA6D","26/01/2020"
"""
WON_LOST = """
judge,won,lost
j1,HSY7UV,MRQA6D
"""


@pytest.mark.parametrize(
    ("text", "name", "duration_s", "decided_at"),
    [
        (NO_MORE_MARKING, "No More Marking", 9.12, "2020-01-26 13:02:48"),
        (WHEADON, "No More Marking", 9.12, "2020-01-26 13:02:48"),
        (KINNEAR, "Kinnear, Jones and Davies", 9.12, ""),
        (MARSHALL, "Marshall and others", None, "26/01/2020"),
        (WON_LOST, "Kinnear, Jones and Davies", None, ""),
    ],
)
def test_files_that_name_the_chosen_essay_show_no_order(
    text: str, name: str, duration_s: float | None, decided_at: str
) -> None:
    rows = read(text)

    [decision] = rows.decisions
    assert rows.convention == name
    assert not rows.shows_order
    assert (decision.first, decision.second, decision.answer) == ("HSY7UV", "MRQA6D", ONE)
    assert decision.line == 2
    assert decision.judge.startswith("j1")
    assert decision.duration_s == (pytest.approx(duration_s) if duration_s else None)
    assert decision.decided_at == decided_at


CJRC = """
participant_id,choice_id1,choice_id2,winner_id,choice1_text
gpt,1,2,1,a
gpt,1,3,3,"a, b"
gpt,2,3,,a
"""
JUDGEMENTS = """
comparison_id,participant_id,item_1_id,item_2_id,selected_item_id,state,created,updated
1,7,10,11,10,selected,2024-05-01,2024-05-01
2,7,10,11,11,selected,2024-05-01,2024-05-01
3,7,10,11,None,tied,2024-05-01,2024-05-01
4,7,10,11,None,skipped,2024-05-01,2024-05-01
"""
OUTCOMES = """
item_1_id,item_2_id,outcome
10,11,0
10,11,1
10,11,2
10,11,3
"""
SIRT = """
id1,id2,result
A,B,1
A,B,0
A,B,0.5
A,B,
A,B,2
"""
PAIRWISE_LLM = """
pair_uid,unordered_key,ordered_key,A_id,B_id,better_id,winner_pos,phase,iter,received_at,backend,model
S01:S02#1,S01:S02,S01:S02,S01,S02,S02,2,phase2,1,2026-01-01,openai,gpt-5.1
S01:S02#2,S01:S02,S02:S01,S02,S01,S02,1,phase2,2,2026-01-01,openai,gpt-5.1
"""
LEFT_RIGHT = """
decision_id,judge_id,left_id,right_id,winner,time_ms,created_at
1,j1,x,y,left,1500,2026-01-01
2,j1,x,y,Right,1500,2026-01-01
3,j1,x,y,tie,1500,2026-01-01
4,j1,x,y,invalid,1500,2026-01-01
5,j1,x,y,y,1500,2026-01-01
6,j1,x,y,z,1500,2026-01-01
"""
OURS = """
comparison_id,wave,judge,answered_by,first,second,outcome,winner,winner_position,strength,reason,error,n_attempts
c1,1,m,m,e1,e2,ok,e1,first,3,because,,1
c2,1,m,m,e1,e2,ok,e2,second,1,because,,1
c3,1,m,,e1,e2,refused,,,0,,no,2
"""


@pytest.mark.parametrize(
    ("text", "name", "said", "left_out"),
    [
        (CJRC, "Comparative Judgement Research Consortium", [ONE, TWO], {NO_VERDICT: (4,)}),
        (JUDGEMENTS, "Comparison Interface (judgements)", [ONE, TWO, TIE], {NO_VERDICT: (5,)}),
        (OUTCOMES, "Comparison Interface (outcomes)", [ONE, TWO, TIE], {NOT_UNDERSTOOD: (5,)}),
        (SIRT, "sirt", [ONE, TWO, TIE], {NO_VERDICT: (5,), NOT_UNDERSTOOD: (6,)}),
        (PAIRWISE_LLM, "pairwiseLLM", [TWO, ONE], {}),
        (LEFT_RIGHT, "left, right and winner", [ONE, TWO, TIE, TWO], {NO_VERDICT: (5,), NEITHER: (7,)}),
        (
            OURS,
            "comparisons table of cj_pipeline",
            [Answer("first", 3), Answer("second", 1)],
            {NO_VERDICT: (4,)},
        ),
    ],
)
def test_files_that_show_the_order(
    text: str, name: str, said: list[Answer], left_out: dict[str, tuple[int, ...]]
) -> None:
    rows = read(text)

    assert rows.convention == name
    assert rows.shows_order
    assert [d.answer for d in rows.decisions] == said
    assert {group.reason: group.lines for group in rows.left_out} == left_out
    assert rows.n_left_out == sum(map(len, left_out.values()))


def test_every_kind_is_tried_here() -> None:
    tried = [NO_MORE_MARKING, KINNEAR, MARSHALL, CJRC, JUDGEMENTS, OUTCOMES, SIRT, PAIRWISE_LLM, LEFT_RIGHT, OURS]

    assert {read(text).convention for text in tried} == {convention.name for convention in CONVENTIONS}


def test_a_model_is_the_judge_where_models_judge_and_no_one_where_nobody_is_named() -> None:
    assert {d.judge for d in read(PAIRWISE_LLM).decisions} == {"gpt-5.1"}
    assert {d.judge for d in read(SIRT).decisions} == {""}


def test_a_winners_name_comes_before_words_for_the_sides() -> None:
    rows = read("left,right,winner\nB,A,A\nright,left,left\nB,C,a\n")

    assert answers(rows) == [("B", "A", TWO), ("right", "left", TWO), ("B", "C", ONE)]


def test_strength_is_read_in_words_and_in_numbers() -> None:
    rows = read("left,right,winner,strength\nx,y,x,slightly\nx,y,y,3\nx,y,x,\nx,y,x,hugely\n")

    assert [d.answer.strength for d in rows.decisions] == [1, 3, 0]
    assert [group.reason for group in rows.left_out] == [NOT_UNDERSTOOD]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("j1,x,", NAMELESS),
        ("j1,,x", NAMELESS),
        ("j1", NAMELESS),
        ("j1,x,x", ITSELF),
        ("j1,x,y,z", TOO_MANY_CELLS),
    ],
)
def test_rows_without_a_pair_are_left_out_with_their_line(row: str, reason: str) -> None:
    rows = read(f"judge,candidate_chosen,candidate_not_chosen\nj1,x,y\n{row}\n")

    assert len(rows.decisions) == 1
    assert [(group.reason, group.lines) for group in rows.left_out] == [(reason, (3,))]


def test_spelling_of_headers_does_not_matter_and_spaces_around_names_do_not_count() -> None:
    rows = read("JUDGE , Candidate-Chosen, candidate.not.chosen\n j1 , x , y \n")

    assert answers(rows) == [("x", "y", ONE)]
    assert rows.decisions[0].judge == "j1"


def test_an_unknown_header_is_told_what_was_found_and_what_is_accepted() -> None:
    with pytest.raises(ConfigurationError) as raised:
        read("essay,score\n1,2\n")

    message = str(raised.value)
    assert "decisions.csv:1: " in message
    assert "essay, score" in message
    for convention in CONVENTIONS:
        assert convention.name in message


def test_columns_of_two_kinds_are_ambiguous() -> None:
    with pytest.raises(ConfigurationError, match=r"two ways, chosen,notChosen .* or left_id,right_id,winner"):
        read("chosen,notChosen,left,right,winner\na,b,a,b,a\n")


def test_a_column_that_counts_twice_is_ambiguous() -> None:
    with pytest.raises(ConfigurationError, match="there twice"):
        read("judge,won,lost,Won\nj,a,b,b\n")
