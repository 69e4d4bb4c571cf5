"""Reading text: whatever a student or a model wrote."""

# ruff: noqa: D103 - the name of a test is its sentence

import itertools
import json
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cj_pipeline.domain.batches import JobLimits, first_fitting
from cj_pipeline.domain.essays import normalise_text, text_digest
from cj_pipeline.domain.plain_text import storable
from cj_pipeline.domain.prompting import build_prompt, context_of, delimiter_nonce
from cj_pipeline.domain.verdicts import REASON_MAX_CHARS, STRENGTHS, Unreadable, Verdict, read_verdict
from cj_pipeline_tests.unit.domain.factories import make_assessment

MANY = settings(deadline=None, max_examples=150)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
NEARLY = st.fixed_dictionaries(
    {},
    optional={
        "reason": st.text() | JSON,
        "better_essay": st.sampled_from(["A", "B", "a", "AB", "tie", ""]) | JSON,
        "strength": st.sampled_from([*STRENGTHS, "Much", ""]) | JSON,
    },
)
WHITE = st.text(alphabet=" \t\n\r\x0b\x0c\x1c\x85\u00a0\u2028\u2029ab\u0301e\ufeff")
CONTEXT = context_of(make_assessment())


@MANY
@given(st.text() | JSON.map(json.dumps) | NEARLY.map(json.dumps))
@example("NaN")
@example('{"better_essay": NaN}')
@example("9" * 5000)
def test_any_answer_is_a_verdict_or_says_why_not(answer: str) -> None:
    found = read_verdict(answer)

    assert isinstance(found, Verdict | Unreadable)
    if isinstance(found, Unreadable):
        assert found.cause
    else:
        assert found.winner == {"A": "first", "B": "second"}[json.loads(answer)["better_essay"]]
        assert 1 <= found.strength <= 3
        assert len(found.reason) <= REASON_MAX_CHARS


@MANY
@given(st.sampled_from("AB"), st.sampled_from(STRENGTHS), st.text(max_size=3 * REASON_MAX_CHARS))
def test_a_complete_answer_is_read_back(side: str, strength: str, reason: str) -> None:
    found = read_verdict(json.dumps({"reason": reason, "better_essay": side, "strength": strength}))

    assert isinstance(found, Verdict)
    assert found.winner == {"A": "first", "B": "second"}[side]
    assert STRENGTHS[found.strength - 1] == strength
    assert found.reason == storable(reason, REASON_MAX_CHARS)
    assert "\x00" not in found.reason


@MANY
@given(st.text() | WHITE)
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise_text(text)

    assert normalise_text(once) == once
    assert "\r" not in once
    assert not once.startswith("\n")
    assert not re.search(r"[ \t]\n|\n$", once)


@MANY
@given(st.text() | WHITE, st.sampled_from(["\n", "\r\n", "\r"]))
def test_line_ends_do_not_make_another_essay(text: str, end: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")

    assert text_digest(normalise_text(lines.replace("\n", end))) == text_digest(normalise_text(lines))


@MANY
@given(st.text(), st.text(), st.text(min_size=1))
def test_any_two_essays_are_read_back_from_between_their_delimiters(first: str, second: str, name: str) -> None:
    nonce = delimiter_nonce("secret", name)
    shown = build_prompt(CONTEXT, first, second, nonce).essays
    opened, closed = f'_a nonce="{nonce}">\n', f'\n</essay_a nonce="{nonce}">'

    assert shown.partition(opened)[2].partition(closed)[0] == first
    assert shown.count(nonce) == 4
    assert shown.endswith(f'\n{second}\n</essay_b nonce="{nonce}">\n\nWhich essay is better, A or B?')


@MANY
@given(st.lists(st.integers(1, 60), max_size=40), st.integers(1, 8), st.integers(1, 100))
def test_jobs_cover_all_requests_in_order_within_the_limits(
    sizes: list[int], max_requests: int, max_bytes: int
) -> None:
    runs: list[range] = []
    while (start := runs[-1].stop if runs else 0) < len(sizes):
        runs.append(range(start, start + first_fitting(sizes[start:], JobLimits(max_requests, max_bytes))))

    assert [i for run in runs for i in run] == list(range(len(sizes)))
    assert all(1 <= len(run) <= max_requests for run in runs)
    assert all(sum(sizes[i] for i in run) <= max_bytes or len(run) == 1 for run in runs)
    for run, following in itertools.pairwise(runs):
        fuller = [sizes[i] for i in run] + [sizes[following[0]]]
        assert len(fuller) > max_requests or sum(fuller) > max_bytes
