"""Profiles: what the judge decides, what its answers cost and take, and the faults it starts with."""

# ruff: noqa: D103 - the name of a test is its sentence

import json
import statistics
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import anthropic
import openai
import pytest

from cj_pipeline.emulator import RunningEmulator, running_emulator
from cj_pipeline.emulator.judges import JUDGES, ShareJudge
from cj_pipeline.emulator.manners import Latency, Manners, TokenCounts
from cj_pipeline.emulator.profiles import load_profile, profile_names, read_profile
from cj_pipeline.emulator.questions import Question
from cj_pipeline_tests.unit.emulator.conftest import anthropic_client, openai_client
from cj_pipeline_tests.unit.emulator.samples import BAD, GOOD, MIDDLE, chat_body, message_params, prompt

EVEN = tuple((k + 0.5) / 4000 for k in range(4000))
GOOD_JUDGE = {"kind": "share", "first": 0.5}


@pytest.fixture(scope="module")
def anchor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    with running_emulator(tmp_path_factory.mktemp("anchor"), seed=3, judge="eng5-anchor") as running:
        yield running


def test_every_profile_loads_and_no_name_is_that_of_a_judge() -> None:
    assert profile_names() == ["cj-generic", "cj-generic-batch-api", "eng5-anchor", "eng5-lower5"]
    assert set(profile_names()).isdisjoint(JUDGES)
    for name in profile_names():
        profile = load_profile(name)
        assert profile.make_judge(1).name == name
        assert profile.about


def test_the_same_question_gets_the_same_answer_whatever_its_nonce() -> None:
    for name in profile_names():
        judge = load_profile(name).make_judge(5)
        assert judge.decide(Question(GOOD, BAD, "m", "x")) == judge.decide(Question(GOOD, BAD, "m", "y"))


def test_a_share_judge_keeps_its_share_in_either_order() -> None:
    def share(judge: ShareJudge, a: str, b: str) -> float:
        return sum(judge.decide(Question(a, b, f"m{k}", "n")).first_wins for k in range(2000)) / 2000

    assert share(ShareJudge(1, 1.0), BAD, GOOD) == 1.0
    assert share(ShareJudge(1, 0.3), GOOD, BAD) == pytest.approx(0.3, abs=0.035)
    assert share(ShareJudge(1, 0.3), BAD, GOOD) == pytest.approx(0.3, abs=0.035)
    with pytest.raises(ValueError, match="between 0 and 1"):
        ShareJudge(1, 1.2)


@pytest.mark.parametrize(("mean", "p95"), [(1610, 2231), (1588, 2142), (100, 380)])
def test_latencies_have_their_mean_and_their_95th_percentile(mean: float, p95: float) -> None:
    drawn = [Latency(mean, p95).seconds(unit) * 1000 for unit in EVEN]
    assert statistics.fmean(drawn) == pytest.approx(mean, rel=0.01)
    assert sorted(drawn)[3800] == pytest.approx(p95, rel=0.01)
    assert min(drawn) > 0


def test_tokens_have_a_floor_and_a_range() -> None:
    manners = Manners(TokenCounts(0.5, 40, 10, 12))
    assert (manners.input_tokens("x" * 60, 1), manners.input_tokens("x" * 101, 1)) == (40, 51)
    assert {manners.output_tokens("", k) for k in range(60)} == {10, 11, 12}


def test_a_shared_beginning_is_written_to_the_cache_once_and_read_ever_after(anchor: RunningEmulator) -> None:
    anchor.reset()
    head = "Judge these two essays by the rubric. " * 100
    with openai_client(anchor) as oa, anthropic_client(anchor) as an:
        for k in range(2):
            oa.chat.completions.create(**chat_body(head + prompt(GOOD, f"{MIDDLE} {k}")))
        blocks = [
            {"type": "text", "text": head, "cache_control": {"type": "ephemeral", "ttl": "1h"}},
            {"type": "text", "text": prompt(GOOD, MIDDLE)},
        ]
        marked = message_params() | {"messages": [{"role": "user", "content": blocks}], "model": "another"}
        usages = [an.messages.create(**marked).usage for _ in range(2)]
        an.messages.create(**message_params(head + prompt(GOOD, MIDDLE)))
    billed = [(e["cached_tokens"] > 0, e["cache_write_tokens"] > 0) for e in anchor.journal("answer")]

    assert billed == [(False, True), (True, False), (False, True), (True, False), (False, False)]
    first, second = usages
    assert first.cache_creation is not None
    assert first.cache_creation.ephemeral_1h_input_tokens == first.cache_creation_input_tokens
    assert second.cache_read_input_tokens == first.cache_creation_input_tokens
    assert {e["reasoning_tokens"] for e in anchor.journal("answer")} == {16}


