"""The judging page over HTTP: what is shown, what is kept, what is refused."""

# ruff: noqa: D103 - the name of a test is its sentence

import re
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from cj_pipeline.engine.deciding import PairSet
from cj_pipeline.engine.people import assigned_pairs
from cj_pipeline.engine.plan import current_decisions
from cj_pipeline_tests.support.benches import Rig
from cj_pipeline_tests.support.folders import make_assessment, write_settings
from cj_pipeline_tests.support.judging import Reader, running_page


@pytest.fixture
def pairs(tmp_path: Path, rig: Rig) -> PairSet:
    """Six essays, a quarter of whose pairs people judge, with ties."""
    make_assessment(tmp_path, people_share=0.25, people_ties=True)
    return rig.plan()


@pytest.fixture
def reader(rig: Rig, pairs: PairSet) -> Iterator[Reader]:
    """A person who has opened the page as Anna."""
    with running_page(rig.engine, pairs) as url:
        person = Reader(url)
        person.open()
        person.send("/name", judge="  Anna\t Ek ")
        yield person


def test_the_page_shows_two_essays_and_nothing_else_about_them(reader: Reader, pairs: PairSet) -> None:
    texts = re.findall(r'<div class="text" lang="en">(.*?)</div>', reader.page, re.DOTALL)

    assert len(texts) == 2
    assert {text.splitlines()[0] for text in texts} <= {e.text.splitlines()[0] for e in pairs.snapshot.essays}
    assert "essay-0" not in reader.page
    assert "Keys: left arrow for A, right arrow for B, down arrow with Shift for equally good, Ctrl+Z" in reader.page
    assert "0 of 3 pairs judged by you" in reader.page


def test_decisions_reach_the_ledger_as_they_were_made(reader: Reader, rig: Rig, pairs: PairSet) -> None:
    for winner in ("first", "tie", "second"):
        rig.clock.advance(30)
        reader.send("/decide", winner=winner, time_ms="12345")

    kept = current_decisions(rig.engine, pairs.snapshot)
    assert [(d.judge, d.winner, d.time_ms) for d in kept] == [
        ("Anna Ek", "first", 12345),
        ("Anna Ek", "tie", 12345),
        ("Anna Ek", "second", 12345),
    ]
    assert sorted((d.first_id, d.second_id) for d in kept) == sorted(assigned_pairs(pairs))
    assert "Thank you, that was all" in reader.page


@pytest.mark.parametrize(("claimed", "kept_ms"), [("", 30_000), ("999999", 30_000), ("-5", 30_000), ("0", 0)])
def test_a_time_that_cannot_be_is_not_believed(
    reader: Reader, rig: Rig, pairs: PairSet, claimed: str, kept_ms: int
) -> None:
    rig.clock.advance(30)
    reader.send("/decide", winner="first", time_ms=claimed)

    assert [d.time_ms for d in current_decisions(rig.engine, pairs.snapshot)] == [kept_ms]


def test_undo_takes_back_the_last_decision_and_shows_the_pair_again(reader: Reader, rig: Rig, pairs: PairSet) -> None:
    before = re.findall(r'<div class="text".*?</div>', reader.page, re.DOTALL)
    reader.send("/decide", winner="first")
    assert "Your decision is saved" in reader.page
    reader.send("/undo")

    assert "taken back" in reader.page
    assert re.findall(r'<div class="text".*?</div>', reader.page, re.DOTALL) == before
    assert current_decisions(rig.engine, pairs.snapshot) == []
    reader.send("/undo")
    assert "no decision of yours" in reader.page


def test_a_form_that_is_sent_twice_counts_once(reader: Reader, rig: Rig, pairs: PairSet) -> None:
    page = reader.page
    reader.send("/decide", winner="first")
    reader.page = page
    reader.send("/decide", winner="second")

    assert "nothing was saved" in reader.page
    assert [d.winner for d in current_decisions(rig.engine, pairs.snapshot)] == ["first"]


@pytest.mark.parametrize("winner", ["", "third", "FIRST"])
def test_an_unknown_decision_is_no_decision(reader: Reader, rig: Rig, pairs: PairSet, winner: str) -> None:
    reader.send("/decide", winner=winner)

    assert "nothing was saved" in reader.page
    assert current_decisions(rig.engine, pairs.snapshot) == []


def test_two_people_start_with_different_pairs_and_each_judges_all(rig: Rig, pairs: PairSet) -> None:
    with running_page(rig.engine, pairs) as url:
        people = [Reader(url), Reader(url)]
        for person, name in zip(people, ("Anna", "Bo"), strict=True):
            person.open()
            person.send("/name", judge=name)
        for _ in range(3):
            for person in people:
                rig.clock.advance(1)  # decisions are told in the order of their times
                person.send("/decide", winner="first")

    assert all("that was all" in person.page for person in people)
    kept = current_decisions(rig.engine, pairs.snapshot)
    assert {d.judge: 3 for d in kept} == {"Anna": 3, "Bo": 3}
    assert kept[0].pair != kept[1].pair


def test_no_other_site_and_no_other_name_can_use_the_page(reader: Reader, rig: Rig, pairs: PairSet) -> None:
    with pytest.raises(urllib.error.HTTPError, match="403"):
        reader.send("/decide", winner="first", form_token="guessed")
    with pytest.raises(urllib.error.HTTPError, match="400"):
        reader.open(Host="judges.example")
    assert current_decisions(rig.engine, pairs.snapshot) == []
    reader.open()
    assert "default-src 'none'" in reader.headers["content-security-policy"]
    assert reader.headers["cache-control"] == "no-store"


def test_a_person_without_a_name_is_asked_for_it(rig: Rig, pairs: PairSet) -> None:
    with running_page(rig.engine, pairs) as url:
        person = Reader(url)
        assert "Your name or initials" in person.open()
        with pytest.raises(urllib.error.HTTPError, match="422"):
            person.send("/name", judge="   ")


def test_hostile_essays_cannot_change_the_page(rig: Rig, tmp_path: Path) -> None:
    folder = make_assessment(tmp_path, "hostile", n_essays=2, people_share=1.0)
    (folder / "essays" / "essay-01.txt").write_text("<script>alert(1)</script> </div> <h1>A wins</h1>", "utf-8")
    with running_page(rig.engine, rig.plan("hostile"), "Anna") as url:
        page = Reader(url).open()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_page_speaks_the_language_of_the_essays(rig: Rig, tmp_path: Path) -> None:
    make_assessment(tmp_path, "svenska", language="sv")
    with running_page(rig.engine, rig.plan("svenska"), "Anna") as url:
        assert "Vilken text är bäst?" in Reader(url).open()


def test_decisions_on_an_edited_essay_no_longer_count(reader: Reader, rig: Rig, pairs: PairSet, tmp_path: Path) -> None:
    reader.send("/decide", winner="first")
    [kept] = current_decisions(rig.engine, pairs.snapshot)
    (tmp_path / "assessments" / "small" / "essays" / f"{kept.first_id}.txt").write_text("Quite another text.", "utf-8")

    assert current_decisions(rig.engine, rig.plan().snapshot) == []


def test_a_tie_is_refused_where_ties_are_not_allowed(rig: Rig, tmp_path: Path, pairs: PairSet) -> None:
    write_settings(tmp_path / "assessments" / "small", people_share=0.25)
    del pairs
    with running_page(rig.engine, rig.plan(), "Anna") as url:
        person = Reader(url)
        assert "Equally good" not in person.open()
        person.send("/decide", winner="tie")

    assert "nothing was saved" in person.page
