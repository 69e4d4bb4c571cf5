"""What opens a new judging session, and what changes nothing that was paid for."""

# ruff: noqa: D103 - the name of a test is its sentence

import re
from dataclasses import replace
from typing import Any

import pytest

from cj_pipeline.domain import prompting
from cj_pipeline.domain.essays import Essay
from cj_pipeline.domain.snapshot import AssessmentSnapshot, session_key
from cj_pipeline_tests.unit.domain.factories import ACCOUNTS, judge_data, make_snapshot

BASE = make_snapshot()
KEY = session_key(BASE, ACCOUNTS)


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Another title"},
        {"max_pairs_cap": 7},
        {"comparisons_per_essay": 4},
        {"max_cost_usd": 2.5},
        {"seed": 99},
        {"judges": [judge_data(share=3.0)]},
        {"judges": [judge_data(price={"input_usd_per_mtok": 1.0, "output_usd_per_mtok": 2.0})]},
        {"grade_scale": "swedish_8_anchor"},
        {"judges": [judge_data(parameters={"max_output_tokens": 1200, "temperature": None})]},
        {"essays": (Essay("a", "Edited."), Essay("z", "New."))},
        {"essays": (Essay("a", "First text.", "A"), Essay("b", "Second text."), Essay("c", "Third text."))},
    ],
    ids=[
        "title",
        "cap",
        "comparisons per essay",
        "cost limit",
        "seed",
        "share",
        "price",
        "scale",
        "default spelt out",
        "essays",
        "anchors",
    ],
)
def test_the_session_stays_when_this_changes(changes: dict[str, Any]) -> None:
    assert session_key(make_snapshot(**changes), ACCOUNTS) == KEY


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "another"},
        {"task": "Write about a journey."},
        {"rubric": "The longer text is better."},
        {"language": "sv"},
        {"judges": [judge_data(model="gpt-4.1-mini")]},
        {"judges": [judge_data(parameters={"temperature": 0.0})]},
        {"judges": [judge_data(parameters={"max_output_tokens": 1201})]},
        {"judges": [judge_data(), judge_data(model="gpt-4.1-mini")]},
        {"judges": [judge_data(provider="anthropic", model="claude-haiku-5-5")]},
    ],
    ids=["name", "task", "rubric", "language", "model", "temperature", "allowance", "a judge more", "provider"],
)
def test_another_session_opens_when_this_changes(changes: dict[str, Any]) -> None:
    assert session_key(make_snapshot(**changes), ACCOUNTS) != KEY


def test_another_session_opens_for_another_account() -> None:
    assert session_key(BASE, ACCOUNTS | {"openai": "api.openai.com"}) != KEY


def test_the_account_of_a_provider_that_is_not_asked_does_not_matter() -> None:
    assert session_key(BASE, {"openai": "emulator", "anthropic": "api.anthropic.com"}) == KEY
    assert session_key(BASE, {"openai": "emulator"}) == KEY


@pytest.mark.parametrize("part", ["PROMPT_VERSION", "_ESSAYS"])
def test_another_session_opens_when_a_template_changes(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompting, part, getattr(prompting, part) + " Think twice.")

    assert session_key(BASE, ACCOUNTS) != KEY


def test_the_order_of_the_judges_does_not_matter() -> None:
    judges = [judge_data(), judge_data(model="gpt-4.1-mini"), judge_data(provider="anthropic", model="claude-sonnet-5")]
    keys = {session_key(make_snapshot(judges=order), ACCOUNTS) for order in (judges, judges[::-1])}

    assert len(keys) == 1


def test_the_key_is_64_hex_digits() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", KEY)


@pytest.mark.parametrize(
    "changed",
    [
        replace(BASE, name="other"),
        make_snapshot(title="Another title"),
        make_snapshot(max_pairs_cap=7),
        replace(BASE, essays=BASE.essays[:2]),
        replace(BASE, essays=(Essay("a", "Edited."), *BASE.essays[1:])),
        replace(BASE, essays=(Essay("z", "First text."), *BASE.essays[1:])),
        replace(BASE, essays=(Essay("a", "First text.", "A"), *BASE.essays[1:])),
    ],
    ids=["name", "title", "cap", "essay gone", "essay edited", "essay renamed", "grade"],
)
def test_the_digest_sees_everything_that_was_read(changed: AssessmentSnapshot) -> None:
    assert changed.digest != BASE.digest


def test_equal_snapshots_have_equal_digests() -> None:
    assert make_snapshot().digest == BASE.digest


def test_an_essay_is_found_by_its_id() -> None:
    assert BASE.essay("b") == Essay("b", "Second text.", "B")
    with pytest.raises(KeyError):
        BASE.essay("nobody")