def test_without_manners_tokens_are_estimated_and_no_time_passes() -> None:
    assert (Manners().input_tokens("abc", 7), Manners().output_tokens("abcde")) == (7, 2)
    assert Manners().latency_s("any") == 0.0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "want judge"),
        ({"judge": GOOD_JUDGE, "speed": 1}, "want judge"),
        ({"judge": GOOD_JUDGE, "tokens": {"input_floor": 1}}, "missing"),
        ({"judge": GOOD_JUDGE, "latency_ms": {"mean": 100, "p95": 500}}, "p95 < 3.86"),
        (
            {
                "judge": GOOD_JUDGE,
                "tokens": {"input_per_char": 1, "input_floor": 1, "output_low": 3, "output_high": 2},
            },
            "output_low <= output_high",
        ),
        (
            {
                "judge": GOOD_JUDGE,
                "tokens": {"input_per_char": 1, "input_floor": 1, "output_low": 3, "output_high": 4, "reasoning": 5},
            },
            "reasoning <= output_low",
        ),
    ],
)
def test_a_faulty_profile_is_refused(given: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_profile("mine", json.dumps(given))


def test_unknown_names_are_told_apart_from_known_ones() -> None:
    with pytest.raises(ValueError, match="known: cj-generic"):
        load_profile("nobody")
    with pytest.raises(ValueError, match=r"judge\.kind is 'wise'; known: share, quality"):
        read_profile("mine", json.dumps({"judge": {"kind": "wise"}})).make_judge(0)


def test_virtual_time_passes_with_each_answer_asked_at_once(anchor: RunningEmulator) -> None:
    anchor.reset()
    start = anchor.now()
    with openai_client(anchor) as oa, anthropic_client(anchor) as an:
        tokens = oa.chat.completions.create(**chat_body(prompt(GOOD, MIDDLE))).usage
        after_one = anchor.now()
        an.messages.create(**message_params(prompt(GOOD, MIDDLE)))
        oa.chat.completions.create(**chat_body(prompt(GOOD, MIDDLE, "another")))
    took = [entry["latency_s"] for entry in anchor.journal("answer")]

    assert after_one - start == pytest.approx(took[0], abs=1e-5)
    assert anchor.now() - start == pytest.approx(sum(took), abs=1e-4)
    assert took[0] == took[2]
    assert all(0.5 < seconds < 6 for seconds in took)
    assert tokens is not None
    assert tokens.prompt_tokens == 1100
    assert 40 <= tokens.completion_tokens <= 67


def test_answers_side_by_side_take_less_than_one_after_the_other(anchor: RunningEmulator) -> None:
    anchor.reset()
    start = anchor.now()
    texts = [prompt(GOOD, f"{MIDDLE} {k}") for k in range(6)]
    with openai_client(anchor) as oa, ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda text: oa.chat.completions.create(**chat_body(text)), texts))
    took = [entry["latency_s"] for entry in anchor.journal("answer")]

    assert max(took) - 1e-5 <= anchor.now() - start <= sum(took) + 1e-5


def test_an_emulator_in_real_time_makes_its_caller_wait(tmp_path: Path) -> None:
    with running_emulator(tmp_path, judge="eng5-lower5", frozen_clock=False) as running, openai_client(running) as oa:
        start = running.now()
        oa.chat.completions.create(**chat_body(prompt(GOOD, MIDDLE)))
        [answer] = running.journal("answer")

        assert running.now() - start >= answer["latency_s"]


def test_the_opening_faults_strike_once_and_come_back_after_a_reset(anchor: RunningEmulator, tmp_path: Path) -> None:
    anchor.reset()
    statuses = []
    with openai_client(anchor) as oa:
        for k in range(14):
            try:
                oa.chat.completions.create(**chat_body(prompt(GOOD, f"{MIDDLE} {k}")))
                statuses.append(200)
            except openai.APIStatusError as error:
                statuses.append(error.status_code)
    assert statuses == [200] * 10 + [429] * 3 + [200]
    assert [fault["times_left"] for fault in anchor.faults()] == [0, 2]
    anchor.reset()
    assert [fault["times_left"] for fault in anchor.faults()] == [3, 2]

    with running_emulator(tmp_path, judge="cj-generic-batch-api") as running:
        assert [fault["kind"] for fault in running.faults()] == ["item_errors"]
        running.restart()
        assert [fault["kind"] for fault in running.faults()] == ["item_errors"]


def test_bursts_also_strike_anthropic(anchor: RunningEmulator) -> None:
    anchor.reset()
    with anthropic_client(anchor) as an:
        for k in range(10):
            an.messages.create(**message_params(prompt(GOOD, f"{BAD} {k}")))
        with pytest.raises(anthropic.RateLimitError):
            an.messages.create(**message_params(prompt(GOOD, BAD)))
